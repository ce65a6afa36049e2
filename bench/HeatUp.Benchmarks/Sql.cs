using Microsoft.Data.Sqlite;

namespace HeatUp.Benchmarks;

/// <summary>SQLite by hand, as the limits that the store is measured against use it.</summary>
internal static class Sql
{
    /// <summary>Opens a database of its own connection; made if it is missing.</summary>
    public static SqliteConnection Open(string path, string options = "")
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False;{options}");
        connection.Open();
        return connection;
    }

    public static void Execute(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static List<object[]> Rows(this SqliteConnection connection, string query)
    {
        using var command = connection.CreateCommand();
        command.CommandText = query;
        using var reader = command.ExecuteReader();
        var rows = new List<object[]>();
        while (reader.Read())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }
        return rows;
    }

    /// <summary>A prepared insert of whole rows.</summary>
    public static SqliteCommand Insert(this SqliteConnection connection, string table, int columns)
    {
        var names = Enumerable.Range(0, columns).Select(i => $"$p{i}").ToList();
        var command = connection.CreateCommand();
        command.CommandText = $"INSERT INTO main.{table} VALUES ({string.Join(", ", names)})";
        foreach (var name in names) command.Parameters.AddWithValue(name, null);
        command.Prepare();
        return command;
    }

    public static void Run(this SqliteCommand insert, object[] row)
    {
        for (var i = 0; i < row.Length; i++) insert.Parameters[i].Value = row[i];
        insert.ExecuteNonQuery();
    }
}
