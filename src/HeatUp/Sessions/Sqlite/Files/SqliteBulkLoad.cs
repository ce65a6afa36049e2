using Microsoft.Data.Sqlite;

namespace HeatUp.Sessions.Sqlite;

/// <summary>
/// A database that is written in bulk, by one caller, before anybody else opens it: without indexes, and with commits
/// that survive a killed process but not a loss of power.
/// </summary>
internal sealed class SqliteBulkLoad : IDisposable
{
    private readonly string path;
    private readonly SqliteConnection connection;
    private bool isBegun;

    private SqliteBulkLoad(string path, SqliteConnection connection)
    {
        this.path = path;
        this.connection = connection;
        Db = new SqliteStatements(connection);
    }

    public SqliteStatements Db { get; }

    /// <summary>
    /// Opens a new database, or one whose bulk load goes on; that one is as it was until something is written.
    /// </summary>
    /// <exception cref="StoreException">It can't be opened.</exception>
    public static SqliteBulkLoad Open(string path)
    {
        var file = new SqliteFile(path);
        SqliteTrouble.CheckPlace(file);
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = file.FullPath, Pooling = false }.ToString());
        try
        {
            connection.Open();
            connection.Execute($"PRAGMA busy_timeout = {SqliteFile.BusyMax.TotalMilliseconds}");
            var load = new SqliteBulkLoad(path, connection);
            if (!Made(load.Db)) load.Begin();
            return load;
        }
        catch (SqliteException failure)
        {
            connection.Dispose();
            throw Trouble(path, failure);
        }
    }

    /// <summary>Whether a bulk load made the database: its mark stays in it.</summary>
    public static bool Made(SqliteStatements db) =>
        db["SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'simulation'"].Number() > 0;

    /// <summary>Writes, all or nothing.</summary>
    /// <exception cref="StoreException">It couldn't be written: nothing of it was.</exception>
    public void Write(Action<SqliteStatements> write)
    {
        try
        {
            Begin();
            Db.Run("BEGIN");
            write(Db);
            Db.Run("COMMIT");
        }
        catch (SqliteException failure)
        {
            Db.ResetAll();
            if (SQLitePCL.raw.sqlite3_get_autocommit(Db.Handle) == 0) Db.Run("ROLLBACK");
            throw Trouble(path, failure);
        }
    }

    /// <summary>What the last write left as a mark of how far it came; null if nothing.</summary>
    public string? Checkpoint => connection.Scalar("SELECT checkpoint FROM simulation") as string;

    /// <summary>
    /// Makes the database what any other is, in one file; but for the indexes, which whoever opens it to ask makes.
    /// </summary>
    /// <exception cref="StoreException">It can't be.</exception>
    public void Finish()
    {
        try
        {
            // Whoever opens the database next turns the log on again.
            connection.Execute("PRAGMA journal_mode = DELETE");
            connection.Execute($"PRAGMA user_version = {SqliteSchema.Version}");
        }
        catch (SqliteException failure)
        {
            throw Trouble(path, failure);
        }
    }

    public void Dispose() => Db.Dispose();

    private void Begin()
    {
        if (isBegun) return;
        connection.Execute("""
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = NORMAL;
            PRAGMA wal_autocheckpoint = 8192;
            PRAGMA cache_size = -64000;
            PRAGMA threads = 2
            """);
        using var transaction = connection.BeginTransaction();
        SqliteSchema.MakeTables(connection);
        SqliteSchema.DropIndexes(connection);
        connection.Execute("CREATE TABLE IF NOT EXISTS simulation (checkpoint TEXT NOT NULL)");
        transaction.Commit();
        isBegun = true;
    }

    private static StoreException Trouble(string path, SqliteException failure) => failure.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_FULL => new($"{path} can't grow: the disk is full. Free some space.", failure),
        SQLitePCL.raw.SQLITE_IOERR => new(
            $"{path}: {failure.Message}. See that the disk is sound, present and not full, and that this user may "
            + "write files of that size.", failure),
        _ => new($"{path}: {failure.Message}", failure),
    };
}
