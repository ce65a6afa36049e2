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
        using var connection = Sql.Open(target, "Foreign Keys=False");
        connection.Execute($"ATTACH '{source}' AS source");
        connection.Execute("PRAGMA journal_mode=WAL");
        connection.Execute("PRAGMA synchronous=FULL");
        foreach (var statement in Schema(connection)) connection.Execute(statement);
        var history = connection.Rows("SELECT * FROM source.session_history ORDER BY rowid");
        var steps = connection.Rows("SELECT * FROM source.steps");
        using var insertHistory = connection.Insert("session_history", history[0].Length);
        using var insertStep = connection.Insert("steps", steps[0].Length);
        var watch = Stopwatch.StartNew();
        for (var start = 0; start < history.Count; start += batchRows)
        {
            using var transaction = connection.BeginTransaction();
            insertHistory.Transaction = insertStep.Transaction = transaction;
            for (var i = start; i < Math.Min(start + batchRows, history.Count); i++)
            {
                insertHistory.Run(history[i]);
                insertStep.Run(steps[i]);
            }
            transaction.Commit();
        }
        return history.Count / watch.Elapsed.TotalSeconds;
    }

    private static List<string> Schema(SqliteConnection connection) =>
        [.. connection.Rows(
            """
            SELECT sql FROM source.sqlite_master
            WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
                AND tbl_name IN ('session_history', 'steps', 'history_hours')
            """).Select(row => (string)row[0])];
}
