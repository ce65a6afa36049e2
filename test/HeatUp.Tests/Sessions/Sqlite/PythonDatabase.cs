using HeatUp.Sessions.Sqlite;
using Microsoft.Data.Sqlite;

namespace HeatUp.Tests.Sessions.Sqlite;

/// <summary>A database as the Python service leaves it, made with its own statements.</summary>
internal sealed class PythonDatabase : IDisposable
{
    public const string Table = """
        CREATE TABLE session_history (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            session_id TEXT NOT NULL,
            action_type TEXT NOT NULL,
            action_data TEXT,
            timestamp DATETIME DEFAULT CURRENT_TIMESTAMP
        )
        """;

    private readonly SqliteConnection connection;

    public PythonDatabase(string path)
    {
        connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        if (Read("SELECT name FROM sqlite_schema WHERE name = 'session_history'").Count == 0) connection.Execute(Table);
    }

    public PythonDatabase Add(string session, string type, object? data, object? timestamp)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            "INSERT INTO session_history (session_id, action_type, action_data, timestamp) VALUES ($1, $2, $3, $4)";
        foreach (var (name, value) in new[] { ("$1", session), ("$2", type), ("$3", data), ("$4", timestamp) })
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        command.ExecuteNonQuery();
        return this;
    }

    public PythonDatabase Run(string sql)
    {
        connection.Execute(sql);
        return this;
    }

    public IReadOnlyList<string> Read(string sql) => connection.Column(sql);

    public void Dispose() => connection.Dispose();
}
