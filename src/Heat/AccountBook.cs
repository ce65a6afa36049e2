using System.Text.Json;

namespace Heat;

/// <summary>Stands in for the book of branch conduct.</summary>
internal sealed class AccountBook(string folder)
{
    public const int Max = 3;

    private string File => Path.Combine(folder, "accounts.json");

    public Dictionary<string, Entry> Read() => System.IO.File.Exists(File)
        ? JsonSerializer.Deserialize<Dictionary<string, Entry>>(System.IO.File.ReadAllText(File))!
        : [];

    public void Write(Dictionary<string, Entry> all)
    {
        Directory.CreateDirectory(folder);
        System.IO.File.WriteAllText(File, JsonSerializer.Serialize(all));
    }

    internal sealed record Entry(DateTimeOffset AddedAt, long? UserId, List<string> Allowed, string? Stopped);
}
