namespace HeatUp.Channels.Sources;

/// <summary>Links and names of channels in any text.</summary>
internal static class ImportLinks
{
    private static readonly string[] Hosts = ["t.me/", "telegram.me/", "telegram.dog/"];

    /// <summary>What follows the host in links that lead to no channel, such as <c>t.me/share?url=...</c>.</summary>
    private static readonly HashSet<string> Functions = new(StringComparer.OrdinalIgnoreCase)
    {
        "share", "proxy", "socks", "login", "addstickers", "addemoji", "addtheme", "addlist", "joinchat", "setlanguage",
        "invoice", "contact", "confirmphone", "boost",
    };

    /// <summary>What may stand between links in a text.</summary>
    private static readonly char[] Between =
        [' ', '\t', '\r', '\n', ',', ';', '|', '<', '>', '(', ')', '[', ']', '{', '}', '"', '\'', '`', '*', '«', '»'];

    /// <summary>The channels that a line names, and what in it is a link to Telegram but to no channel.</summary>
    public static IEnumerable<(ChannelName? Name, string Text)> In(string line)
    {
        foreach (var piece in line.Split(Between, StringSplitOptions.RemoveEmptyEntries))
        {
            var text = piece.TrimEnd('.', ':', '!', '?', '…');
            if (TryParse(text, out var name)) yield return (name, text);
            else if (TailOf(text) is not null) yield return (null, text);
        }
    }

    /// <summary>
    /// Reads an <c>@name</c>, or a link to a channel or to one of its posts. A bare word is neither.
    /// </summary>
    public static bool TryParse(string? text, out ChannelName name)
    {
        name = default;
        text = text?.Trim();
        if (text?.StartsWith('@') == true) return ChannelName.TryParse(text, out name);
        if (text is null || TailOf(text) is not { } tail) return false;
        var segments = tail.Split('?', '#')[0].Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments is ["s", ..]) segments = segments[1..];
        var isOfChannel = segments is [_] || segments is [_, var post, ..] && post.All(char.IsAsciiDigit);
        return isOfChannel && !Functions.Contains(segments[0]) && ChannelName.TryParse(segments[0], out name);
    }

    /// <summary>What follows the host of Telegram; null if a text is no such link.</summary>
    private static string? TailOf(string text)
    {
        foreach (var scheme in new[] { "https://", "http://" })
            if (text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
                text = text[scheme.Length..];
        if (text.StartsWith("www.", StringComparison.OrdinalIgnoreCase)) text = text["www.".Length..];
        var host = Hosts.FirstOrDefault(host => text.StartsWith(host, StringComparison.OrdinalIgnoreCase));
        return host is null ? null : text[host.Length..];
    }
}
