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

    public static string Of(IEnumerable<ListedChannel> entries, IEnumerable<string> unread)
    {
        var lines = entries.Select(Of).Concat(unread).Select(entry => $"  {entry}").ToList();
        return lines.Count == 0 ? "[]\n" : $"[\n{string.Join(",\n", lines)}\n]\n";
    }

    private static string Of(ListedChannel entry)
    {
        var (channel, check) = (entry.Channel, entry.Check);
        var text = new StringBuilder("{");
        Add(text, "username", channel.Name.Value);
        Add(text, "description", channel.Description);
        Add(text, "category", channel.Category);
        Add(text, "subscribers", channel.Subscribers);
        Add(text, "tgstat_url", channel.TgstatUrl);
        if (entry.Source is { } source) Add(text, "source", source);
        if (entry.AddedAt is { } added) Add(text, "added_at", Time(added));
        if (check is not null) Add(text, "checked_at", Time(check.At));
        if (check?.Fault is { } fault) Add(text, "invalid", ChannelFaultWord.Of(fault));
        if (check?.FaultSince is { } since) Add(text, "invalid_since", Time(since));
        if (check?.Detail is { } detail) Add(text, "invalid_detail", detail);
        if (entry.OtherFields is { } others) text.Append(", ").Append(others);
        return text.Append('}').ToString();
    }

    private static void Add<T>(StringBuilder text, string field, T value)
    {
        if (text.Length > 1) text.Append(", ");
        text.Append('"').Append(field).Append("\": ").Append(JsonSerializer.Serialize(value, Readable));
    }

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
