using System.Globalization;

namespace HeatUp.Channels.Sources;

/// <summary>What columns and fields of other people's files may be called.</summary>
internal static class ImportFields
{
    public const string Username = "username";
    public const string Link = "link";
    public const string Description = "description";
    public const string Category = "category";
    public const string Subscribers = "subscribers";

    /// <summary>What may stand between the columns of a table.</summary>
    public static readonly char[] Separators = [',', ';', '\t', '|'];

    private static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["username"] = Username, ["channel"] = Username, ["channelusername"] = Username, ["name"] = Username,
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
    public static bool IsHeader(IEnumerable<string> cells) => cells.Select(Of).Any(field => field is Username or Link);

    /// <summary>A channel from its fields; or why they are none.</summary>
    /// <param name="fields">The texts by field; the first of several with the same meaning.</param>
    /// <param name="category">The category if there is none.</param>
    public static (Channel? Channel, string? Fault) Read(
        IReadOnlyDictionary<string, string> fields, string? category)
    {
        var (username, link) = (fields.GetValueOrDefault(Username), fields.GetValueOrDefault(Link));
        if (string.IsNullOrWhiteSpace(username) && string.IsNullOrWhiteSpace(link))
            return (null, "it names no channel");
        if (!ChannelName.TryParse(username, out var name) && !ImportLinks.TryParse(link, out name)
            && !ImportLinks.TryParse(username, out name))
            return (null, $"'{ForeignText.Clean(username ?? link, 60)}' is not a channel's name");
        var said = fields.GetValueOrDefault(Category);
        var count = CountOf(fields.GetValueOrDefault(Subscribers));
        return (new(name, fields.GetValueOrDefault(Description),
            string.IsNullOrWhiteSpace(said) ? category : said, count, TgstatItems.LinkTo(name)), null);
    }

    /// <summary>Such as <c>12345</c>, <c>12,345</c> or <c>12 345</c>; null for anything else.</summary>
    private static long? CountOf(string? text)
    {
        var digits = string.Concat((text ?? "").Where(c => !char.IsWhiteSpace(c)));
        const NumberStyles styles = NumberStyles.AllowThousands | NumberStyles.AllowLeadingSign;
        return long.TryParse(digits, styles, CultureInfo.InvariantCulture, out var count) ? count : null;
    }
}
