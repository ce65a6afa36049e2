using Heat.Background;
using Heat.Configuration;
using Heat;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions.Sqlite;
using HeatUp.Simulation;
using HeatUp.Tests.Plans;
using HeatUp.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.Heat;

public sealed class RetentionTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task OldRowsOfAServiceGo()
    {
        await using (var store = await SqliteSessionStore.OpenAsync(
            folder.File("sessions.db"), TelegramMode.Sandbox, TimeProvider.System,
            NullLogger<SqliteSessionStore>.Instance, Cancellation)) { }
        Run("INSERT INTO session_history (session_id, action_type, timestamp) VALUES ('a', 'idle', '2020-01-01 00:00:00')");

        (await FirstWordAsync()).ShouldBe("Retention: 1 actions older than 30 days removed");

        Rows().ShouldBe(0);
    }

    [Fact]
    public async Task ASimulationsHistoryStaysWhateverItsDaysAre()
    {
        var scenario = new Scenario { Sessions = 5, Days = 2, Start = Some.Now.AddYears(-3) };
        using (var run = new SimulationRun(scenario, ChannelPool.VerifiedOnly, null, 1, folder.File("sessions.db")))
            run.Run(_ => { }, Cancellation);
        var before = Rows();

        (await FirstWordAsync()).ShouldBe("Retention: nothing is removed, since the database is a simulation's history");

        before.ShouldBeGreaterThan(0);
        Rows().ShouldBe(before);
    }

    /// <summary>What the service says of its first round of retention.</summary>
    private async Task<string> FirstWordAsync()
    {
        var settings = Settings.Load(folder.Path, []) with { DatabasePath = folder.File("sessions.db") };
        var clock = new FakeTimeProvider(Some.Now);
        await using var store = await SqliteSessionStore.OpenAsync(
            settings.DatabasePath, null, clock, NullLogger.Instance, Cancellation);
        var log = new FirstWord();
        using var retention = new Retention(store, settings, new Started(), clock, log);
        await retention.StartAsync(Cancellation);
        var word = await log.Said.WaitAsync(Cancellation);
        await retention.StopAsync(Cancellation);
        return word;
    }

    private long Rows() => (long)Run("SELECT count(*) FROM session_history")!;

    private object? Run(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={folder.File("sessions.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private sealed class FirstWord : ILogger<Retention>
    {
        private readonly TaskCompletionSource<string> said = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Said => said.Task;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            said.TrySetResult(formatter(state, exception));
    }

    private sealed class Started : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted { get; } = new(canceled: true);

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication() => throw new NotSupportedException();
    }
}
