using System.Runtime.InteropServices;
using SQLitePCL;

namespace HeatUp.Sessions.Sqlite;

/// <summary>
/// Keeps the database file open that the writer uses, and says whether its path still leads to it. A file system knows
/// a file by device and inode and not by its name: whoever removes or replaces a file in use leaves its users writing
/// into one that nobody finds again. Thread-safe.
/// </summary>
internal sealed partial class SqliteAnchor(sqlite3 connection) : IDisposable
{
    // sqlite3_file_control: compares the open file with what lies at its path. Where a file in use can't be removed,
    // as on Windows, it isn't implemented, nor needed.
    private const int HasMovedCode = 20;

    private readonly Lock gate = new();
    private bool isClosed;

    /// <summary>Whether something else, or nothing, lies where the file was.</summary>
    public bool HasMoved()
    {
        lock (gate)
        {
            var hasMoved = 0;
            var code = isClosed
                ? raw.SQLITE_MISUSE
                : sqlite3_file_control(connection.DangerousGetHandle(), "main", HasMovedCode, ref hasMoved);
            return code == raw.SQLITE_OK && hasMoved != 0;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            isClosed = true;
            connection.Dispose();
        }
    }

    [LibraryImport("e_sqlite3", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int sqlite3_file_control(nint connection, string database, int code, ref int answer);
}
