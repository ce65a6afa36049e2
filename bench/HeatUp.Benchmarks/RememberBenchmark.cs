using System.Diagnostics;
using System.Globalization;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;
using HeatUp.Sessions.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace HeatUp.Benchmarks;

internal static class RememberBenchmark
{
    private const int Sittings = 1_000;
    private const int StepsEach = 50;
    private const int Rounds = 5;
    private const int BatchRows = 1_000;

    public static async Task RunAsync()
    {
        var (ratios, rates, handRates) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = -1; round < Rounds; round++)
        {
            using var folder = new TemporaryFolder();
            var rate = await AppendAsync(folder.File("store.db"));
            var handRate = ByHand(folder.File("store.db"), folder.File("hand.db"));
            if (round < 0) continue;
            rates.Add(rate);
            handRates.Add(handRate);
            ratios.Add(rate / handRate);
        }
        Console.WriteLine($"  {Sittings:N0} sittings at once, {StepsEach} steps each, each durable before the next; median of {Rounds} rounds in turn");
        Figures.Report($"steps a second, as a share of batches of {BatchRows:N0} by hand", Figures.Median(ratios), "x", 0.6, atLeast: true);
        Figures.Note("steps a second", Figures.Median(rates), "");
        Figures.Note("steps a second by hand: the same rows, synced at each commit", Figures.Median(handRates), "");
    }

    private static async Task<double> AppendAsync(string path)
    {
        await using var store = await SqliteSessionStore.OpenAsync(path, TimeProvider.System, NullLogger<SqliteSessionStore>.Instance);
        var now = TimeProvider.System.GetUtcNow();
        var runs = await Task.WhenAll(Enumerable.Range(0, Sittings).Select(async number =>
        {
            var session = SessionId.Parse(HistoryFile.SessionName(number));
            var past = Recollection.OfNobody(session);
            var plan = await new BuiltinPlanner(new Seed(1)).PlanAsync(new PlanRequest(past, ChannelPool.VerifiedOnly, now), default);
            var run = new RunRecord(RunId.For(new Seed(1), session, 1, now), session, 1, plan, now, [], null, null);
            await store.BeginAsync(run, default);
            return run;
        }));
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(runs.Select(run => Task.Run(async () =>
        {
            for (var number = 1; number <= StepsEach; number++)
            {
                var action = new ReadMessages(ChannelName.Parse("@durov"), TimeSpan.FromSeconds(8), "New posts in a channel it follows");
                var at = now.AddSeconds(10 * number);
                await store.RememberAsync(run.Id, run.Session, new Step(number, action, new Outcome.Done(3), at, at.AddSeconds(8)));
            }
        })));
        return Sittings * StepsEach / watch.Elapsed.TotalSeconds;
    }

    /// <summary>
    /// Copies the very rows that the store has written, table by table alike, in hand-made batches into an equal
    /// database.
    /// </summary>
    private static double ByHand(string source, string target)
    {
        using var connection = new SqliteConnection($"Data Source={target};Pooling=False");
        connection.Open();
        Execute($"ATTACH '{source}' AS source");
        Execute("PRAGMA journal_mode=WAL");
        Execute("PRAGMA synchronous=FULL");
        foreach (var statement in Schema(connection)) Execute(statement);
        var history = Rows("session_history");
        var steps = Rows("steps");
        using var insertHistory = Insert("session_history", history[0].Length);
        using var insertStep = Insert("steps", steps[0].Length);
        var watch = Stopwatch.StartNew();
        for (var start = 0; start < history.Count; start += BatchRows)
        {
            using var transaction = connection.BeginTransaction();
            for (var i = start; i < Math.Min(start + BatchRows, history.Count); i++)
            {
                Run(insertHistory, history[i]);
                Run(insertStep, steps[i]);
            }
            transaction.Commit();
        }
        return history.Count / watch.Elapsed.TotalSeconds;

        void Execute(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }

        List<object[]> Rows(string table)
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM source.{table} ORDER BY rowid";
            if (table == "steps") command.CommandText = $"SELECT * FROM source.{table}";
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

        SqliteCommand Insert(string table, int columns)
        {
            var command = connection.CreateCommand();
            command.CommandText = string.Create(CultureInfo.InvariantCulture,
                $"INSERT INTO main.{table} VALUES ({string.Join(", ", Enumerable.Range(0, columns).Select(i => $"$p{i}"))})");
            for (var i = 0; i < columns; i++) command.Parameters.AddWithValue($"$p{i}", null);
            command.Prepare();
            return command;
        }
    }

    private static List<string> Schema(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT sql FROM source.sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND tbl_name IN ('session_history', 'steps')";
        using var reader = command.ExecuteReader();
        var statements = new List<string>();
        while (reader.Read()) statements.Add(reader.GetString(0));
        return statements;
    }

    private static void Run(SqliteCommand insert, object[] row)
    {
        for (var i = 0; i < row.Length; i++) insert.Parameters[i].Value = row[i];
        insert.ExecuteNonQuery();
    }
}
