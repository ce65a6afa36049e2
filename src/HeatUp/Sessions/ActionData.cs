using System.Text;
using System.Text.Json;
using HeatUp.Channels;

namespace HeatUp.Sessions;

/// <summary>
/// Reading the <c>action_data</c> of whoever wrote it: ours, Python's, or a hand's. Nothing in it is a failure.
/// </summary>
internal static class ActionData
{
    /// <summary>How deep JSON may be nested; what is deeper is text.</summary>
    public const int DepthMax = 256;

    /// <summary>How the text of the history is read: strictly JSON, so without Python's <c>NaN</c>.</summary>
    public static readonly JsonReaderOptions Strict = new() { MaxDepth = DepthMax };

    /// <summary>The channel of an action, if it has one with a readable name.</summary>
    public static bool TryReadChannel(ReadOnlySpan<byte> data, out ChannelName channel) =>
        ChannelName.TryParse(ChannelTextIn(data), out channel);

    /// <summary>What an action's channel is called there; null if it has none.</summary>
    public static string? ChannelTextIn(ReadOnlySpan<byte> data) => Read(data, isWhole: false).Channel;

    /// <summary>What the data say; nothing if they are no JSON object.</summary>
    /// <returns>The channel's name, if it can be one; the seconds, if they are a whole number; the reason.</returns>
    public static (string? Channel, long? DurationSeconds, string? Reason) Read(ReadOnlySpan<byte> data)
    {
        var (channel, seconds, reason) = Read(data, isWhole: true);
        return (ChannelName.TryParse(channel, out var name) ? name.Value : null, seconds, reason);
    }

    // Most ask for the channel alone, of each row of a history: the reason is neither copied nor, if it is broken, in
    // the way.
    private static (string? Channel, long? Seconds, string? Reason) Read(ReadOnlySpan<byte> data, bool isWhole)
    {
        try
        {
            return Read(new Utf8JsonReader(data, Strict), isWhole);
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException)
        {
            // Not JSON, or a string with half a character: it says nothing that can be read.
            return default;
        }
    }

    private static (string?, long?, string?) Read(Utf8JsonReader json, bool isWhole)
    {
        var (channel, seconds, reason) = (default(string), default(long?), default(string));
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return default;
        while (json.Read() && json.CurrentDepth == 1)
        {
            var isChannel = json.ValueTextEquals("channel_username"u8);
            var isSeconds = isWhole && json.ValueTextEquals("duration_seconds"u8);
            var isReason = isWhole && json.ValueTextEquals("reason"u8);
            json.Read();
            // As in Python, the last of equal keys counts.
            if (isChannel) channel = TextOf(json);
            else if (isSeconds) seconds = NumberOf(json);
            else if (isReason) reason = TextOf(json);
            json.Skip();
        }
        // Read to the end: what isn't JSON as a whole is text, whatever it begins with.
        while (json.Read()) { }
        return (channel, seconds, reason);
    }

    private static string? TextOf(Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.String ? json.GetString() : null;

    private static long? NumberOf(Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var number) ? number : null;
}
