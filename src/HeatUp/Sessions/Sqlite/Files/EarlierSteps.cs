using Microsoft.Data.Sqlite;

namespace HeatUp.Sessions.Sqlite;

/// <summary>
/// The steps of a database up to version 3, which held every action again and their times as text. They are set aside
/// and moved in slices, before anything else is done with the database: a process that dies in between leaves the rest
/// to the next that opens it.
/// </summary>
internal static class EarlierSteps
{
    /// <summary>How many steps, about, are moved in one transaction.</summary>
    public const int SliceSteps = 5_000;

    /// <summary>Where they are set aside.</summary>
    public const string Table = "steps_of_version_3";

    private const string IsOld =
        "SELECT count(*) FROM pragma_table_info('steps') WHERE name = 'started_at' AND type = 'TEXT'";

    private const string HasTable = $"SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '{Table}'";

    private static readonly string LastOfSlice =
        $"SELECT max(run) FROM (SELECT run FROM {Table} ORDER BY run LIMIT {SliceSteps})";

    private static readonly string Copy = $"""
        INSERT INTO steps (
            run, step, action, outcome, error_code, error_message, posts_read, wait_until, started_at, ended_at)
        SELECT run, step,
            CASE WHEN json_valid(plan) AND json_valid(action) AND json(action) = plan -> (step - 1) THEN NULL
                ELSE action END,
            outcome, error_code, error_message, posts_read,
            {Micros("wait_until")}, {Micros("earlier.started_at")}, {Micros("earlier.ended_at")}
        FROM {Table} AS earlier JOIN runs ON runs.number = earlier.run WHERE run <= @last
        """;

    private const string Remove = $"DELETE FROM {Table} WHERE run <= @last";

    /// <summary>Puts them aside, in a transaction of the caller's, if the database has such.</summary>
    public static void SetAside(SqliteConnection connection, string newTable)
    {
        if ((long)connection.Scalar(IsOld)! == 0) return;
        connection.Execute($"ALTER TABLE steps RENAME TO {Table}");
        connection.Execute(newTable);
    }

    /// <summary>Moves those that are still set aside.</summary>
    public static void Move(SqliteConnection connection)
    {
        while ((long)connection.Scalar(HasTable)! != 0)
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            // Another process that has opened the database moves them too.
            if ((long)connection.Scalar(HasTable)! != 0) MoveSlice(connection);
            transaction.Commit();
            // So that the log doesn't become as large as the database.
            connection.Execute("PRAGMA wal_checkpoint(PASSIVE)");
        }
    }

    internal static void MoveSlice(SqliteConnection connection)
    {
        if (connection.Scalar(LastOfSlice) is not long last)
        {
            connection.Execute($"DROP TABLE {Table}");
            return;
        }
        foreach (var sql in (string[])[Copy, Remove])
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.Parameters.AddWithValue("@last", last);
            command.ExecuteNonQuery();
        }
    }

    // A time that somebody has changed by hand to something else stays as it is.
    private static string Micros(string time) => $"""
        coalesce(unixepoch(substr({time}, 1, 19)) * 1000000 + CAST(substr({time}, 21, 6) AS INTEGER), {time})
        """;
}
