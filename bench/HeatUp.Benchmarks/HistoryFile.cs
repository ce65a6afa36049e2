using System.Globalization;
using Microsoft.Data.Sqlite;

namespace HeatUp.Benchmarks;

/// <summary>A database of the Python service: its one table, sittings of all sessions in turn.</summary>
internal static class HistoryFile
{
    private const string Schema =
        """
        PRAGMA journal_mode=WAL;
        PRAGMA synchronous=OFF;
        CREATE TABLE session_history (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            session_id TEXT NOT NULL,
            action_type TEXT NOT NULL,
            action_data TEXT,
            timestamp DATETIME DEFAULT CURRENT_TIMESTAMP
        );
        CREATE INDEX idx_session_timestamp ON session_history(session_id, timestamp);
        """;

    /// <summary>Makes one.</summary>
    /// <param name="path">Where.</param>
    /// <param name="sessions">How many sessions.</param>
    /// <param name="rows">How many rows each has.</param>
    /// <param name="age">How old the n-th row of a session is.</param>
    /// <param name="sitting">How many rows of a session come one after the other; 1 is the worst to read.</param>
    public static void Make(string path, int sessions, int rows, Func<int, TimeSpan> age, int sitting = 1)
    {
        using var connection = Sql.Open(path);
        connection.Execute(Schema);
        using var transaction = connection.BeginTransaction();
        using var insert = connection.CreateCommand();
        insert.CommandText =
            "INSERT INTO session_history (session_id, action_type, action_data, timestamp) VALUES ($s, $t, $d, $at)";
        var (session, type, data, at) = (Parameter("$s"), Parameter("$t"), Parameter("$d"), Parameter("$at"));
        var now = DateTime.UtcNow;
        for (var first = 0; first < rows; first += sitting)
            for (var s = 0; s < sessions; s++)
            {
                session.Value = SessionName(s);
                for (var row = first; row < Math.Min(first + sitting, rows); row++) Insert(row);
            }
        transaction.Commit();
        connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");

        void Insert(int row)
        {
            (type.Value, data.Value) = Action(row);
            at.Value = (now - age(row)).ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
            insert.ExecuteNonQuery();
        }

        SqliteParameter Parameter(string name) => insert.Parameters.Add(name, SqliteType.Text);
    }

    public static string SessionName(long number) => $"session_{number:D6}";

    private static (string Type, string Data) Action(int row) => (row % 5) switch
    {
        0 => ("join_channel",
            $$"""{"action": "join_channel", "channel_username": "@channel_{{row % 400}}","""
            + """ "reason": "Interesting posts"}"""),
        4 => ("idle", """{"action": "idle", "duration_seconds": 7, "reason": "A short break"}"""),
        _ => ("read_messages",
            $$"""{"action": "read_messages", "channel_username": "@channel_{{row % 400}}","""
            + """ "duration_seconds": 12, "reason": "\u041d\u043e\u0432\u043e\u0441\u0442\u0438"}"""),
    };
}
