using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace HeatUp.Sessions.Sqlite;

/// <summary>A connection with the statements that were prepared on it. One caller at a time.</summary>
internal sealed class SqliteDatabase(sqlite3 handle, IDisposable owner) : IDisposable
{
    // By reference: every statement is a constant, so that nothing of it needs to be hashed.
    private readonly Dictionary<string, SqliteStatement> prepared = new(ReferenceEqualityComparer.Instance);

    public SqliteDatabase(SqliteConnection connection) : this(connection.Handle!, connection) { }

    public SqliteDatabase(sqlite3 handle) : this(handle, handle) { }

    public sqlite3 Handle => handle;

    /// <summary>The kept statement of this constant text, ready to bind.</summary>
    public SqliteStatement this[string sql]
    {
        get
        {
            if (!prepared.TryGetValue(sql, out var statement))
                return prepared[sql] = new SqliteStatement(handle, sql);
            // A reading that failed half-way must not be met again.
            statement.Reset();
            return statement;
        }
    }

    public void Run(string sql) => this[sql].Run();

    /// <summary>
    /// Ends every reading: one that failed half-way would keep its old snapshot beyond the transaction.
    /// </summary>
    public void ResetAll()
    {
        foreach (var statement in prepared.Values) statement.Reset();
    }

    public void Dispose()
    {
        foreach (var statement in prepared.Values) statement.Dispose();
        owner.Dispose();
    }
}
