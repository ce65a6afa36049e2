using System.Globalization;
using Heat.Background;
using Heat.Configuration;
using Heat;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;
using HeatUp.Sessions.Sqlite;
using HeatUp.Simulations;
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
    private string? notice;

    private static DateTimeOffset FirstDay => new(2024, 1, 9, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task OldRowsOfAServiceGo()
    {
        await MakeAsync("2020-01-01 00:00:00", "2024-01-09 00:00:00");

        (await FirstWordAsync()).ShouldBe("Retention: 1 actions older than 30 days removed");

        Rows().ShouldBe(1);
    }

    [Fact]
    public async Task AClockThatJumpedErasesNothingBeforeTheOwnerSaysThatItIsRight()
    {
        await MakeAsync("2023-12-01 00:00:00", "2024-01-09 00:00:00");
        await FirstWordAsync();
        var jumped = Some.Now.AddYears(5);

        (await FirstWordAsync(jumped)).ShouldBe(
            "Retention: The clock says 2029-01-10 12:34:56 UTC, 1827 days after what was remembered of it last, "
            + "2024-01-10 12:34:56 UTC. So that a wrong clock erases nothing, all history is kept until you say that it is "
            + "right: heat db cleanup --trust-clock");
        // What is done meanwhile makes the clock no better.
        Insert(jumped);
        (await FirstWordAsync(jumped.AddDays(1))).ShouldStartWith("Retention: The clock says 2029-01-11");
        Rows().ShouldBe(2);

        (await RemoveAsync(jumped, trustsClock: true)).ShouldBe(new Removal(1, null));
        (await RemoveAsync(jumped.AddDays(14))).ShouldBe(new Removal(0, null));
        (await RemoveAsync(jumped.AddDays(28))).ShouldBe(new Removal(0, null));
        (await RemoveAsync(jumped.AddDays(42))).ShouldBe(new Removal(1, null));
    }

    [Theory]
    [InlineData(30, 15, true)]
    [InlineData(30, 16, false)]
    [InlineData(1, 7, true)]
    [InlineData(1, 8, false)]
    [InlineData(365, 182, true)]
    [InlineData(365, 183, false)]
    public async Task AGapOfMoreThanHalfOfWhatIsKeptIsImplausible(int days, int gap, bool isPlausible)
    {
        await MakeAsync("2024-01-09 00:00:00");

        var removal = await RemoveAsync(FirstDay.AddDays(gap), days: days);

        (removal.Refusal is null).ShouldBe(isPlausible);
        Insert(FirstDay.AddDays(gap));
        (await RemoveAsync(FirstDay.AddDays(gap), days: days)).Refusal.ShouldBe(removal.Refusal);
    }

    [Fact]
    public async Task RowsAheadOfTheClockAreNamedAndHoldNothingBack()
    {
        await MakeAsync("2023-12-01 00:00:00", "2031-05-01 00:00:00", "2024-01-09 00:00:00", "2031-06-01 00:00:00");

        (await FirstWordAsync()).ShouldBe("Retention: 1 actions older than 30 days removed");

        notice.ShouldBe("The history's row 2 of 'a' lies ahead of the clock, at 2031-05-01 00:00:00 UTC, and 1 more do. "
            + "A wrong clock wrote that; sittings go by the clock of now.");
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
    private async Task<string> FirstWordAsync(DateTimeOffset? now = null)
    {
        var settings = Settings.Load(folder.Path, []) with { DatabasePath = folder.File("sessions.db") };
        var clock = new FakeTimeProvider(now ?? Some.Now);
        await using var store = await OpenAsync(clock);
        var log = new FirstWord();
        var history = new HistoryRetention(store, clock);
        using var retention = new Retention(store, history, settings, new Started(), clock, log);
        await retention.StartAsync(Cancellation);
        var word = await log.Said.WaitAsync(Cancellation);
        await retention.StopAsync(Cancellation);
        notice = history.Notice;
        return word;
    }

    private async Task<Removal> RemoveAsync(DateTimeOffset now, bool trustsClock = false, int days = 30)
    {
        var clock = new FakeTimeProvider(now);
        await using var store = await OpenAsync(clock);
        return await new HistoryRetention(store, clock).RemoveAsync(days, trustsClock, isAwaited: true, Cancellation);
    }

    private Task<SqliteSessionStore> OpenAsync(TimeProvider clock) => SqliteSessionStore.OpenAsync(
        folder.File("sessions.db"), null, clock, NullLogger.Instance, Cancellation);

    private async Task MakeAsync(params string[] times)
    {
        await using (await OpenAsync(TimeProvider.System)) { }
        foreach (var time in times) Insert(DateTimeOffset.Parse(time, styles: DateTimeStyles.AssumeUniversal));
    }

    private void Insert(DateTimeOffset time) => Run(
        $"INSERT INTO session_history (session_id, action_type, timestamp) VALUES ('a', 'idle', '{time:yyyy-MM-dd HH:mm:ss}')");

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
