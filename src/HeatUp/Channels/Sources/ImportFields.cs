using System.Globalization;

namespace HeatUp.Channels.Sources;

/// <summary>What columns and fields of other people's files may be called.</summary>
internal static class ImportFields
{
    public const string Username = "username";
    public const string Link = "link";

    /// <summary>The channel's name only if nothing else says it; else often its title.</summary>
    public const string Called = "called";

    public const string Description = "description";
    public const string Category = "category";
    public const string Subscribers = "subscribers";

    /// <summary>What may stand between the columns of a table.</summary>
    public static readonly char[] Separators = [',', ';', '\t', '|'];

    private static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["username"] = Username, ["channelusername"] = Username,
        ["name"] = Called, ["channel"] = Called,
        ["link"] = Link, ["url"] = Link, ["tgstaturl"] = Link, ["channellink"] = Link,
        ["description"] = Description, ["title"] = Description, ["about"] = Description,
        ["category"] = Category, ["topic"] = Category,
        ["subscribers"] = Subscribers, ["participantscount"] = Subscribers, ["members"] = Subscribers,
        ["subscriberscount"] = Subscribers,
    };

    /// <summary>The field that a name means; null for one that means none of ours.</summary>
    public static string? Of(string name) =>
        Names.GetValueOrDefault(string.Concat(name.Where(char.IsAsciiLetterOrDigit)));

    /// <summary>Whether these are names of columns, one of which holds the channel.</summary>
    public static bool IsHeader(IEnumerable<string> cells) =>
        cells.Select(Of).Any(field => field is Username or Link or Called);

    /// <summary>Notes what a field says; of several with the same meaning, the first that says anything.</summary>
    public static void Put(Dictionary<string, string> fields, string field, string text)
    {
        if (!fields.TryAdd(field, text) && string.IsNullOrWhiteSpace(fields[field])) fields[field] = text;
    }

    /// <summary>A channel from its fields; or why they are none.</summary>
    /// <param name="fields">The texts by field; the first of several with the same meaning.</param>
    /// <param name="category">The category if there is none.</param>
    public static (Channel? Channel, string? Fault) Read(
        IReadOnlyDictionary<string, string> fields, string? category)
    {
        var texts = NamesIn(fields).Where(text => !string.IsNullOrWhiteSpace(text)).ToList();
        if (texts.Count == 0) return (null, "it names no channel");
        if (!TryName(texts, out var name))
            return (null, $"'{ForeignText.Clean(texts[0], 60)}' is not a channel's name");
        var (about, said) = (fields.GetValueOrDefault(Description), fields.GetValueOrDefault(Category));
        var count = CountOf(fields.GetValueOrDefault(Subscribers));
        return (new(name, string.IsNullOrWhiteSpace(about) ? TitleIn(fields, name) : about,
            string.IsNullOrWhiteSpace(said) ? category : said, count, TgstatItems.LinkTo(name)), null);
    }

    /// <summary>
    /// The texts that may name the channel. A title is the last of them, and none beside a username or a link to
    /// Telegram: of a private channel called Technology, <c>@Technology</c> is somebody else's.
    /// </summary>
    private static string?[] NamesIn(IReadOnlyDictionary<string, string> fields)
    {
        var (link, called) = (fields.GetValueOrDefault(Link), fields.GetValueOrDefault(Called));
        if (fields.TryGetValue(Username, out var username)) return [username, link];
        return ImportLinks.In(link ?? "").Any() ? [link] : [called, link];
    }

    private static bool TryName(List<string?> texts, out ChannelName name)
    {
        foreach (var text in texts)
            if (ChannelName.TryParse(text, out name) || ImportLinks.TryParse(text, out name))
                return true;
        name = default;
        return false;
    }

    private static string? TitleIn(IReadOnlyDictionary<string, string> fields, ChannelName name) =>
        fields.GetValueOrDefault(Called) is { } called
        && !(ChannelName.TryParse(called, out var same) && same == name)
            ? called
            : null;

    /// <summary>Such as <c>12345</c>, <c>12,345</c> or <c>12 345</c>; null for anything else.</summary>
    private static long? CountOf(string? text)
    {
        var digits = string.Concat((text ?? "").Where(c => !char.IsWhiteSpace(c)));
        const NumberStyles styles = NumberStyles.AllowThousands | NumberStyles.AllowLeadingSign;
        return long.TryParse(digits, styles, CultureInfo.InvariantCulture, out var count) ? count : null;
    }
}
