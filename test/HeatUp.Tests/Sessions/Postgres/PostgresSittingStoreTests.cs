using HeatUp.Runs;
using HeatUp.Sessions;
using HeatUp.Sessions.Postgres;

namespace HeatUp.Tests.Sessions.Postgres;

/// <summary>The path's contract over PostgreSQL; each store is a process that is an owner of its own.</summary>
public sealed class PostgresSittingStoreTests(PostgresServer server) : SittingStoreContract, IAsyncDisposable
{
    private readonly List<PostgresSessionStore> opened = [];
    private PostgresAddress? address;

    public async ValueTask DisposeAsync()
    {
        foreach (var store in opened) await store.DisposeAsync();
    }

    protected override async Task<ISittingStore> StartAsync()
    {
        var store = await PostgresSessionStore.OpenAsync(
            address ??= await server.NewDatabaseAsync(), TelegramMode.Sandbox, TimeProvider.System, cancellation: Cancellation);
        opened.Add(store);
        return store;
    }

    protected override Task KillAsync(ISittingStore process) => PutToSleepAsync(process);

    /// <summary>What decides who is gone says so of this one.</summary>
    protected override Task PutToSleepAsync(ISittingStore process) => PostgresServer.RunAsync(address!,
        $"UPDATE owners SET gone_at = now() WHERE number = {((PostgresSessionStore)process).Owner}");
}
