using Microsoft.Data.Sqlite;

namespace HeatUp.Sessions.Sqlite;

/// <summary>
/// What the database keeps beside its rows for those who count them: how often the rows of each hour of UTC have
/// changed. Triggers keep it, so that it follows every row, whoever writes or removes it. And the days on which a
/// session did something whose rows were cleaned up.
/// </summary>
internal static class SqliteHourMarks
{
    public const string Table = "history_hours";

    private const int TriggerCount = 9;

    /// <summary>Marks the hour of a step, a time in microseconds since 1970.</summary>
    public static readonly string MarkStep = Mark(HourOf("?1"));

    // The ids tell where an hour's rows of the history lie: there is no index by time. A step that was done has a row
    // of the history in the same hour, which marks it.
    private static readonly string Statements = $"""
        CREATE TABLE {Table} (
            hour TEXT NOT NULL PRIMARY KEY,
            changes INTEGER NOT NULL,
            first_id INTEGER,
            last_id INTEGER
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS session_days (
            session_id TEXT NOT NULL,
            day TEXT NOT NULL,
            PRIMARY KEY (session_id, day)
        ) WITHOUT ROWID;
        INSERT INTO {Table}
        SELECT substr(timestamp, 1, 13), 1, id, id FROM session_history WHERE {IsTime("timestamp")} ORDER BY id
        ON CONFLICT DO UPDATE SET last_id = excluded.last_id;
        -- Who follows what outlives the history: the first day of which it tells more, and where all is gone the last.
        INSERT OR IGNORE INTO session_days
        SELECT session_id, substr(min(joined_at), 1, 10) FROM memberships WHERE joined_at >= '1971'
        GROUP BY session_id HAVING min(joined_at) < ifnull({FirstOf("memberships")}, ':');
        INSERT OR IGNORE INTO session_days
        SELECT session_id, substr(max(last_read_at), 1, 10) FROM memberships WHERE last_read_at >= '1971'
        GROUP BY session_id HAVING {FirstOf("memberships")} IS NULL;
        {Trigger("insert_history", "INSERT ON session_history", IsTime("new.timestamp"), MarkNewRow)}
        {Trigger("delete_history", "DELETE ON session_history", IsTime("old.timestamp"), MarkOldRow)}
        {Trigger("update_history_old", "UPDATE ON session_history", IsTime("old.timestamp"), MarkOldRow)}
        {Trigger("update_history_new", "UPDATE ON session_history", IsTime("new.timestamp"), MarkNewRow)}
        {Trigger("insert_run", "INSERT ON runs", "1", Mark("substr(new.started_at, 1, 13)"))}
        {Trigger("update_run", "UPDATE ON runs", "1", Mark("substr(new.started_at, 1, 13)"))}
        {Trigger("delete_run", "DELETE ON runs", "1", Mark("substr(old.started_at, 1, 13)"))}
        {Trigger("insert_step", "INSERT ON steps", "new.outcome <> 'done'", Mark(HourOf("new.ended_at")))}
        {Trigger("delete_step", "DELETE ON steps", "1", Mark(HourOf("old.ended_at")))}
        """;

    /// <summary>Makes it for a database that has rows already: goes through the history once.</summary>
    public static void Make(SqliteConnection connection) => connection.Execute(Statements);

    /// <summary>Whether all is there: another program may have made the table of the history anew.</summary>
    public static bool AreWhole(SqliteConnection connection) =>
        connection.Column("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'mark\\_%' ESCAPE '\\'")
            .Count == TriggerCount;

    /// <summary>Takes the marks away again, before a bulk load goes on or before they are made anew.</summary>
    public static void Drop(SqliteConnection connection)
    {
        foreach (var trigger in connection.Column("SELECT name FROM sqlite_schema WHERE type = 'trigger'"))
            if (trigger.StartsWith("mark_", StringComparison.Ordinal)) connection.Execute($"DROP TRIGGER {trigger}");
        connection.Execute($"DROP TABLE IF EXISTS {Table}");
    }

    private static string Trigger(string name, string when, string condition, string what) =>
        $"CREATE TRIGGER mark_{name} AFTER {when} WHEN {condition} BEGIN {what}; END;";

    private static string FirstOf(string table) =>
        $"(SELECT min(timestamp) FROM session_history WHERE session_id = {table}.session_id)";

    // What is no time, or has another form, is brought into ours by an update when the row is first looked at.
    private static string IsTime(string column) => $"{column} GLOB '????-??-?? ??:*'";

    // A time that is none has no hour.
    private static string HourOf(string micros) =>
        $"ifnull(strftime('%Y-%m-%d %H', {micros} / 1000000, 'unixepoch'), '')";

    private static string MarkOldRow => Mark("substr(old.timestamp, 1, 13)");

    private static string Mark(string hour) =>
        $"INSERT INTO {Table} (hour, changes) VALUES ({hour}, 1) ON CONFLICT DO UPDATE SET changes = changes + 1";

    private const string MarkNewRow = $"""
        INSERT INTO {Table} VALUES (substr(new.timestamp, 1, 13), 1, new.id, new.id)
        ON CONFLICT DO UPDATE SET changes = changes + 1,
            first_id = min(ifnull(first_id, excluded.first_id), excluded.first_id),
            last_id = max(ifnull(last_id, excluded.last_id), excluded.last_id)
        """;
}
