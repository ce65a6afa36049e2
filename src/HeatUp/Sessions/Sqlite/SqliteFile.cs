using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace HeatUp.Sessions.Sqlite;

/// <summary>The database file: how connections to it are opened, and where it lies.</summary>
internal sealed class SqliteFile
{
    /// <summary>How long a call waits for another process that holds the file.</summary>
    public static readonly TimeSpan BusyMax = TimeSpan.FromSeconds(5);

    private static readonly string ReaderSettings = $"""
        PRAGMA busy_timeout = {BusyMax.TotalMilliseconds};
        PRAGMA query_only = ON;
        PRAGMA cache_size = -8000;
        PRAGMA mmap_size = 1073741824;
        """;

    private readonly string connectionString;

    public SqliteFile(string path)
    {
        Path = path;
        FullPath = Resolve(path);
        connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = FullPath,
            Pooling = false,
            DefaultTimeout = (int)BusyMax.TotalSeconds,
        }.ToString();
    }

    /// <summary>The path as the setting has it.</summary>
    public string Path { get; }

    /// <summary>The absolute path of the file itself, symbolic links followed, as SQLite itself follows them.</summary>
    public string FullPath { get; }

    public bool Exists => File.Exists(FullPath);

    /// <summary>The one connection that writes; makes the file and its tables if they are missing.</summary>
    /// <exception cref="StoreException">The file can't be used.</exception>
    public SqliteConnection OpenWriter()
    {
        SqliteTrouble.CheckPlace(this);
        return Open(connection =>
        {
            if (connection.Scalar("PRAGMA journal_mode = WAL") is not "wal") throw SqliteTrouble.NoWal(Path);
            // FULL: a remembered step survives a loss of power. Checkpoints are made by a thread of their own.
            connection.Execute("""
                PRAGMA synchronous = FULL;
                PRAGMA wal_autocheckpoint = 0;
                PRAGMA cache_size = -32000;
                PRAGMA journal_size_limit = 16777216
                """);
            // What is erased is overwritten. It costs removals little, since their pages are written anyway.
            connection.Execute("PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY");
            SqliteSchema.Ensure(connection, Path);
        });
    }

    /// <summary>
    /// A connection that reads. It takes no locks against other threads, a tenth of the time of a hot read: one
    /// caller at a time. Opened after the writer.
    /// </summary>
    /// <exception cref="StoreException">The file can't be used.</exception>
    public sqlite3 OpenReader()
    {
        const int flags = raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX;
        var opened = raw.sqlite3_open_v2(FullPath, out var reader, flags, null);
        var code = opened == raw.SQLITE_OK ? raw.sqlite3_exec(reader, ReaderSettings) : opened;
        if (code == raw.SQLITE_OK) return reader;
        using (reader)
            throw SqliteTrouble.Explain(Path, new SqliteException(raw.sqlite3_errmsg(reader).utf8_to_string(), code));
    }

    /// <summary>A connection that can't change the file, whatever it is told.</summary>
    /// <exception cref="StoreException">The file can't be read.</exception>
    public SqliteConnection OpenToLook() => Open(
        connection => connection.Execute(ReaderSettings), SqliteOpenMode.ReadOnly);

    /// <summary>
    /// A connection that moves pages from the log into the file, and never waits. It makes no file: one that was
    /// removed since the writer opened it must stay away, so that the writer sees it.
    /// </summary>
    public SqliteConnection OpenCheckpointer() => Open(
        connection => connection.Execute("PRAGMA synchronous = FULL; PRAGMA busy_timeout = 0"),
        SqliteOpenMode.ReadWrite);

    private SqliteConnection Open(
        Action<SqliteConnection> setUp, SqliteOpenMode mode = SqliteOpenMode.ReadWriteCreate)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder(connectionString) { Mode = mode }.ToString());
        try
        {
            connection.Open();
            connection.Execute($"PRAGMA busy_timeout = {BusyMax.TotalMilliseconds}");
            setUp(connection);
            return connection;
        }
        catch (SqliteException failure)
        {
            connection.Dispose();
            throw SqliteTrouble.Explain(Path, failure);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The absolute path of the file itself, symbolic links followed.</summary>
    public static string Resolve(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try { return File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full; }
        catch (IOException) { return full; }
        catch (UnauthorizedAccessException) { return full; }
    }
}
