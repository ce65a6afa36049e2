using System.Diagnostics;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Primitives;
using HeatUp.Runs;
using HeatUp.Sessions;
using HeatUp.Sessions.Postgres;
using HeatUp.Sessions.Sqlite;
using HeatUp.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace HeatUp.Benchmarks;

/// <summary>
/// What the history of a month says, of ten million actions, against reading the same rows by hand: the first time, and
/// again after something was remembered.
/// </summary>
internal static class AnalyticsBenchmark
{
    private const int Runs = 2_000_000;
    private const int StepsEach = 5;
    private const int Rounds = 3;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private const string Plan = """
        [{"action": "join_channel", "channel_username": "@channel_%1", "reason": "Something new in Technology."},
        {"action": "read_messages", "channel_username": "@channel_%1", "duration_seconds": 11, "reason": "A look."},
        {"action": "idle", "duration_seconds": 5, "reason": "A short break."},
        {"action": "read_messages", "channel_username": "@channel_%2", "duration_seconds": 8, "reason": "Catching up."},
        {"action": "read_messages", "channel_username": "@channel_%1", "duration_seconds": 9, "reason": "More of it."}]
        """;

    private const string Data =
        """{"action": "read_messages", "channel_username": "@channel_%1", "duration_seconds": 8}""";

    private const string History = "SELECT timestamp, session_id, action_type, action_data FROM session_history";

    private const string RunsAndSteps = """
        SELECT number, runs.started_at, planner, session_id, plan, status, step, outcome, steps.ended_at
        FROM runs LEFT JOIN steps ON steps.run = number ORDER BY number, step
        """;

    public static async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        Console.WriteLine($"  {Runs * StepsEach:N0} actions of {Runs:N0} sittings in 30 days");
        await SqliteAsync(folder.File("sessions.db"));
        using var ofServer = new TemporaryFolder();
        await using var server = await PostgresProcess.StartAsync(ofServer.Path, isDurable: false);
        await PostgresAsync(await server.NewDatabaseAsync("analytics"));
    }

    /// <summary>Makes a database of ten million actions.</summary>
    public static async Task FillAsync(string file)
    {
        await using (await OpenAsync(file)) { }
        using var connection = Sql.Open(file);
        // The store makes the indexes again: in order, and not row by row.
        connection.Execute("""
            PRAGMA synchronous = OFF;
            DROP INDEX session_history_by_session;
            DROP INDEX runs_by_start;
            """);
        const string at = "strftime('%Y-%m-%d %H:%M:%S', 1767225600 + n * 1.2, 'unixepoch') || '.000000'";
        connection.Execute($"""
            WITH RECURSIVE ns(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM ns WHERE n < {Runs})
            INSERT INTO runs (number, run_id, session_id, sitting, planner, plan, tokens_in, tokens_out, tokens_cached,
                status, started_at, ended_at, owner)
            SELECT n, printf('%032x', n), 'session_' || (n % 10000), 1 + n / 10000, 'builtin',
                {PlanOf("printf('%d', {0})")}, 0, 0, 0, 'completed', {at}, {at}, 1 FROM ns;
            WITH RECURSIVE ns(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM ns WHERE n < {Runs * StepsEach - 1})
            INSERT INTO steps (run, step, outcome, posts_read, started_at, ended_at)
            SELECT 1 + n / {StepsEach}, 1 + n % {StepsEach}, 'done', 3, 1767225600000000 + n * 240000,
                1767225600000000 + n * 240000 FROM ns;
            INSERT INTO session_history (session_id, action_type, action_data, timestamp)
            SELECT session_id, 'read_messages', replace('{Data}', '%1', number % 500), started_at
            FROM runs, (SELECT step FROM steps WHERE run = 1);
            UPDATE counters SET value = {Runs * StepsEach} WHERE name = 'history_seen';
            """);
        await using (await OpenAsync(file)) { }
    }

    private static async Task SqliteAsync(string file)
    {
        await FillAsync(file);
        using var connection = Sql.Open(file);
        await using var store = await OpenAsync(file);
        await CompareAsync("SQLite", store, () =>
        {
            foreach (var sql in new[] { History, RunsAndSteps })
            {
                using var command = connection.CreateCommand();
                command.CommandText = sql;
                using var rows = command.ExecuteReader();
                while (rows.Read())
                    for (var column = 0; column < rows.FieldCount; column++) rows.GetValue(column);
            }
            return Task.CompletedTask;
        });
    }

    private static Task<SqliteSessionStore> OpenAsync(string file) => SqliteSessionStore.OpenAsync(
        file, TelegramMode.Sandbox, TimeProvider.System, NullLogger.Instance);

    private static async Task PostgresAsync(PostgresAddress address)
    {
        await using var store = await PostgresSessionStore.OpenAsync(
            address, TelegramMode.Sandbox, TimeProvider.System);
        await using var source = NpgsqlDataSource.Create(address.ConnectionString);
        const string at = "'2026-01-01 00:00:00+00'::timestamptz + n * interval '1.2 seconds'";
        await using (var fill = source.CreateCommand($"""
            INSERT INTO runs (run_id, session_id, sitting, planner, plan, tokens_in, tokens_out, tokens_cached,
                status, started_at, ended_at, owner, epoch)
            SELECT lpad(to_hex(n), 32, '0'), 'session_' || (n % 10000), 1 + n / 10000, 'builtin',
                ({PlanOf("({0})::text")})::json, 0, 0, 0, 'completed', {at}, {at}, 1, 1
            FROM generate_series(1, {Runs}) AS n;
            INSERT INTO steps (run, step, outcome, posts_read, started_at, ended_at)
            SELECT number, step, 'done', 3, started_at, started_at FROM runs, generate_series(1, {StepsEach}) AS step;
            INSERT INTO session_history (session_id, action_type, action_data, timestamp)
            SELECT session_id, 'read_messages', replace('{Data}', '%1', (number % 500)::text)::json, started_at
            FROM runs, generate_series(1, {StepsEach});
            ANALYZE;
            """))
        {
            fill.CommandTimeout = 3_600;
            await fill.ExecuteNonQueryAsync();
        }
        await CompareAsync("PostgreSQL", store, async () =>
        {
            foreach (var sql in new[] { History, RunsAndSteps })
            {
                await using var command = source.CreateCommand(sql);
                await using var rows = await command.ExecuteReaderAsync();
                while (await rows.ReadAsync())
                    for (var column = 0; column < rows.FieldCount; column++) rows.GetValue(column);
            }
        });
    }

    private static async Task CompareAsync(string name, IInsights store, Func<Task> readByHand)
    {
        var question = AnalyticsQuestion.Of(30, Start.AddDays(30), TimeZoneInfo.Utc);
        var watch = Stopwatch.StartNew();
        await readByHand();
        var byHand = watch.Elapsed.TotalSeconds;
        var cold = await TimeAsync(question);
        Figures.Report($"{name}: analytics of all for the first time, to reading the same rows by hand",
            cold / byHand, "x", 1.5, atLeast: false);
        var again = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            await RememberAsync((ISessionStore)store, round);
            again.Add(await TimeAsync(question));
        }
        Figures.Report($"{name}: again, after a sitting",
            Figures.Median(again) / byHand, "x", 0.05, atLeast: false);
        var ofChannel = question with { Channel = ChannelName.Parse("@channel_7") };
        Figures.Note($"{name}: reading by hand", byHand, "s");
        Figures.Note($"{name}: analytics for the first time", cold, "s");
        Figures.Note($"{name}: again", Figures.Median(again), "s");
        Figures.Note($"{name}: of one channel for the first time", await TimeAsync(ofChannel), "s");
        Figures.Note($"{name}: again", await TimeAsync(ofChannel), "s");
        Figures.Note($"{name}: of one session",
            await TimeAsync(question with { Session = SessionId.Parse("session_7") }), "s");
        var page = Stopwatch.StartNew();
        await store.SessionsAsync(new("", null, SessionOrder.Newest, 0, 50), default);
        Figures.Note($"{name}: the newest 50 of 10,000 sessions", page.Elapsed.TotalSeconds, "s");

        async Task<double> TimeAsync(AnalyticsQuestion asked)
        {
            var time = Stopwatch.StartNew();
            var figures = await store.AnalyseAsync(asked, ChannelPool.VerifiedOnly, default);
            if (asked.IsOfAll && figures.Done < (long)Runs * StepsEach * 0.9)
                throw new InvalidOperationException($"{figures.Done} were counted.");
            return time.Elapsed.TotalSeconds;
        }
    }

    private static async Task RememberAsync(ISessionStore store, int round)
    {
        var session = SessionId.Parse($"somebody_{round}");
        var at = Start.AddDays(30).AddMinutes(-30);
        var action = new ReadMessages(ChannelName.Parse("@channel_1"), TimeSpan.FromSeconds(9), "A look.");
        var run = new RunRecord(RunId.For(new Seed(1), session, 1, at), session, 1,
            new Plan([action], PlanOrigin.Builtin), at, [], null, null);
        var begun = await store.BeginAsync(run, default);
        await store.RememberAsync(begun.Hold, new Step(1, action, Outcome.Done.Plain, at, at.AddSeconds(9)));
        await store.EndAsync(begun.Hold, RunEnd.Completed, at.AddSeconds(10));
    }

    private static string PlanOf(string text) => $"replace(replace('{Plan}', '%1', "
        + $"{text.Replace("{0}", "n % 500")}), '%2', {text.Replace("{0}", "n % 499")})";
}
