using System.Text.Json;
using HeatUp.Simulations;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.AI;

namespace HeatUp.Tests.Simulation;

/// <summary>A row of a recording, read past the program.</summary>
internal sealed record RecordedExchange(
    string Key, IReadOnlyList<ChatMessage> Messages, string Opening, string Rest, string? Reply, string? End, long[] Tokens,
    long Spent, string? Failure, string? Detail, long? RefusedAt)
{
    private static readonly JsonSerializerOptions Lenient = new() { PropertyNameCaseInsensitive = true };

    public static IReadOnlyList<RecordedExchange> ReadAll(string path) => Query(path, """
        SELECT e.key, o.text, e.messages, e.reply, e.reply_end, e.tokens_in, e.tokens_out, e.tokens_cached, e.spent,
            e.failure, e.detail, e.refused_at, o.key
        FROM exchanges e JOIN openings o ON o.key = e.opening ORDER BY e.number
        """, row => new RecordedExchange(
            row.GetString(0),
            [
                new(ChatRole.System, row.GetString(1)),
                .. JsonSerializer.Deserialize<Message[]>(row.GetString(2), Lenient)!
                    .Select(one => new ChatMessage(new ChatRole(one.Role), one.Text)),
            ],
            row.GetString(12), row.GetString(2), Text(row, 3), Text(row, 4),
            [row.GetInt64(5), row.GetInt64(6), row.GetInt64(7)], row.GetInt64(8), Text(row, 9), Text(row, 10),
            row.IsDBNull(11) ? null : row.GetInt64(11)));

    /// <summary>Changes a recording past the program.</summary>
    public static void Execute(string path, string sql) => Query(path, sql, _ => 0);

    /// <summary>Puts a recording as an earlier version wrote it in the place of a run's own; answers where it lies.</summary>
    public static string MakeEarlier(string runFolder, string model)
    {
        var path = Path.Combine(runFolder, RecordingFile.Name);
        var exchanges = ReadAll(path);
        var lines = new List<string> { JsonSerializer.Serialize(new { format = 1, model }) };
        foreach (var opening in exchanges.Select(one => (one.Opening, one.Messages[0].Text)).Distinct())
            lines.Add(JsonSerializer.Serialize(new { prefix = opening.Opening, text = opening.Text }));
        lines.AddRange(exchanges.Select(one => one.ToLine()));
        File.Delete(path);
        var earlier = EarlierRecording.PathIn(runFolder);
        Directory.CreateDirectory(Path.GetDirectoryName(earlier)!);
        File.WriteAllText(earlier, string.Concat(lines.Select(line => $"{line}\n")));
        return earlier;
    }

    private string ToLine() => JsonSerializer.Serialize(new
    {
        key = Key,
        prefix = Opening,
        messages = JsonDocument.Parse(Rest).RootElement,
        reply = Reply is null ? null : new { text = Reply, end = End, input = Tokens[0], output = Tokens[1], cached = Tokens[2] },
        failure = Failure is null ? null : new { code = Failure, text = Detail },
        spent = Spent,
        refused_at = RefusedAt,
    });

    private static List<T> Query<T>(string path, string sql, Func<SqliteDataReader, T> read)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private sealed record Message(string Role, string Text);
}
