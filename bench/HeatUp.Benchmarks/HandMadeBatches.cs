using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace HeatUp.Benchmarks;

/// <summary>
/// The limit that remembering is measured against: the very rows that the store has written, copied in hand-made
/// batches into an equal database, table by table alike.
/// </summary>
internal static class HandMadeBatches
{
    /// <summary>Copies them; returns how many steps a second.</summary>
    public static double Copy(string source, string target, int batchRows)
    {
        // The runs that the steps belong to are not copied: no keys.
        using var connection = new SqliteConnection($"Data Source={target};Pooling=False;Foreign Keys=False");
        connection.Open();
        Execute(connection, $"ATTACH '{source}' AS source");
        Execute(connection, "PRAGMA journal_mode=WAL");
        Execute(connection, "PRAGMA synchronous=FULL");
        foreach (var statement in Schema(connection)) Execute(connection, statement);
        var history = Rows(connection, "SELECT * FROM source.session_history ORDER BY rowid");
        var steps = Rows(connection, "SELECT * FROM source.steps");
        using var insertHistory = Insert(connection, "session_history", history[0].Length);
        using var insertStep = Insert(connection, "steps", steps[0].Length);
        var watch = Stopwatch.StartNew();
        for (var start = 0; start < history.Count; start += batchRows)
        {
            using var transaction = connection.BeginTransaction();
            insertHistory.Transaction = insertStep.Transaction = transaction;
            for (var i = start; i < Math.Min(start + batchRows, history.Count); i++)
            {
                Run(insertHistory, history[i]);
                Run(insertStep, steps[i]);
            }
            transaction.Commit();
        }
        return history.Count / watch.Elapsed.TotalSeconds;
    }

    private static List<string> Schema(SqliteConnection connection) =>
        [.. Rows(connection,
            """
            SELECT sql FROM source.sqlite_master
            WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND tbl_name IN ('session_history', 'steps')
            """).Select(row => (string)row[0])];

    private static List<object[]> Rows(SqliteConnection connection, string query)
    {
        using var command = connection.CreateCommand();
        command.CommandText = query;
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

    private static SqliteCommand Insert(SqliteConnection connection, string table, int columns)
    {
        var names = Enumerable.Range(0, columns).Select(i => $"$p{i}").ToList();
        var command = connection.CreateCommand();
        command.CommandText = $"INSERT INTO main.{table} VALUES ({string.Join(", ", names)})";
        foreach (var name in names) command.Parameters.AddWithValue(name, null);
        command.Prepare();
        return command;
    }

    private static void Run(SqliteCommand insert, object[] row)
    {
        for (var i = 0; i < row.Length; i++) insert.Parameters[i].Value = row[i];
        insert.ExecuteNonQuery();
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
