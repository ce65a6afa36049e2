using System.Diagnostics;
using HeatUp.Channels;
using HeatUp.Runs;
using HeatUp.Sessions;
using HeatUp.Sessions.Postgres;
using HeatUp.Sessions.Sqlite;
using HeatUp.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace HeatUp.Benchmarks;

/// <summary>What the history of a month says, of a million actions, against reading the same rows by hand.</summary>
internal static class AnalyticsBenchmark
{
    private const int Runs = 200_000;
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

    private static async Task SqliteAsync(string file)
    {
        await using var store = await SqliteSessionStore.OpenAsync(
            file, TelegramMode.Sandbox, TimeProvider.System, NullLogger.Instance);
        using var connection = Sql.Open(file);
        const string at = "strftime('%Y-%m-%d %H:%M:%S', 1767225600 + n * 12, 'unixepoch') || '.000000'";
        connection.Execute($"""
            WITH RECURSIVE ns(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM ns WHERE n < {Runs})
            INSERT INTO runs (number, run_id, session_id, sitting, planner, plan, tokens_in, tokens_out, tokens_cached,
                status, started_at, ended_at, owner)
            SELECT n, printf('%032x', n), 'session_' || (n % 10000), 1 + n / 10000, 'builtin',
                {PlanOf("printf('%d', {0})")}, 0, 0, 0, 'completed', {at}, {at}, 1 FROM ns;
            WITH RECURSIVE ns(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM ns WHERE n < {Runs * StepsEach - 1})
            INSERT INTO steps (run, step, outcome, posts_read, started_at, ended_at)
            SELECT 1 + n / {StepsEach}, 1 + n % {StepsEach}, 'done', 3, 1767225600000000 + n * 2400000,
                1767225600000000 + n * 2400000 FROM ns;
            INSERT INTO session_history (session_id, action_type, action_data, timestamp)
            SELECT session_id, 'read_messages', replace('{Data}', '%1', number % 500), started_at
            FROM runs, (SELECT step FROM steps WHERE run = 1);
            UPDATE counters SET value = {Runs * StepsEach} WHERE name = 'history_seen';
            ANALYZE;
            """);
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

    private static async Task PostgresAsync(PostgresAddress address)
    {
        await using var store = await PostgresSessionStore.OpenAsync(
            address, TelegramMode.Sandbox, TimeProvider.System);
        await using var source = NpgsqlDataSource.Create(address.ConnectionString);
        const string at = "'2026-01-01 00:00:00+00'::timestamptz + n * interval '12 seconds'";
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
            fill.CommandTimeout = 600;
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
        var (times, byHand) = (new List<double>(), new List<double>());
        for (var round = -1; round < Rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            var figures = await store.AnalyseAsync(question, ChannelPool.VerifiedOnly, default);
            var time = watch.Elapsed.TotalSeconds;
            if (figures.Done < Runs * StepsEach * 0.9)
                throw new InvalidOperationException($"{figures.Done} were counted.");
            watch.Restart();
            await readByHand();
            if (round < 0) continue;
            times.Add(time);
            byHand.Add(watch.Elapsed.TotalSeconds);
        }
        Figures.Report($"{name}: analytics of all, to reading the same rows by hand",
            Figures.Median(times.Zip(byHand, (one, other) => one / other)), "x", 1.5, atLeast: false);
        Figures.Note($"{name}: analytics of all", Figures.Median(times), "s");
        var page = Stopwatch.StartNew();
        await store.SessionsAsync(new("", null, SessionOrder.Newest, 0, 50), default);
        Figures.Note($"{name}: the newest 50 of 10,000 sessions", page.Elapsed.TotalSeconds, "s");
    }

    private static string PlanOf(string text) => $"replace(replace('{Plan}', '%1', "
        + $"{text.Replace("{0}", "n % 500")}), '%2', {text.Replace("{0}", "n % 499")})";
}
