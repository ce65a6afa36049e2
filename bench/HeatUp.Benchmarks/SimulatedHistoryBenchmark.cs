using System.Diagnostics;
using HeatUp.Channels;
using HeatUp.Simulations;
using Microsoft.Data.Sqlite;

namespace HeatUp.Benchmarks;

internal static class SimulatedHistoryBenchmark
{
    private const int RowsPerCommit = 100_000;
    private const int Rounds = 3;

    private static readonly string[] Tables = ["session_history", "runs", "steps", "memberships", "sittings"];

    public static Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        var pool = SimulateBenchmark.Pool();
        var scenario = new Scenario { Sessions = 10_000, Days = 20, Seed = new Seed(7) };
        Live(scenario with { Days = 2 }, pool, folder.File("warm.db")); // Everything is compiled.
        var ratios = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var simulated = folder.File($"simulated{round}.db");
            var (took, actions) = Live(scenario, pool, simulated);
            var (rows, byHand) = InsertByHand(simulated, folder.File($"by-hand{round}.db"));
            ratios.Add(byHand.TotalSeconds / took.TotalSeconds);
            Figures.Note("rows a second, lived and written, indexes included", rows / took.TotalSeconds, "/s");
            Figures.Note("the same rows inserted by hand, indexes included", rows / byHand.TotalSeconds, "/s");
            Figures.Note("actions a second", actions / took.TotalSeconds, "/s");
            Figures.Note("bytes an action", new FileInfo(simulated).Length / (double)actions, "");
        }
        Figures.Report("simulated to hand-made, rows a second", Figures.Median(ratios), "x", 0.8, atLeast: true);
        return Task.CompletedTask;
    }

    private static (TimeSpan Took, long Actions) Live(Scenario scenario, ChannelPool pool, string database)
    {
        var watch = Stopwatch.StartNew();
        using var run = new SimulationRun(scenario, pool, null, Environment.ProcessorCount, database);
        var end = run.Run(_ => { }, CancellationToken.None);
        return (watch.Elapsed, end.Actions);
    }

    /// <summary>The rows of all tables, as fast as prepared statements in large transactions take them.</summary>
    private static (long Rows, TimeSpan Took) InsertByHand(string from, string to)
    {
        using var source = Sql.Open(from);
        using var target = Sql.Open(to);
        target.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -64000");
        var schema = source.Rows(
            "SELECT type, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%'");
        foreach (var table in schema.Where(row => (string)row[0] == "table")) target.Execute((string)table[1]);
        var contents = Tables.Select(table => (Table: table, Rows: source.Rows($"SELECT * FROM {table}"))).ToList();
        var watch = Stopwatch.StartNew();
        foreach (var (table, rows) in contents) Insert(target, table, rows);
        foreach (var index in schema.Where(row => (string)row[0] == "index")) target.Execute((string)index[1]);
        return (contents.Sum(content => (long)content.Rows.Count), watch.Elapsed);
    }

    private static void Insert(SqliteConnection target, string table, List<object[]> rows)
    {
        if (rows.Count == 0) return;
        using var insert = target.Insert(table, rows[0].Length);
        foreach (var part in rows.Chunk(RowsPerCommit))
        {
            using var transaction = target.BeginTransaction();
            insert.Transaction = transaction;
            foreach (var row in part) insert.Run(row);
            transaction.Commit();
        }
    }
}
