using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace HeatUp.Channels;

/// <summary>
/// Entries as a file of channels holds them: a JSON array, one entry a line, for people and their diffs.
/// </summary>
internal static class ChannelEntryText
{
    private static readonly JsonSerializerOptions Readable =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(IEnumerable<ListedChannel> entries, IEnumerable<string> unread, string? around) =>
        around is null ? $"{ListOf(entries, unread)}\n" : $"{{{around}\"channels\": {ListOf(entries, unread)}}}\n";

    private static string ListOf(IEnumerable<ListedChannel> entries, IEnumerable<string> unread)
    {
        var lines = entries.Select(Of).Concat(unread).Select(entry => $"  {entry}").ToList();
        return lines.Count == 0 ? "[]" : $"[\n{string.Join(",\n", lines)}\n]";
    }

    private static string Of(ListedChannel entry)
    {
        var (channel, check) = (entry.Channel, entry.Check);
        var kept = KeptOf(entry);
        var text = new StringBuilder("{");
        Add(text, "username", channel.Name.Value);
        Add(text, "description", channel.Description, kept);
        Add(text, "category", channel.Category, kept);
        Add(text, "subscribers", channel.Subscribers, kept);
        Add(text, "tgstat_url", channel.TgstatUrl, kept);
        if (entry.Source is { } source) Add(text, "source", source);
        if (entry.AddedAt is { } added) Add(text, "added_at", Time(added));
        if (check is not null) Add(text, "checked_at", Time(check.At));
        if (check?.Fault is { } fault) Add(text, "invalid", fault.Word());
        if (check?.FaultSince is { } since) Add(text, "invalid_since", Time(since));
        if (check?.Detail is { } detail) Add(text, "invalid_detail", detail);
        if (entry.OtherFields is { } others) text.Append(", ").Append(others);
        return text.Append('}').ToString();
    }

    /// <summary>What the file says in fields that nobody has changed and that could not be taken as they are.</summary>
    private static Dictionary<string, string> KeptOf(ListedChannel entry)
    {
        if (entry.Said is null) return [];
        using var said = JsonDocument.Parse(entry.Said, JsonText.Tolerant);
        if (ChannelEntry.Read(said.RootElement).Listed?.Channel is not { } before) return [];
        var now = entry.Channel;
        var kept = new Dictionary<string, string>();
        Keep("description", before.Description == now.Description);
        Keep("category", before.Category == now.Category);
        Keep("subscribers", before.Subscribers == now.Subscribers);
        Keep("tgstat_url", before.TgstatUrl == now.TgstatUrl);
        return kept;

        void Keep(string field, bool isUnchanged)
        {
            if (isUnchanged && JsonText.Field(said.RootElement, field) is { } value) kept[field] = value.GetRawText();
        }
    }

    private static void Add<T>(StringBuilder text, string field, T value, Dictionary<string, string>? kept = null)
    {
        if (text.Length > 1) text.Append(", ");
        text.Append('"').Append(field).Append("\": ").Append(
            kept?.GetValueOrDefault(field) ?? JsonSerializer.Serialize(value, Readable));
    }

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
