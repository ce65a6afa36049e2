using HeatUp.Runs;
using HeatUp.Sessions;
using HeatUp.Sessions.Postgres;
using Npgsql;
using static HeatUp.Tests.Sessions.Remembered;

namespace HeatUp.Tests.Sessions.Postgres;

/// <summary>Connections break and PostgreSQL restarts: what was told as done is there, and nothing is there twice.</summary>
public sealed class PostgresOutageTests : IAsyncDisposable
{
    private const int Sessions = 30;
    private const int Steps = 7;
    private const int BreaksMax = 60;

    private readonly PostgresServer server = new();
    private PostgresSessionStore? store;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (store is not null) await store.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task NothingIsLostNorDoubledWhenConnectionsBreakAtAnyMoment()
    {
        var address = await OpenAsync();
        const string breakAll = """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
            """;

        var living = LiveAsync();
        for (var i = 0; i < BreaksMax && !living.IsCompleted; i++) await PostgresServer.RunAsync(address, breakAll);
        await living;

        await CheckAsync();
    }

    [Fact]
    public async Task AWriteWhoseAnswerIsLostIsDoneOnceWhicheverAnswerThatIs()
    {
        var direct = await OpenAsync();
        using var proxy = new CuttingProxy(new NpgsqlConnectionStringBuilder(direct.ConnectionString).Port);
        PostgresAddress.TryParse(PostgresServer.UrlOf(direct, proxy.Port), out var address, out _).ShouldBeTrue();
        await using var cut = await PostgresSessionStore.OpenAsync(
            address!, TelegramMode.Sandbox, TimeProvider.System, cancellation: Cancellation);

        var sessions = 0;
        do
        {
            proxy.CutAtAnswer(++sessions);
            await cut.SitAsync(Session(sessions), 1, Noon, Join("@durov"), Idle());
        }
        while (proxy.HasCut);

        sessions.ShouldBeGreaterThan(6, "begin, two steps and an end have several answers");
        for (var number = 1; number <= sessions; number++)
        {
            var past = await store!.RecallAsync(Session(number), Cancellation);
            (past.Sittings, past.TotalActions, past.Joined.Count).ShouldBe((1, 2, 1));
        }
    }

    [Fact]
    public async Task ARestartOfPostgresIsWaitedFor()
    {
        await OpenAsync();

        var living = LiveAsync();
        await server.RestartAsync();
        await living;

        await CheckAsync();
        (await store!.TroubleAsync(Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task AStoreThatIsClosedWhilePostgresIsAwayTellsEveryStepThatItFailed()
    {
        await OpenAsync();
        var runs = new List<Hold>();
        for (var number = 0; number < Sessions; number++)
            runs.Add(await store!.BegunAsync(Run(Session(number))));
        await server.StopAsync();
        var writing = runs.ConvertAll(hold => store!.RememberAsync(hold, Done(1, Join("@durov"))).AsTask());

        var closing = store!.DisposeAsync().AsTask();

        // Long before the half minute that each would wait for a restart.
        await closing.WaitAsync(PostgresDatabase.RetryFor / 2, Cancellation);
        foreach (var write in writing) await Should.ThrowAsync<StoreException>(write);
        store = null;
    }

    private async Task<PostgresAddress> OpenAsync()
    {
        var address = await server.NewDatabaseAsync();
        store = await PostgresSessionStore.OpenAsync(address, TelegramMode.Sandbox, TimeProvider.System, cancellation: Cancellation);
        return address;
    }

    private static SessionId Session(int number) => SessionId.Parse($"s{number}");

    private Task<BegunRun[]> LiveAsync() => Task.WhenAll(Enumerable.Range(0, Sessions).Select(number =>
        store!.SitAsync(Session(number), 1, Noon, [Join("@durov"), .. Enumerable.Repeat(Idle(), Steps - 1)])));

    private async Task CheckAsync()
    {
        for (var number = 0; number < Sessions; number++)
        {
            var past = await store!.RecallAsync(Session(number), Cancellation);
            (past.Sittings, past.TotalActions, past.Joined.Count).ShouldBe((1, Steps, 1));
        }
        (await store!.TakeOverAsync(Holding(), Cancellation)).ShouldBeEmpty("every run has its end");
    }
}
