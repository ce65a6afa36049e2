using System.Diagnostics;
using HeatUp.Channels;
using HeatUp.Simulation;
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
        using var source = Open(from);
        using var target = Open(to);
        Execute(target, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -64000");
        var schema = Read(source,
            "SELECT type, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%'");
        foreach (var table in schema.Where(row => (string)row[0] == "table")) Execute(target, (string)table[1]);
        var contents = Tables.Select(table => (Table: table, Rows: Read(source, $"SELECT * FROM {table}"))).ToList();
        var watch = Stopwatch.StartNew();
        foreach (var (table, rows) in contents) Insert(target, table, rows);
        foreach (var index in schema.Where(row => (string)row[0] == "index")) Execute(target, (string)index[1]);
        return (contents.Sum(content => (long)content.Rows.Count), watch.Elapsed);
    }

    private static void Insert(SqliteConnection target, string table, List<object[]> rows)
    {
        if (rows.Count == 0) return;
        using var insert = target.CreateCommand();
        var columns = Enumerable.Range(0, rows[0].Length).ToArray();
        insert.CommandText = $"INSERT INTO {table} VALUES ({string.Join(',', columns.Select(column => $"@{column}"))})";
        foreach (var column in columns) insert.Parameters.Add(new SqliteParameter { ParameterName = $"@{column}" });
        foreach (var part in rows.Chunk(RowsPerCommit))
        {
            using var transaction = target.BeginTransaction();
            insert.Transaction = transaction;
            foreach (var row in part)
            {
                foreach (var column in columns) insert.Parameters[column].Value = row[column];
                insert.ExecuteNonQuery();
            }
            transaction.Commit();
        }
    }

    private static List<object[]> Read(SqliteConnection from, string sql)
    {
        using var command = from.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<object[]>();
        while (reader.Read())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }
        return rows;
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
