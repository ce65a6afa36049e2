using HeatUp.Channels;
using HeatUp.Runs;
using HeatUp.Sessions.Sqlite;
using HeatUp.Sessions;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using static HeatUp.Tests.Sessions.Remembered;

namespace HeatUp.Tests.Sessions.Sqlite;

public sealed class PythonDatabaseTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Path => folder.File("sessions.db");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task TheTableAndItsRowsAreThoseOfThePythonService()
    {
        await using (var store = await OpenAsync())
            await store.LiveAsync(Alice, 1, Noon, Join("@durov", "новости 😀 \"x\"\n\u007f"), Read("@durov"), Idle());

        using var python = new PythonDatabase(Path);
        python.Read("SELECT sql FROM sqlite_schema WHERE name = 'session_history'").ShouldBe([PythonDatabase.Table]);
        python.Read("SELECT action_data FROM session_history ORDER BY id").ShouldBe(
        [
            """{"action": "join_channel", "channel_username": "@durov", "reason": "\u043d\u043e\u0432\u043e\u0441\u0442\u0438 \ud83d\ude00 \"x\"\n\u007f"}""",
            """{"action": "read_messages", "channel_username": "@durov", "duration_seconds": 8, "reason": "news"}""",
            """{"action": "idle", "duration_seconds": 5, "reason": "tea"}""",
        ]);
        python.Read("SELECT typeof(action_data) || typeof(timestamp) || timestamp FROM session_history ORDER BY id LIMIT 1")
            .ShouldBe(["texttext2024-01-10 12:00:01.000000"]);
    }

    [Theory]
    [InlineData(TelegramMode.Sandbox, TelegramMode.Live)]
    [InlineData(TelegramMode.Live, TelegramMode.Sandbox)]
    public async Task ADatabaseOfThePythonServiceIsTakenByWhicheverTelegramComesFirst(TelegramMode first, TelegramMode second)
    {
        using (var python = new PythonDatabase(Path))
            python.Add("bob", "join_channel", """{"channel_username": "@durov"}""", "2024-01-10 12:00:00");
        await using (await OpenAsync(second)) { }
        using (var python = new PythonDatabase(Path))
            python.Read("SELECT name FROM sqlite_schema WHERE name = 'telegram'").ShouldBeEmpty();

        await using var store = await OpenAsync(first);
        await store.LiveAsync(Alice, 1, Noon, Idle());

        await Should.ThrowAsync<StoreException>(() => OpenAsync(second));
        using var after = new PythonDatabase(Path);
        after.Read("SELECT sql FROM sqlite_schema WHERE name = 'session_history'").ShouldBe([PythonDatabase.Table]);
    }

    [Fact]
    public async Task ThePythonServiceMayGoOnWithOurFile()
    {
        await using (var store = await OpenAsync()) await store.LiveAsync(Alice, 1, Noon, Idle());
        using (var python = new PythonDatabase(Path)) python.Add("alice", "idle", "{}", "2024-01-10 13:00:00");

        await using var again = await OpenAsync();

        (await again.TypedHistoryAsync(Alice)).History.Select(action => action.Id).ShouldBe([2, 1]);
    }

    [Fact]
    public async Task AnIndexOfThePythonServiceStaysBesideOurs()
    {
        using (var python = new PythonDatabase(Path))
            python.Run("CREATE INDEX idx_whatever ON session_history(session_id, timestamp)");
        await using (await OpenAsync()) { }

        using var after = new PythonDatabase(Path);
        after.Read("SELECT name FROM pragma_index_list('session_history') WHERE partial = 0")
            .ShouldBe(["idx_whatever", "session_history_by_session"], ignoreOrder: true);
    }

    [Fact]
    public async Task TimesWithAndWithoutFractionKeepTheirOrder()
    {
        using (var python = new PythonDatabase(Path))
            python.Add("alice", "idle", "{}", "2024-01-10 12:00:00.000001")
                .Add("alice", "idle", "{}", "2024-01-10 12:00:00")
                .Add("alice", "idle", "{}", "2024-01-10 11:59:59.999999")
                .Add("alice", "idle", "{}", "2024-01-10 12:00:00.000000");
        await using var store = await OpenAsync();

        (await store.TypedHistoryAsync(Alice)).History.Select(action => action.Id).ShouldBe([1, 4, 2, 3]);
        (await store.TypedHistoryAsync(Alice, Noon)).History.Select(action => action.Id).ShouldBe([1, 4, 2]);
        (await store.CleanUpAsync(Noon, isAwaited: true, Cancellation)).ShouldBe(1);
    }

    [Fact]
    public async Task MembershipsAreReadFromPythonsJoins()
    {
        using (var python = new PythonDatabase(Path))
            python.Add("alice", "join_channel", """{"channel_username": "durov"}""", "2024-01-10 12:00:00")
                .Add("alice", "join_channel", """{"channel_username": "@Durov"}""", "2024-01-10 11:00:00")
                .Add("alice", "read_messages", """{"channel_username": "@durov"}""", "2024-01-10 13:00:00")
                .Add("alice", "join_channel", """{"channel_username": "https://t.me/+AbCdEf"}""", "2024-01-10 14:00:00")
                .Add("alice", "join_channel", """{"channel_username": 123}""", "2024-01-10 14:00:00")
                .Add("alice", "join_channel", "[1, 2]", "2024-01-10 14:00:00")
                .Add("alice", "join_channel", "{\"channel_username\": \"@cut", "2024-01-10 14:00:00")
                .Add("alice", "join_channel", null, "2024-01-10 14:00:00")
                .Add("alice", "join_channel", """{"channel_username": "@telegram"}""", "some day");
        await using var store = await OpenAsync();

        var past = await store.RecallAsync(Alice, Cancellation);

        past.Joined.ShouldBe(
        [
            new(ChannelName.Parse("@durov"), Noon.AddHours(-1), Noon.AddHours(1)),
            new(ChannelName.Parse("@telegram"), DateTimeOffset.UnixEpoch, null),
        ]);
        past.TotalActions.ShouldBe(9);
        (await store.TypedHistoryAsync(Alice)).Summary.JoinedChannels.ShouldBe(["@durov", "@telegram"]);
    }

    [Fact]
    public async Task RowsThatPythonAddsMeanwhileAreSeen()
    {
        await using var store = await OpenAsync();
        using var python = new PythonDatabase(Path);
        var run = await store.LiveAsync(Alice, 1, Noon, Join("@durov"));
        python.Add("alice", "join_channel", """{"channel_username": "@telegram"}""", "2024-01-10 12:30:00");
        (await store.RecallAsync(Alice, Cancellation)).Joined.Count.ShouldBe(2);

        python.Add("alice", "join_channel", """{"channel_username": "@bbcnews"}""", "2024-01-10 12:40:00");
        await store.RememberAsync(run.Hold, Done(2, Join("@nytimes")));

        (await store.RecallAsync(Alice, Cancellation)).Joined.Count.ShouldBe(4);
    }

    [Fact]
    public async Task RowsThatPythonAddsBeforeAForgettingAreSeenHoweverManyGo()
    {
        await using var store = await OpenAsync();
        using var python = new PythonDatabase(Path);
        for (var i = 0; i < 50; i++)
            python.Add("bob", "join_channel", $$"""{"channel_username": "@gone{{i:00}}"}""", "2024-01-10 12:00:00");
        (await store.RecallAsync(Bob, Cancellation)).Joined.Count.ShouldBe(50);
        for (var i = 0; i < 40; i++)
            python.Add("alice", "join_channel", $$"""{"channel_username": "@channel{{i:00}}"}""", "2024-01-10 12:30:00");

        (await store.ForgetAsync(Bob, Cancellation)).Kind.ShouldBe(ForgettingKind.Forgotten);
        python.Add("alice", "join_channel", """{"channel_username": "@telegram"}""", "2024-01-10 12:40:00");

        (await store.RecallAsync(Alice, Cancellation)).Joined.Count.ShouldBe(41);
        (await store.RecallAsync(Bob, Cancellation)).Joined.ShouldBeEmpty();
    }

    public static TheoryData<object?, string> OddData() => new()
    {
        { null, "null" },
        { "", "\"\"" },
        { "not json", "\"not json\"" },
        { "{\"a\": 1", "\"{\\u0022a\\u0022: 1\"" },
        { "{\"a\": NaN}", "\"{\\u0022a\\u0022: NaN}\"" },
        { "{\"a\": Infinity, \"b\": 1}", "\"{\\u0022a\\u0022: Infinity, \\u0022b\\u0022: 1}\"" },
        { "null", "null" },
        { "[1, {\"a\": [ ]}, \"\\u044f\\ud83d\\ude00\"]", "[1,{\"a\":[]},\"я😀\"]" },
        { "{\"a\": {\"b\": {}}, \"c\": 1.50e+3}", "{\"a\":{\"b\":{}},\"c\":1.50e+3}" },
        { "{\"a\": \"\\ud800\"}", "{\"a\":\"\uFFFD\"}" },
        { "{\"a\": \"\\u0000\\u001f\\\"\\/\\\\\"}", "{\"a\":\"\\u0000\\u001f\\u0022/\\\\\"}" },
        { "{\"a\": 01}", "\"{\\u0022a\\u0022: 01}\"" },
        { "{\"a\": 1} x", "\"{\\u0022a\\u0022: 1} x\"" },
        { "{\"a\": \"\\uzz41\"}", "\"{\\u0022a\\u0022: \\u0022\\\\uzz41\\u0022}\"" },
        { "{\"a\": \"\\u004z\"}", "\"{\\u0022a\\u0022: \\u0022\\\\u004z\\u0022}\"" },
        { "{\"a\": \"\\uD83D\\uDE00\\u00E9\"}", "{\"a\":\"😀é\"}" },
        { 12345, "12345" },
        { "\u0001\u2028", "\"\\u0001\u2028\"" },
        { new byte[] { 0xFF, (byte)'x', 0xC3 }, "\"\uFFFDx\uFFFD\"" },
        { Array.Empty<byte>(), "\"\"" },
    };

    [Theory]
    [MemberData(nameof(OddData))]
    public async Task OddDataHidesNoRow(object? data, string expected)
    {
        using (var python = new PythonDatabase(Path))
            python.Add("alice", "idle", "{}", "2024-01-10 12:00:00").Add("alice", "join_channel", data, "2024-01-10 12:00:01")
                .Add("alice", "idle", "{}", "2024-01-10 12:00:02");
        await using var store = await OpenAsync();

        (await store.TypedHistoryAsync(Alice)).History.Count.ShouldBe(3);
        var answer = await store.HistoryAsync(Alice);
        answer.ShouldContain($"\"action_data\":{expected.Replace("\\u0022", "\\\"")},\"timestamp\":\"2024-01-10T12:00:01");
        (await store.RecallAsync(Alice, Cancellation)).TotalActions.ShouldBe(3);
    }

    public static TheoryData<object?, string> OddTimes() => new()
    {
        { null, "null" },
        { "yesterday", "\"yesterday\"" },
        { "", "\"\"" },
        { 1704888000, "\"1704888000\"" },
        { 17.5, "\"17.5\"" },
        { "12/31/2023", "\"12/31/2023\"" },
        { "2024-13-45 12:00:00", "\"2024-13-45 12:00:00\"" },
        { "2024-01-10T11:00:00", "\"2024-01-10T11:00:00.000000Z\"" },
        { "2024-01-10T11:00:00.5Z", "\"2024-01-10T11:00:00.500000Z\"" },
        { "2024-01-10 14:00:00+03:00", "\"2024-01-10T11:00:00.000000Z\"" },
        { "2024-01-10 11:00:00.123", "\"2024-01-10T11:00:00.123000Z\"" },
        { new byte[] { 0xFF, 0xFE }, "\"\uFFFD\uFFFD\"" },
    };

    [Theory]
    [MemberData(nameof(OddTimes))]
    public async Task AnOddTimeHidesNoRow(object? timestamp, string expected)
    {
        using (var python = new PythonDatabase(Path))
            python.Add("alice", "idle", "{}", "2024-01-10 12:00:00").Add("alice", "idle", "{}", timestamp)
                .Add("alice", "idle", "{}", "2024-01-10 10:00:00");
        await using var store = await OpenAsync();

        var history = await store.TypedHistoryAsync(Alice, Noon.AddDays(-1));

        history.History.Select(action => action.Id).Order().ShouldBe([1, 2, 3]);
        (await store.HistoryAsync(Alice)).ShouldContain($"\"action_data\":{{}},\"timestamp\":{expected}");
        history.Summary.LastActivity.ShouldBe(Noon);
        history.History.Select(action => action.Id)
            .ShouldBe(StoredTime.TryRead(System.Text.Encoding.UTF8.GetBytes(expected.Trim('"')), out _) ? [1, 2, 3] : [1, 3, 2]);
        (await store.RecallAsync(Alice, Cancellation)).TotalActions.ShouldBe(3);
    }

    [Fact]
    public async Task RowsWhoseTimeHasAnotherZoneAreToldWhereTheyBelong()
    {
        using (var python = new PythonDatabase(Path))
            python.Add("alice", "idle", "{}", "2024-01-10 08:00:00-05:00").Add("alice", "idle", "{}", "2024-01-10T11:00:00Z")
                .Add("alice", "idle", "{}", "2024-01-10 12:30:00");
        await using var store = await OpenAsync();

        (await store.TypedHistoryAsync(Alice)).History.Select(action => action.Id).ShouldBe([1, 3, 2]);
        (await store.TypedHistoryAsync(Alice, Noon)).History.Select(action => action.Id).ShouldBe([1, 3]);
        await foreach (var session in store.ActiveSessionsAsync(Noon, Cancellation))
            session.ShouldBe(new SessionActivity("alice", 2, Noon.AddHours(1)));
        (await store.CleanUpAsync(Noon, isAwaited: true, Cancellation)).ShouldBe(1);
    }

    [Fact]
    public async Task TheTimesOfAnEarlierVersionsDatabaseAreBroughtIntoOneFormOnceAndNothingElseOfItIs()
    {
        await using (await OpenAsync()) { }
        using (var python = new PythonDatabase(Path))
        {
            foreach (var row in OddTimes()) python.Add("alice", "idle", """{ "a":NaN}""", row.Data.Item1);
            python.Add("alice", "join_channel", """{"channel_username": "@durov"}""", "2024-01-10T11:00:00Z");
            // As version 2 left it: all looked at, the times as they were.
            python.Run("CREATE INDEX session_history_odd_times ON session_history (session_id) WHERE timestamp IS NULL");
            python.Run("UPDATE counters SET value = (SELECT max(id) FROM session_history) WHERE name = 'history_seen'");
            python.Run("PRAGMA user_version = 2");
        }
        var answers = new List<string>();
        var texts = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            await using var store = await OpenAsync();
            answers.Add(await store.HistoryAsync(Alice));
            using var python = new PythonDatabase(Path);
            texts.Add(string.Join("\n", python.Read("SELECT ifnull(timestamp, 'NULL') || action_data FROM session_history")));
            python.Read("SELECT name FROM sqlite_schema WHERE name = 'session_history_odd_times'").ShouldBeEmpty();
        }

        texts[1].ShouldBe(texts[0]);
        answers[1].ShouldBe(answers[0]);
        texts[0].ShouldContain("""2024-01-10 11:00:00.500000{ "a":NaN}""");
        texts[0].ShouldContain("""? yesterday{ "a":NaN}""");
        texts[0].ShouldNotContain("NULL");
        answers[0].ShouldContain("\"timestamp\":\"yesterday\"");
    }

    [Fact]
    public async Task SessionsWithNamesThatWeWouldRefuseAreShownAndExported()
    {
        using (var python = new PythonDatabase(Path))
            python.Add(" ", "idle", "{}", "2024-01-10 12:00:00").Add("a/b", "idle", "{}", "2024-01-10 12:00:00")
                .Add(new string('x', 10_000), "idle", "{}", "2024-01-10 12:00:00").Add("🦊", "idle", "{}", "2024-01-10 12:00:00");
        await using var store = await OpenAsync();

        var active = new List<string>();
        await foreach (var session in store.ActiveSessionsAsync(Ever, Cancellation)) active.Add(session.Session);
        active.ShouldBe([" ", "a/b", new string('x', 10_000), "🦊"]);
        using var archive = new MemoryStream();
        (await HeatUp.Sessions.Archive.SessionArchive.ExportAsync(store, archive, Cancellation)).Written.ShouldBe(4);
    }

    [Fact]
    public async Task AnArchiveOfOddRowsChangesNothingWhereItCameFromAndCarriesThemAll()
    {
        using (var python = new PythonDatabase(Path))
        {
            foreach (var row in OddData()) python.Add("alice", "idle", row.Data.Item1, "2024-01-10 12:00:00");
            foreach (var row in OddTimes()) python.Add("bob", "idle", "{}", row.Data.Item1);
        }
        using var archive = new MemoryStream();
        await using (var store = await OpenAsync())
        {
            await HeatUp.Sessions.Archive.SessionArchive.ExportAsync(store, archive, Cancellation);
            archive.Position = 0;
            (await HeatUp.Sessions.Archive.SessionArchive.ImportAsync(store, archive, TimeProvider.System, Cancellation)).Added.ShouldBe(0);
        }
        await using var other = await SqliteSessionStore.OpenAsync(
            folder.File("other.db"), TelegramMode.Sandbox, TimeProvider.System, NullLogger.Instance, Cancellation);
        archive.Position = 0;

        var report = await HeatUp.Sessions.Archive.SessionArchive.ImportAsync(other, archive, TimeProvider.System, Cancellation);

        report.Refused.ShouldBeEmpty();
        (await other.TypedHistoryAsync(Alice)).History.Count.ShouldBe(OddData().Count);
        (await other.TypedHistoryAsync(Bob)).History.Count.ShouldBe(OddTimes().Count);
    }

    private Task<SqliteSessionStore> OpenAsync(TelegramMode telegram = TelegramMode.Sandbox) =>
        SqliteSessionStore.OpenAsync(Path, telegram, TimeProvider.System, NullLogger.Instance, Cancellation);
}
