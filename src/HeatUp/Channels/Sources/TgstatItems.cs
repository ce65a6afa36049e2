using System.Text.Json;

namespace HeatUp.Channels.Sources;

/// <summary>The items of a search, cleaned: public, unrestricted channels, each once.</summary>
internal static class TgstatItems
{
    private const int ShownMax = 60;

    /// <summary>A part of what TGStat has, from the response to a search.</summary>
    public static SourcePart Read(string category, JsonElement response, TokenMask mask)
    {
        if (JsonText.Field(response.ValueKind == JsonValueKind.Object ? response : default, "items")
            is not { ValueKind: JsonValueKind.Array } items)
            return new(category, [], [], "TGStat's reply has no list of items: its API may have changed. Look for a "
                + "newer Heat Up.");
        var channels = new List<Channel>();
        var names = new HashSet<ChannelName>();
        var remarks = new Remarks();
        var number = 0;
        foreach (var item in items.EnumerateArray())
        {
            var (channel, fault) = Read(item, category, mask);
            number++;
            if (fault is var (reason, why)) remarks.PassOver(reason, $"item {number} is left out: {why}");
            else if (names.Add(channel!.Name)) channels.Add(channel);
            else remarks.PassOver(PassedOverReason.NamedAgain, null);
        }
        return new(category, channels, remarks.All) { PassedOver = remarks.PassedOver };
    }

    private static (Channel? Channel, (PassedOverReason Reason, string Why)? Fault) Read(
        JsonElement item, string category, TokenMask mask)
    {
        if (item.ValueKind != JsonValueKind.Object)
            return (null, (PassedOverReason.Unreadable, "it is not an object."));
        var title = mask.Clean(TextIn(item, "title"), Channel.DescriptionLengthMax);
        if (TextIn(item, "peer_type") is { Length: > 0 } kind
            && !kind.Equals("channel", StringComparison.OrdinalIgnoreCase))
            return (null, (PassedOverReason.Group,
                $"{Shown(title)} is a {mask.Clean(kind, ShownMax)}, not a channel."));
        if (NameIn(item) is not { } name)
            return (null, (PassedOverReason.NotPublic, $"{Shown(title)} has no public name."));
        if (LabelOf(item) is { } label)
            return (null, (PassedOverReason.Restricted, $"TGStat marks {name} with the {label} label."));
        var about = title.Length > 0 ? title : mask.Clean(TextIn(item, "about"), Channel.DescriptionLengthMax);
        var subscribers = ChannelEntry.CountOf(JsonText.Field(item, "participants_count"));
        return (new(name, about, category, subscribers, name.Link), null);
    }

    /// <summary>The name, or the one in the link: a private channel has neither.</summary>
    private static ChannelName? NameIn(JsonElement item) =>
        ChannelName.TryParse(TextIn(item, "username"), out var name) ? name
        : ChannelName.TryParse(TextIn(item, "link"), out var linked) ? linked
        : null;

    /// <summary>The restriction; none may be an empty array, null, or an object of what is false.</summary>
    private static string? LabelOf(JsonElement item)
    {
        if (JsonText.Field(item, "tgstat_restrictions") is not { ValueKind: JsonValueKind.Object } labels) return null;
        return IsTrue(labels, "black_label") ? "black" : IsTrue(labels, "red_label") ? "red" : null;
    }

    private static bool IsTrue(JsonElement labels, string name) => JsonText.Field(labels, name) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.Number or JsonValueKind.String } value =>
            value.ToString() is not ("0" or "" or "false" or "False"),
        _ => false,
    };

    private static string? TextIn(JsonElement item, string field) => JsonText.Of(JsonText.Field(item, field));

    private static string Shown(string title) => title.Length == 0 ? "it" : $"\"{ForeignText.Clean(title, ShownMax)}\"";
}
