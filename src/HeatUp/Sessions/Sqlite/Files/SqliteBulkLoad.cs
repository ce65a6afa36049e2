using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace HeatUp.Sessions.Sqlite;

/// <summary>
/// A database that is written in bulk, by one caller, before anybody else opens it: without indexes, and with commits
/// that survive a killed process. A loss of power may damage it: then it is made anew.
/// </summary>
internal sealed class SqliteBulkLoad : IDisposable
{
    private static readonly string[] Settings =
    [
        "PRAGMA journal_mode = PERSIST", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -64000",
    ];

    private readonly string path;
    private bool isBegun;

    private SqliteBulkLoad(string path, SqliteDatabase db) => (this.path, Db) = (path, db);

    public SqliteDatabase Db { get; }

    /// <summary>
    /// Opens a new database, or one whose bulk load goes on; that one is as it was until something is written.
    /// </summary>
    /// <exception cref="StoreException">It can't be opened.</exception>
    public static SqliteBulkLoad Open(string path)
    {
        var file = new SqliteFile(path);
        SqliteTrouble.CheckPlace(file);
        SqliteDatabase? db = null;
        try
        {
            db = new SqliteDatabase(OpenAlone(file.FullPath));
            db.Run($"PRAGMA busy_timeout = {SqliteFile.BusyMax.TotalMilliseconds}");
            var load = new SqliteBulkLoad(path, db);
            if (!Made(db)) load.Begin();
            return load;
        }
        catch (SqliteException failure)
        {
            db?.Dispose();
            throw Trouble(path, failure);
        }
    }

    /// <summary>A connection of one thread: it takes no lock at every call, of which a row needs a dozen.</summary>
    private static sqlite3 OpenAlone(string path)
    {
        const int flags = raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX;
        Batteries.Init();
        var code = raw.sqlite3_open_v2(path, out var connection, flags, null);
        if (code == raw.SQLITE_OK) return connection;
        using (connection) throw new SqliteException(raw.sqlite3_errmsg(connection).utf8_to_string(), code);
    }

    /// <summary>Changes what tables and indexes there are.</summary>
    private void Change(Action<SqliteConnection> change)
    {
        using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = Path.GetFullPath(path), Pooling = false }.ToString());
        connection.Open();
        connection.Execute($"PRAGMA busy_timeout = {SqliteFile.BusyMax.TotalMilliseconds}");
        change(connection);
    }

    /// <summary>Whether a bulk load made the database: its mark stays in it.</summary>
    public static bool Made(SqliteDatabase db) =>
        db["SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'simulation'"].Number() > 0;

    /// <summary>Writes, all or nothing.</summary>
    /// <exception cref="StoreException">It couldn't be written: nothing of it was.</exception>
    public void Write(Action<SqliteDatabase> write)
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
            if (raw.sqlite3_get_autocommit(Db.Handle) == 0) Db.Run("ROLLBACK");
            throw Trouble(path, failure);
        }
    }

    /// <summary>What the last write left as a mark of how far it came; null if nothing.</summary>
    /// <exception cref="StoreException">It can't be read.</exception>
    public string? Checkpoint
    {
        get
        {
            try
            {
                var row = Db["SELECT checkpoint FROM simulation"];
                var checkpoint = row.Step() ? row.Text(0) : null;
                row.Reset();
                return checkpoint;
            }
            catch (SqliteException failure)
            {
                throw Trouble(path, failure);
            }
        }
    }

    /// <summary>
    /// Makes the database what any other is, in one file; but for the indexes, which whoever opens it to ask makes.
    /// </summary>
    /// <exception cref="StoreException">It can't be.</exception>
    public void Finish()
    {
        try
        {
            Db.Run($"PRAGMA user_version = {SqliteSchema.Version}");
            Db.Run("PRAGMA journal_mode = DELETE");
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
        Change(connection =>
        {
            using var transaction = connection.BeginTransaction();
            SqliteSchema.MakeTables(connection);
            SqliteSchema.DropIndexes(connection);
            connection.Execute("CREATE TABLE IF NOT EXISTS simulation (checkpoint TEXT NOT NULL)");
            transaction.Commit();
            EarlierSteps.Move(connection);
        });
        // New pages are written once, where they stay; through a log they would go twice. Whoever opens the database
        // next turns the log on.
        foreach (var sql in Settings) Db.Run(sql);
        isBegun = true;
    }

    private static StoreException Trouble(string path, SqliteException failure) => failure.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => new($"{path} can't grow: the disk is full. Free some space.", failure),
        raw.SQLITE_IOERR => new(
            $"{path}: {failure.Message}. See that the disk is sound, present and not full, and that this user may "
            + "write files of that size.", failure),
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => new(
            $"{path} is damaged. Put a sound copy in its place, or begin the run anew with --force.", failure)
        {
            IsLost = true,
        },
        _ => new($"{path}: {failure.Message}", failure),
    };
}
