using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace HeatUp.Sessions.Sqlite;

/// <summary>
/// A prepared statement that is kept: binds and reads UTF-8 without strings between, which is what makes the hot reads
/// and the group commit fast. One caller at a time.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 connection;
    private readonly sqlite3_stmt statement;
    private readonly nint address;

    public SqliteStatement(sqlite3 connection, string sql)
    {
        this.connection = connection;
        Check(raw.sqlite3_prepare_v3(this.connection, sql, raw.SQLITE_PREPARE_PERSISTENT, out statement));
        address = statement.DangerousGetHandle();
    }

    public SqliteStatement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(statement, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, ReadOnlySpan<byte> utf8)
    {
        // An empty span has no address, and without an address SQLite binds NULL.
        Check(utf8.IsEmpty
            ? raw.sqlite3_bind_text(statement, index, "")
            : raw.sqlite3_bind_text(statement, index, utf8));
        return this;
    }

    public SqliteStatement Bind(int index, string? text)
    {
        if (text is null) return BindNull(index);
        Span<byte> utf8 = stackalloc byte[512];
        return Encoding.UTF8.TryGetBytes(text, utf8, out var length)
            ? Bind(index, utf8[..length])
            : Bind(index, Encoding.UTF8.GetBytes(text));
    }

    public SqliteStatement Bind(int index, DateTimeOffset? time)
    {
        if (time is not { } value) return BindNull(index);
        Span<byte> utf8 = stackalloc byte[StoredTime.Length];
        StoredTime.Write(value, utf8);
        return Bind(index, utf8);
    }

    public SqliteStatement Bind(int index, SqliteValue value)
    {
        if (value.Type == raw.SQLITE_NULL) return BindNull(index);
        if (value.Type != raw.SQLITE_BLOB) return Bind(index, value.Bytes);
        Check(raw.sqlite3_bind_blob(statement, index, value.Bytes));
        return this;
    }

    public SqliteStatement BindNull(int index)
    {
        Check(raw.sqlite3_bind_null(statement, index));
        return this;
    }

    /// <summary>Goes to the next row; false after the last one.</summary>
    public bool Step()
    {
        var code = NativeColumns.Step(address);
        if (code == raw.SQLITE_ROW) return true;
        if (code == raw.SQLITE_DONE) return false;
        Reset();
        throw Failure(code);
    }

    /// <summary>Runs a statement that has no rows to read; answers how many rows it changed.</summary>
    public int Run()
    {
        while (Step()) { }
        Reset();
        return raw.sqlite3_changes(connection);
    }

    /// <summary>The first column of the first row; 0 if there is none or it is NULL.</summary>
    public long Number()
    {
        var number = Step() ? Int64(0) : 0;
        Reset();
        return number;
    }

    /// <summary>Ends the reading. A read that isn't ended keeps its snapshot of the database.</summary>
    public void Reset() => raw.sqlite3_reset(statement);

    public long Int64(int column) => NativeColumns.Int64(address, column);

    public bool IsNull(int column) => TypeOf(column) == raw.SQLITE_NULL;

    public bool IsInteger(int column) => TypeOf(column) == raw.SQLITE_INTEGER;

    /// <summary>
    /// A value's bytes, a text's in UTF-8, a number's as text. Good until the next step; empty for NULL.
    /// </summary>
    public ReadOnlySpan<byte> Bytes(int column) => NativeColumns.Bytes(address, column);

    /// <summary>A value as text; what isn't UTF-8 in it becomes U+FFFD.</summary>
    public string? Text(int column) => IsNull(column) ? null : Encoding.UTF8.GetString(Bytes(column));

    public SqliteValue Value(int column) =>
        new(TypeOf(column), Bytes(column).ToArray());

    public DateTimeOffset? Time(int column) => StoredTime.TryRead(Bytes(column), out var time) ? time : null;

    public void Dispose() => statement.Dispose();

    private int TypeOf(int column) => NativeColumns.Type(address, column);

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK) throw Failure(code);
    }

    private SqliteException Failure(int code) =>
        new(raw.sqlite3_errmsg(connection).utf8_to_string(), code & 0xFF, raw.sqlite3_extended_errcode(connection));
}

/// <summary>A column's value as SQLite has it.</summary>
/// <param name="Type">SQLite's storage class.</param>
/// <param name="Bytes">Its bytes; a number's as text.</param>
internal readonly record struct SqliteValue(int Type, byte[] Bytes)
{
    /// <summary>The text that is less than all others.</summary>
    public static SqliteValue Least { get; } = new(raw.SQLITE_TEXT, []);

    public static SqliteValue Of(string text) => new(raw.SQLITE_TEXT, Encoding.UTF8.GetBytes(text));
}
