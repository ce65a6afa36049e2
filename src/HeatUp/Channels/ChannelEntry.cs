using System.Globalization;
using System.Text.Json;

namespace HeatUp.Channels;

/// <summary>An entry of a file of channels, read.</summary>
/// <param name="Channel">The channel; null if the entry names none.</param>
/// <param name="Fault">What is wrong: why it names none, or which fields can't be used. Null if all is well.</param>
internal readonly record struct ChannelEntry(Channel? Channel, string? Fault)
{
    private const string NameRule = "4 to 32 Latin letters, digits and single underscores, a letter first";

    public static ChannelEntry Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) return new(null, "it is not an object");
        if (JsonText.Field(json, "username") is not { } username) return new(null, "it has no username");
        return ChannelName.TryParse(JsonText.Of(username), out var name)
            ? Describe(name, json)
            : new(null, $"its username is not a channel's name ({NameRule})");
    }

    private static ChannelEntry Describe(ChannelName name, JsonElement json)
    {
        var description = JsonText.Field(json, "description");
        var category = JsonText.Field(json, "category");
        var subscribers = JsonText.Field(json, "subscribers");
        var link = JsonText.Field(json, "tgstat_url");
        var channel = new Channel(
            name, JsonText.Of(description), JsonText.Of(category), CountOf(subscribers), JsonText.Of(link));
        string[] unusable =
        [
            .. IfLost("description", description, JsonText.Of(description)),
            .. IfLost("category", category, JsonText.Of(category)),
            .. IfLost("subscribers", subscribers, channel.Subscribers),
            .. IfLost("tgstat_url", link, channel.TgstatUrl),
        ];
        if (unusable.Length == 0) return new(channel, null);
        return new(channel, $"not used, because unreadable: {string.Join(", ", unusable)}");
    }

    /// <summary>A count as a whole number, or as a text that is one; null if it is something else.</summary>
    private static long? CountOf(JsonElement? json) => json switch
    {
        { ValueKind: JsonValueKind.Number } number => number.TryGetInt64(out var count) ? count : null,
        { ValueKind: JsonValueKind.String } text => CountIn(JsonText.Of(text)),
        _ => null,
    };

    private static long? CountIn(string? text)
    {
        const NumberStyles styles = NumberStyles.Integer | NumberStyles.AllowThousands;
        return long.TryParse(text, styles, CultureInfo.InvariantCulture, out var count) ? count : null;
    }

    private static string[] IfLost(string field, JsonElement? said, object? used) =>
        said is { } value && used is null && JsonText.Of(value) != "" ? [$"{field} {JsonText.Show(value)}"] : [];
}
