using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace HeatUp.Sessions.Sqlite;

/// <summary>The database file: how connections to it are opened, and where it lies.</summary>
internal sealed class SqliteFile : IDisposable
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
    private volatile SqliteAnchor? anchor;

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

    /// <summary>
    /// Why the file that the writer opened is not the one that lies at the path any more; null while it is.
    /// </summary>
    public StoreException? Loss() => anchor?.HasMoved() is not true ? null
        : File.Exists(FullPath) ? SqliteTrouble.Replaced(Path)
        : SqliteTrouble.Gone(Path);

    /// <summary>
    /// The one connection that writes; makes the file and its tables if they are missing. From now on it is noticed if
    /// another file takes the place of this one, until <see cref="Dispose"/>.
    /// </summary>
    /// <exception cref="StoreException">The file can't be used, or is another program's.</exception>
    public SqliteConnection OpenWriter()
    {
        SqliteTrouble.CheckPlace(this);
        var writer = Open(connection =>
        {
            SqliteSchema.CheckOwn(connection, Path);
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
        raw.sqlite3_open_v2(FullPath, out var kept, raw.SQLITE_OPEN_READONLY, null);
        LeaveLog(kept);
        anchor = new SqliteAnchor(kept);
        return writer;
    }

    /// <summary>Nobody asks any more whether the file is still there.</summary>
    public void Dispose() => anchor?.Dispose();

    /// <summary>
    /// When this connection closes, the log stays as it is. Only the writer, which closes last, ends it.
    /// </summary>
    public static void LeaveLog(sqlite3 connection)
    {
        const int noCheckpointOnClose = 1006;
        raw.sqlite3_db_config(connection, noCheckpointOnClose, 1, out _);
    }

    /// <summary>Removes the log of a file that isn't there any more, before others take it for theirs.</summary>
    public void RemoveLog()
    {
        foreach (var beside in (ReadOnlySpan<string>)[$"{FullPath}-wal", $"{FullPath}-shm"])
        {
            try { File.Delete(beside); }
            // The message says what happened to the file; there is nothing else to be done about its log.
            catch (Exception left) when (left is IOException or UnauthorizedAccessException) { }
        }
    }

    /// <summary>
    /// A connection that reads. It takes no locks against other threads, a tenth of the time of a hot read: one
    /// caller at a time. Opened after the writer.
    /// </summary>
    /// <exception cref="StoreException">The file can't be used, or isn't the writer's any more.</exception>
    public sqlite3 OpenReader()
    {
        // The log that belongs to the writer's file would be read, and in the end moved, into the other one.
        if (Loss() is { } loss) throw loss;
        const int flags = raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX;
        var opened = raw.sqlite3_open_v2(FullPath, out var reader, flags, null);
        var code = opened == raw.SQLITE_OK ? raw.sqlite3_exec(reader, ReaderSettings) : opened;
        LeaveLog(reader);
        if (code == raw.SQLITE_OK) return reader;
        using (reader)
            throw SqliteTrouble.Explain(Path, new SqliteException(raw.sqlite3_errmsg(reader).utf8_to_string(), code));
    }

    /// <summary>A connection that can't change the file, whatever it is told.</summary>
    /// <exception cref="StoreException">The file can't be read.</exception>
    public SqliteConnection OpenToLook()
    {
        if (Directory.Exists(FullPath)) SqliteTrouble.CheckPlace(this);
        // Nothing is in it; and a pipe, which has no length either, would be waited for.
        if (new FileInfo(FullPath) is { Exists: true, Length: 0 }) throw SqliteTrouble.Empty(Path);
        try
        {
            return Open(LookAt, SqliteOpenMode.ReadOnly);
        }
        catch (StoreException failure) when (
            failure.InnerException is SqliteException { SqliteErrorCode: raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY }
            && File.Exists(FullPath) && !File.Exists($"{FullPath}-wal"))
        {
            // Who may not write in its folder can't make the files that readers share; without a log none is needed.
            var address = $"file:{Uri.EscapeDataString(FullPath).Replace("%2F", "/", StringComparison.Ordinal)}";
            return Open(LookAt, SqliteOpenMode.ReadOnly, $"{address}?immutable=1");
        }

        static void LookAt(SqliteConnection connection)
        {
            connection.Execute(ReaderSettings);
            connection.Scalar("SELECT count(*) FROM sqlite_schema");
        }
    }

    /// <summary>
    /// A connection that moves pages from the log into the file, and never waits. It makes no file: one that was
    /// removed since the writer opened it must stay away, so that the writer sees it.
    /// </summary>
    public SqliteConnection OpenCheckpointer() => Open(
        connection =>
        {
            connection.Execute("PRAGMA synchronous = FULL; PRAGMA busy_timeout = 0");
            LeaveLog(connection.Handle!);
        },
        SqliteOpenMode.ReadWrite);

    private SqliteConnection Open(
        Action<SqliteConnection> setUp, SqliteOpenMode mode = SqliteOpenMode.ReadWriteCreate, string? address = null)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder(connectionString)
        {
            Mode = mode,
            DataSource = address ?? FullPath,
        }.ToString());
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
