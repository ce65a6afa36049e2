using System.Text;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;
using HeatUp.Sessions.Archive;
using HeatUp.Sessions.Sqlite;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using static HeatUp.Tests.Sessions.Remembered;

namespace HeatUp.Tests.Sessions.Sqlite;

/// <summary>A database of version 3, whose steps held each action again and their times as text.</summary>
public sealed class EarlierStepsTests : IDisposable
{
    private const int Runs = 3_000;

    // As version 3 made it.
    private const string Version3 = """
        CREATE TABLE steps_now AS SELECT * FROM steps;
        DROP TABLE steps;
        CREATE TABLE steps (
            run INTEGER NOT NULL REFERENCES runs (number),
            step INTEGER NOT NULL,
            action TEXT NOT NULL,
            outcome TEXT NOT NULL,
            error_code INTEGER,
            error_message TEXT,
            posts_read INTEGER NOT NULL,
            wait_until TEXT,
            started_at TEXT NOT NULL,
            ended_at TEXT NOT NULL,
            PRIMARY KEY (run, step)
        ) WITHOUT ROWID;
        INSERT INTO steps
        SELECT run, step, ifnull(action, replace(replace(plan -> (step - 1), '":', '": '), ',"', ', "')), outcome,
            error_code, error_message, posts_read,
            strftime('%Y-%m-%d %H:%M:%S', wait_until / 1000000, 'unixepoch') || printf('.%06d', wait_until % 1000000),
            strftime('%Y-%m-%d %H:%M:%S', steps_now.started_at / 1000000, 'unixepoch')
                || printf('.%06d', steps_now.started_at % 1000000),
            strftime('%Y-%m-%d %H:%M:%S', steps_now.ended_at / 1000000, 'unixepoch')
                || printf('.%06d', steps_now.ended_at % 1000000)
        FROM steps_now JOIN runs ON number = run;
        DROP TABLE steps_now;
        PRAGMA user_version = 3;
        """;

    private const string Many = """
        WITH RECURSIVE copies (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < 3000)
        INSERT INTO runs (run_id, session_id, sitting, planner, plan, tokens_in, tokens_out, tokens_cached, status,
            started_at, ended_at, owner)
        SELECT printf('%032x', n), 'many', n, planner, plan, 0, 0, 0, 'completed', started_at, started_at, 0
        FROM copies, (SELECT * FROM runs WHERE session_id = 'bob');
        INSERT INTO steps SELECT number, step, action, outcome, error_code, error_message, posts_read, wait_until,
            steps.started_at, steps.ended_at
        FROM runs, steps WHERE session_id = 'many' AND run = (SELECT number FROM runs WHERE session_id = 'bob');
        """;

    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Path => folder.File("sessions.db");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task ItIsBroughtToThisVersionAndAnswersTheSame()
    {
        var (archive, open) = await WriteAsync();
        Change(Version3);
        Ask("SELECT count(*) FROM steps WHERE started_at LIKE '2024-01-10 12:00:%.%' AND action LIKE '{\"action\": %'")
            .ShouldBe(["11"], "it is what version 3 had");

        await using var store = await OpenAsync();

        (await ExportAsync(store)).ShouldBe(archive);
        var taken = (await store.TakeOverAsync(Holding(), Cancellation)).ShouldHaveSingleItem();
        (taken.Run.Id, taken.Run.Steps.Count).ShouldBe((open, 1));
        (await store.RememberAsync(taken.Hold, Done(2, Read("@durov")))).ShouldBeTrue();
        Ask("SELECT count(*) FROM steps WHERE action IS NULL").ShouldBe(["8"], "all but what the plan didn't have");
        Ask("SELECT name FROM sqlite_schema WHERE name LIKE 'steps%'").ShouldBe(["steps"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task AnUpgradeThatWasKilledGoesOnWhereItWas(int slices)
    {
        await WriteAsync();
        Change(Version3);
        Change(Many);
        var all = long.Parse(Ask("SELECT count(*) FROM steps")[0], null);
        all.ShouldBeGreaterThan(2 * EarlierSteps.SliceSteps);
        Interrupted(slices);
        Should.Throw<StoreException>(() => SqliteHistoryFile.Open(Path)).Message.ShouldContain("'heat db init'");

        await (await OpenAsync()).DisposeAsync();

        Ask("SELECT count(*) FROM steps").ShouldBe([$"{all}"]);
        Ask("SELECT count(*) FROM steps JOIN runs ON number = run WHERE session_id = 'many' AND action IS NULL")
            .ShouldBe([$"{4 * Runs}"]);
        using var file = SqliteHistoryFile.Open(Path);
        file.RunsSince(Ever).Count().ShouldBe(Runs + 3);
    }

    [Fact]
    public async Task OneThatIsOnlyLookedAtIsReadAsItIs()
    {
        await WriteAsync();
        List<RunRecord> Runs()
        {
            using var file = SqliteHistoryFile.Open(Path);
            return [.. file.RunsSince(Ever)];
        }
        var runs = Runs();

        Change(Version3);

        Runs().SelectMany(run => run.Steps).ShouldBe(runs.SelectMany(run => run.Steps));
        Ask("PRAGMA user_version").ShouldBe(["3"]);
    }

    [Fact]
    public async Task ATimeThatIsNoneCostsItsRunAndNotTheUpgrade()
    {
        await WriteAsync();
        Change(Version3);
        Change("UPDATE steps SET ended_at = 'soon' WHERE step = 3");

        await using var store = await OpenAsync();

        var records = new List<ArchiveRecord>();
        await foreach (var record in store.ReadAllAsync(Cancellation)) records.Add(record);
        records.OfType<ArchiveRecord.Unreadable>().ShouldAllBe(odd => odd.Reason.Contains("'soon' is not a time"));
        records.OfType<ArchiveRecord.Unreadable>().Count().ShouldBe(2);
    }

    /// <summary>Writes something of everything; answers it as an archive, and the run that stays open.</summary>
    private async Task<(string Archive, RunId Open)> WriteAsync()
    {
        await using var store = await OpenAsync();
        PlannedAction[] plan = [Join("@durov", "quote \" \\ я 😀 \u0001"), Read("@durov"), Idle(), Join("@telegram")];
        await LiveAsync(store, Bob, plan, plan);
        // Whoever writes by hand may do what no plan says.
        await LiveAsync(store, SessionId.Parse("carol"), plan, [plan[1], plan[0], .. plan[2..]]);
        var run = Run(Alice, plan: PlanOf(plan));
        var hold = await store.BegunAsync(run);
        await store.RememberAsync(hold, Step(1, plan[0], new Outcome.Refused(new(400, "CHANNEL_PRIVATE"))));
        return (await ExportAsync(store), run.Id);
    }

    private static async Task LiveAsync(
        SqliteSessionStore store, SessionId session, PlannedAction[] plan, PlannedAction[] done)
    {
        var hold = await store.BegunAsync(Run(session, plan: PlanOf(plan)));
        for (var i = 0; i < done.Length; i++) await store.RememberAsync(hold, Done(i + 1, done[i], posts: i));
        await store.RememberAsync(hold, Step(5, Idle(), new Outcome.MustWait(Noon.AddHours(1), new(420, "FLOOD_WAIT_3600"))));
        await store.EndAsync(hold, RunEnd.Cancelled, Noon.AddHours(2));
    }

    /// <summary>Does what an upgrade does until it is killed after so many slices.</summary>
    private void Interrupted(int slices)
    {
        using var old = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path};Pooling=False");
        old.Open();
        SqliteSchema.MakeTables(old);
        for (var i = 0; i < slices; i++) EarlierSteps.MoveSlice(old);
        old.Execute($"PRAGMA user_version = {SqliteSchema.Version}");
    }

    private void Change(string sql)
    {
        using var database = new PythonDatabase(Path);
        database.Run(sql);
    }

    private IReadOnlyList<string> Ask(string sql)
    {
        using var database = new PythonDatabase(Path);
        return database.Read(sql);
    }

    private Task<SqliteSessionStore> OpenAsync() => SqliteSessionStore.OpenAsync(
        Path, TelegramMode.Sandbox, TimeProvider.System, NullLogger.Instance, Cancellation);

    private static async Task<string> ExportAsync(SqliteSessionStore store)
    {
        using var stream = new MemoryStream();
        await SessionArchive.ExportAsync(store, stream, Cancellation);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
