using HeatUp.Channels;
using HeatUp.Runs;
using HeatUp.Sessions;
using HeatUp.Sessions.Sqlite;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using static HeatUp.Tests.Sessions.Remembered;

namespace HeatUp.Tests.Sessions.Sqlite;

/// <summary>What people are told, over SQLite.</summary>
public sealed class SqliteInsightsTests : InsightsContract, IDisposable
{
    private readonly TempFolder folder = new();
    private int databases;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task RowsThatThePythonServiceWritesAndRemovesAreFollowed()
    {
        var path = folder.File("shared.db");
        await using var store = await OpenAsync(path);
        await store.SitAsync(Alice, 1, Noon, Join("@durov"), Read("@durov"));
        (await DoneAsync(store)).ShouldBe(2);

        using (var python = new PythonDatabase(path))
        {
            foreach (var time in (string[])["2024-01-10 12:30:00", "2024-01-10T12:45:00Z", "long ago", ""])
                python.Run($"""
                    INSERT INTO session_history (session_id, action_type, action_data, timestamp)
                    VALUES ('python', 'idle', null, '{time}')
                    """);
            (await DoneAsync(store)).ShouldBe(4, "two of the four have a time");

            python.Run("UPDATE session_history SET timestamp = '2024-01-11 08:00:00' WHERE timestamp LIKE '%long ago'");
            (await DoneAsync(store)).ShouldBe(5);
            python.Run("DELETE FROM session_history WHERE session_id = 'python'");
            (await DoneAsync(store)).ShouldBe(2);
        }
    }

    [Fact]
    public async Task ADatabaseOfBeforeIsGoneThroughOnce()
    {
        var path = folder.File("earlier.db");
        await using (var store = await OpenAsync(path)) await store.SitAsync(Alice, 1, Noon, Join("@durov"), Read("@durov"));
        using (var earlier = new PythonDatabase(path))
        {
            foreach (var name in earlier.Read("SELECT name FROM sqlite_schema WHERE type = 'trigger'")) earlier.Run($"DROP TRIGGER {name}");
            earlier.Run("DROP TABLE history_hours; DROP TABLE session_days");
        }

        await using var again = await OpenAsync(path);
        await again.SitAsync(Bob, 1, Noon.AddMinutes(3), Join("@durov"), Idle());

        (await DoneAsync(again)).ShouldBe(4);
        // The hour in which the question ends is looked for by the ids that were found in it.
        (await DoneAsync(again, Noon.AddMinutes(4))).ShouldBe(4);
    }

    [Fact]
    public async Task ATableThatAnotherProgramMakesAnewIsCountedAnew()
    {
        var path = folder.File("anew.db");
        await using (var store = await OpenAsync(path)) await store.SitAsync(Alice, 1, Noon, Join("@durov"), Read("@durov"));
        using (var other = new PythonDatabase(path))
            other.Run("ALTER TABLE session_history RENAME TO earlier").Run(PythonDatabase.Table)
                .Run("INSERT INTO session_history SELECT * FROM earlier").Run("DROP TABLE earlier")
                .Add("python", "idle", null, "2024-01-10 09:00:00");

        await using var again = await OpenAsync(path);

        (await DoneAsync(again)).ShouldBe(3);
    }

    [Fact]
    public async Task OfAForgottenSessionNoDayStays()
    {
        var path = folder.File("forgotten.db");
        await using var store = await OpenAsync(path);
        using var python = new PythonDatabase(path);
        for (var row = 0; row < ForgetWrites.RowsAtOnce + 100; row++)
            python.Add("alice", "idle", null, Noon.AddDays(-40).AddMinutes(row).ToString("yyyy-MM-dd HH:mm:ss", null));
        await store.CleanUpAsync(Noon.AddDays(-40).AddMinutes(30), isAwaited: true, Cancellation);
        python.Read("SELECT day FROM session_days WHERE session_id = 'alice'").ShouldBe(["2023-12-01"]);

        (await store.ForgetAsync(Alice, Cancellation)).Kind.ShouldBe(ForgettingKind.Forgotten);
        await store.CleanUpAsync(Noon, isAwaited: true, Cancellation);

        python.Read("SELECT day FROM session_days").ShouldBeEmpty();
        python.Read("SELECT session_id FROM session_history").ShouldBeEmpty();
    }

    [Fact]
    public void ACountThatIsBegunAgainCountsNothingTwice()
    {
        var question = AnalyticsQuestion.Of(1, Noon.AddMinutes(30), TimeZoneInfo.Utc);
        var work = new AnalyticsWork(question, [], new NameTable(), Cancellation);
        for (var attempt = 0; attempt < 2; attempt++)
            foreach (var pass in work.Passes(new Dictionary<long, long>()))
                pass.AddAction(StoredTime.Micros(Noon.AddMinutes(10)), "alice"u8, "idle"u8, "{}"u8);

        work.Sum().Result(ChannelPool.VerifiedOnly, []).Done.ShouldBe(1);
    }

    private static async Task<long> DoneAsync(ISessionStore store, DateTimeOffset? now = null) =>
        (await ((IInsights)store).AnalyseAsync(
            AnalyticsQuestion.Of(3, now ?? Noon.AddDays(1), TimeZoneInfo.Utc), ChannelPool.VerifiedOnly, Cancellation)).Done;

    protected override Task<ISessionStore> OpenAsync() => OpenAsync(folder.File($"{++databases}.db"));

    private static async Task<ISessionStore> OpenAsync(string path) => await SqliteSessionStore.OpenAsync(
        path, TelegramMode.Sandbox, TimeProvider.System, NullLogger.Instance, Cancellation);
}
