using System.Runtime.InteropServices;

namespace HeatUp.Sessions.Sqlite;

/// <summary>
/// The calls that a hot read makes for each column of each row, without what the general binding adds to each: a
/// counted handle and a transition of the garbage collector. That is half of the time of a history answer. They only
/// read memory, so that none can block.
/// </summary>
internal static unsafe partial class NativeColumns
{
    private const string Library = "e_sqlite3";

    public static ReadOnlySpan<byte> Bytes(nint statement, int column)
    {
        // In this order: asked for the bytes, SQLite first makes text of a number, which changes the length.
        var start = sqlite3_column_blob(statement, column);
        return start is null ? default : new ReadOnlySpan<byte>(start, sqlite3_column_bytes(statement, column));
    }

    [LibraryImport(Library, EntryPoint = "sqlite3_column_int64"), SuppressGCTransition]
    public static partial long Int64(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_type"), SuppressGCTransition]
    public static partial int Type(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_step")]
    public static partial int Step(nint statement);

    [LibraryImport(Library), SuppressGCTransition]
    private static partial byte* sqlite3_column_blob(nint statement, int column);

    [LibraryImport(Library), SuppressGCTransition]
    private static partial int sqlite3_column_bytes(nint statement, int column);
}
