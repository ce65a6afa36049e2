using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;

namespace HeatUp.Channels;

/// <summary>An entry of a file of channels, read.</summary>
/// <param name="Listed">The channel as it is listed; null if the entry names none.</param>
/// <param name="Fault">What is wrong: why it names none, or which fields can't be used. Null if all is well.</param>
internal readonly record struct ChannelEntry(ListedChannel? Listed, string? Fault)
{
    /// <summary>The fields of an entry, as they are read and written.</summary>
    public static readonly FrozenSet<string> Fields = FrozenSet.Create(
        "username", "description", "category", "subscribers", "tgstat_url",
        "source", "added_at", "checked_at", "invalid", "invalid_since", "invalid_detail");

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
            .. IfLost("invalid", JsonText.Field(json, "invalid"), FaultIn(json)),
        ];
        var listed = new ListedChannel(channel)
        {
            Source = TextIn(json, "source", ListedChannel.SourceLengthMax),
            AddedAt = TimeIn(json, "added_at"),
            Check = CheckIn(json),
            OtherFields = OtherFieldsOf(json),
            Said = unusable.Length > 0 || IsCut(description, channel.Description) || IsCut(category, channel.Category)
                ? json.GetRawText()
                : null,
        };
        if (unusable.Length == 0) return new(listed, null);
        return new(listed, $"not used, because unreadable: {string.Join(", ", unusable)}");
    }

    /// <summary>The last look. A fault is believed without a time too: somebody may have written it by hand.</summary>
    private static ChannelCheck? CheckIn(JsonElement json)
    {
        var (at, fault) = (TimeIn(json, "checked_at"), FaultIn(json));
        if (fault is null) return at is { } checkedAt ? new ChannelCheck(checkedAt) : null;
        var since = TimeIn(json, "invalid_since") ?? at ?? default;
        return new(at ?? since, fault, since, TextIn(json, "invalid_detail", ChannelCheck.DetailLengthMax));
    }

    private static ChannelFault? FaultIn(JsonElement json) =>
        EnumWord.Read<ChannelFault>(JsonText.Of(JsonText.Field(json, "invalid")));

    private static string? TextIn(JsonElement json, string field, int lengthMax) =>
        ForeignText.Clean(JsonText.Of(JsonText.Field(json, field)), lengthMax) is { Length: > 0 } text ? text : null;

    private static DateTimeOffset? TimeIn(JsonElement json, string field)
    {
        const DateTimeStyles styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        var text = JsonText.Of(JsonText.Field(json, field));
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, styles, out var time) ? time : null;
    }

    private static string? OtherFieldsOf(JsonElement json)
    {
        var others = json.EnumerateObject().Where(field => !Fields.Contains(field.Name))
            .Select(field => $"{JsonSerializer.Serialize(field.Name)}: {field.Value.GetRawText()}").ToList();
        return others.Count > 0 ? string.Join(", ", others) : null;
    }

    /// <summary>A count as a whole number, or as a text that is one; null if it is something else.</summary>
    public static long? CountOf(JsonElement? json) => json switch
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

    private static bool IsCut(JsonElement? said, string used) =>
        said is { } value && JsonText.Of(value) is { Length: > 0 } text && text != used;

    private static string[] IfLost(string field, JsonElement? said, object? used) =>
        said is { } value && used is null && JsonText.Of(value) != "" ? [$"{field} {JsonText.Show(value)}"] : [];
}
