using Microsoft.Data.Sqlite;

namespace HeatUp.Sessions.Sqlite;

/// <summary>The tables: that of the Python service, unchanged, and our own beside it.</summary>
internal static class SqliteSchema
{
    /// <summary>
    /// The version of the tables that this program writes, kept in <c>user_version</c>. The Python service leaves it
    /// at 0.
    /// </summary>
    public const int Version = 4;

    private const int NormalizedSince = 3;

    private static readonly string[] HistoryColumns = ["id", "session_id", "action_type", "action_data", "timestamp"];

    private const string History = """
        CREATE TABLE session_history (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            session_id TEXT NOT NULL,
            action_type TEXT NOT NULL,
            action_data TEXT,
            timestamp DATETIME DEFAULT CURRENT_TIMESTAMP
        )
        """;

    // It holds all that an answer shows: a session's rows, which lie far apart in the table, are neighbours here.
    private const string HistoryIndex = """
        CREATE INDEX IF NOT EXISTS session_history_by_session
        ON session_history (session_id, timestamp, action_type, action_data)
        """;

    private const string RunIndexes = """
        CREATE UNIQUE INDEX IF NOT EXISTS runs_by_id ON runs (run_id);
        CREATE UNIQUE INDEX IF NOT EXISTS runs_one_open ON runs (session_id) WHERE ended_at IS NULL;
        CREATE INDEX IF NOT EXISTS runs_by_session ON runs (session_id);
        CREATE INDEX IF NOT EXISTS runs_by_start ON runs (started_at);
        """;

    // A step's action is that of the run's plan at its place, unless it says otherwise. Times are microseconds since
    // 1970.
    private const string Steps = """
        CREATE TABLE steps (
            run INTEGER NOT NULL REFERENCES runs (number),
            step INTEGER NOT NULL,
            action TEXT,
            outcome TEXT NOT NULL,
            error_code INTEGER,
            error_message TEXT,
            posts_read INTEGER NOT NULL,
            wait_until INTEGER,
            started_at INTEGER NOT NULL,
            ended_at INTEGER NOT NULL,
            PRIMARY KEY (run, step)
        ) WITHOUT ROWID;
        """;

    private static readonly string Beside = $"""
        CREATE TABLE runs (
            number INTEGER PRIMARY KEY,
            run_id TEXT NOT NULL,
            session_id TEXT NOT NULL,
            sitting INTEGER NOT NULL,
            planner TEXT NOT NULL,
            fallback_reason TEXT,
            plan TEXT NOT NULL,
            tokens_in INTEGER NOT NULL,
            tokens_out INTEGER NOT NULL,
            tokens_cached INTEGER NOT NULL,
            status TEXT NOT NULL,
            end_code TEXT,
            end_detail TEXT,
            started_at TEXT NOT NULL,
            ended_at TEXT,
            owner INTEGER NOT NULL,
            epoch INTEGER NOT NULL DEFAULT {RunRows.FirstEpoch}
        );
        {Steps}
        CREATE TABLE memberships (
            session_id TEXT NOT NULL,
            channel TEXT NOT NULL COLLATE NOCASE,
            joined_at TEXT NOT NULL,
            last_read_at TEXT,
            PRIMARY KEY (session_id, channel)
        ) WITHOUT ROWID;
        CREATE TABLE sittings (
            session_id TEXT NOT NULL PRIMARY KEY,
            begun INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE counters (
            name TEXT NOT NULL PRIMARY KEY,
            value INTEGER NOT NULL
        ) WITHOUT ROWID;
        INSERT INTO counters VALUES ('history_seen', 0), ('owners', 0);
        """;

    // What language-model calls cost, by the day of UTC. It came later and changes nothing else, so that it needs no
    // version of its own. The newest day begins with what its runs say.
    private const string TokensByDay = """
        CREATE TABLE IF NOT EXISTS llm_usage (
            day TEXT NOT NULL PRIMARY KEY,
            input INTEGER NOT NULL,
            output INTEGER NOT NULL,
            cached INTEGER NOT NULL
        ) WITHOUT ROWID;
        INSERT INTO llm_usage
        SELECT substr(started_at, 1, 10), sum(tokens_in), sum(tokens_out), sum(tokens_cached) FROM runs
        WHERE started_at >= (SELECT substr(max(started_at), 1, 10) FROM runs)
        GROUP BY 1 HAVING sum(tokens_in + tokens_out) > 0;
        """;

    /// <summary>Refuses what it must not touch, before anything of the file is changed.</summary>
    /// <exception cref="StoreException">The file belongs to a newer version or to another program.</exception>
    public static void CheckOwn(SqliteConnection connection, string path) => Check(connection, path);

    /// <summary>Makes what is missing, all or nothing.</summary>
    /// <exception cref="StoreException">The file belongs to a newer version or to another program.</exception>
    public static void Ensure(SqliteConnection connection, string path)
    {
        if (!IsWhole(connection, path))
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            // Another process may have made the tables meanwhile.
            if (!IsWhole(connection, path)) Make(connection);
            transaction.Commit();
        }
        EarlierSteps.Move(connection);
    }

    private static bool IsWhole(SqliteConnection connection, string path) =>
        Check(connection, path) && Has(connection, "llm_usage")
        && SqliteHourMarks.AreWhole(connection)
        && connection.Column("SELECT name FROM sqlite_schema WHERE type = 'index'").Contains("runs_by_start");

    /// <summary>Whether a database that is only looked at holds runs; refuses what isn't ours.</summary>
    /// <exception cref="StoreException">The file belongs to a newer version or to another program.</exception>
    public static bool CheckToLook(SqliteDatabase db, string path)
    {
        var version = db["PRAGMA user_version"].Number();
        var tables = Names(db["SELECT name FROM sqlite_schema WHERE type = 'table'"]);
        RefuseNewer(version, tables, path);
        if (tables.Count == 0) throw SqliteTrouble.Empty(path);
        var columns = Names(db["SELECT name FROM pragma_table_info('session_history') ORDER BY cid"]);
        if (columns.Count == 0) throw SqliteTrouble.WithoutHistory(path, tables);
        if (!columns.SequenceEqual(HistoryColumns)) throw SqliteTrouble.Foreign(path, columns);
        if (tables.Contains(EarlierSteps.Table)) throw SqliteTrouble.HalfMoved(path);
        return tables.Contains("runs");
    }

    /// <summary>Other programs number their tables too: without ours it is one of theirs.</summary>
    private static void RefuseNewer(long version, IReadOnlyList<string> tables, string path)
    {
        if (version > Version && (tables.Count == 0 || tables.Contains("session_history")))
            throw SqliteTrouble.Newer(path, version);
    }

    private static List<string> Names(SqliteStatement rows)
    {
        var names = new List<string>();
        while (rows.Step()) names.Add(rows.Text(0) ?? "");
        rows.Reset();
        return names;
    }

    private static bool Check(SqliteConnection connection, string path)
    {
        var version = (long)connection.Scalar("PRAGMA user_version")!;
        // Before the columns: another process may be making all of them, at once.
        var tables = connection.Column("SELECT name FROM sqlite_schema WHERE type = 'table'");
        RefuseNewer(version, tables, path);
        var columns = connection.Column("SELECT name FROM pragma_table_info('session_history') ORDER BY cid");
        if (columns.Count > 0 && !columns.SequenceEqual(HistoryColumns)) throw SqliteTrouble.Foreign(path, columns);
        if (columns.Count == 0 && tables.Count > 0) throw SqliteTrouble.WithoutHistory(path, tables);
        var encoding = (string)connection.Scalar("PRAGMA encoding")!;
        if (encoding != "UTF-8") throw SqliteTrouble.WrongEncoding(path, encoding);
        return version == Version && columns.Count > 0;
    }

    private static void Make(SqliteConnection connection)
    {
        var version = (long)connection.Scalar("PRAGMA user_version")!;
        MakeTables(connection);
        if (version < NormalizedSince) LookAgain(connection);
        MakeIndexes(connection);
        connection.Execute($"PRAGMA user_version = {Version}");
    }

    /// <summary>
    /// Makes the tables and columns that are missing, without the indexes that a bulk load is faster without.
    /// </summary>
    public static void MakeTables(SqliteConnection connection)
    {
        if (!Has(connection, "session_history")) connection.Execute(History);
        if (!Has(connection, "counters")) connection.Execute(Beside);
        // Version 1 had no epochs: its runs had one owner each, or followed each other without a fence.
        if (!connection.Column("SELECT name FROM pragma_table_info('runs')").Contains("epoch"))
            connection.Execute($"ALTER TABLE runs ADD COLUMN epoch INTEGER NOT NULL DEFAULT {RunRows.FirstEpoch}");
        EarlierSteps.SetAside(connection, Steps);
        // Versions 1 and 2 had an index of the times that others wrote.
        connection.Execute("DROP INDEX IF EXISTS session_history_odd_times");
        MakeUsage(connection);
    }

    private static void MakeUsage(SqliteConnection connection)
    {
        if (!Has(connection, "llm_usage")) connection.Execute(TokensByDay);
    }

    /// <summary>
    /// Versions 1 and 2 left times as others had written them: every row is looked at again. In a database that a
    /// simulation wrote, none is another's.
    /// </summary>
    private static void LookAgain(SqliteConnection connection)
    {
        if (!Has(connection, "simulation"))
            connection.Execute("UPDATE counters SET value = 0 WHERE name = 'history_seen'");
    }

    // A database of a simulation gets them when a service or a question first opens it: many never need them.
    private static void MakeIndexes(SqliteConnection connection)
    {
        connection.Execute(HistoryIndex);
        connection.Execute(RunIndexes);
        if (SqliteHourMarks.AreWhole(connection)) return;
        SqliteHourMarks.Drop(connection);
        SqliteHourMarks.Make(connection);
    }

    /// <summary>Takes the indexes away again, before a bulk load goes on.</summary>
    public static void DropIndexes(SqliteConnection connection)
    {
        connection.Execute("""
            DROP INDEX IF EXISTS session_history_by_session;
            DROP INDEX IF EXISTS runs_by_id;
            DROP INDEX IF EXISTS runs_one_open;
            DROP INDEX IF EXISTS runs_by_session;
            DROP INDEX IF EXISTS runs_by_start;
            """);
        SqliteHourMarks.Drop(connection);
    }

    private static bool Has(SqliteConnection connection, string table) =>
        connection.Column("SELECT name FROM sqlite_schema WHERE type = 'table'").Contains(table);
}
