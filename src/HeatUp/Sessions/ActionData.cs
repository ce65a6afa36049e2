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
    public static bool TryReadChannel(ReadOnlySpan<byte> data, out ChannelName channel)
    {
        channel = default;
        try
        {
            return ChannelName.TryParse(ReadChannel(new Utf8JsonReader(data, Strict)), out channel);
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException)
        {
            // Not JSON, or a string with half a character: the action has no readable channel.
            return false;
        }
    }

    private static string? ReadChannel(Utf8JsonReader json)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return null;
        var channel = default(string);
        while (json.Read() && json.CurrentDepth == 1)
        {
            var isChannel = json.ValueTextEquals("channel_username"u8);
            json.Read();
            // As in Python, the last of equal keys counts.
            if (isChannel) channel = json.TokenType == JsonTokenType.String ? json.GetString() : null;
            json.Skip();
        }
        // Read to the end: what isn't JSON as a whole is text, whatever it begins with.
        while (json.Read()) { }
        return channel;
    }
}
