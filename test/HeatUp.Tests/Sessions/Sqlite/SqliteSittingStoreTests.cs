using HeatUp.Runs;
using HeatUp.Sessions.Sqlite;
using HeatUp.Sessions;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace HeatUp.Tests.Sessions.Sqlite;

/// <summary>The path's contract over SQLite; each store is a process with an owner's file of its own.</summary>
public sealed class SqliteSittingStoreTests : SittingStoreContract, IAsyncDisposable
{
    private readonly TempFolder folder = new();
    private readonly List<SqliteSessionStore> opened = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var store in opened) await store.DisposeAsync();
        folder.Dispose();
    }

    protected override async Task<ISittingStore> StartAsync()
    {
        var store = await SqliteSessionStore.OpenAsync(
            folder.File("sessions.db"), TelegramMode.Sandbox, TimeProvider.System, NullLogger.Instance, Cancellation);
        opened.Add(store);
        return store;
    }

    protected override Task KillAsync(ISittingStore process) => ((SqliteSessionStore)process).DisposeAsync().AsTask();

    /// <summary>What a file system does that forgets a lock, or an operator that tidies up.</summary>
    protected override Task PutToSleepAsync(ISittingStore process)
    {
        foreach (var file in Directory.GetFiles(folder.Path, "*-owner-*")) File.Delete(file);
        return Task.CompletedTask;
    }
}
