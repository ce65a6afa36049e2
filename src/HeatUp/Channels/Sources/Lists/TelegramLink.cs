namespace HeatUp.Channels.Sources.Lists;

/// <summary>
/// Links to channels: on all of Telegram's hosts, in its apps, and on TGStat's pages. A link to another site may hold
/// one as a parameter.
/// </summary>
internal static class TelegramLink
{
    /// <summary>What follows the host in links that lead to no channel, such as <c>t.me/share?url=...</c>.</summary>
    private static readonly HashSet<string> Functions = new(StringComparer.OrdinalIgnoreCase)
    {
        "share", "proxy", "socks", "login", "addstickers", "addemoji", "addtheme", "addlist", "joinchat", "setlanguage",
        "invoice", "contact", "confirmphone", "boost", "giftcode", "premium_offer", "auction",
    };

    /// <summary>The longest link that is read.</summary>
    private const int LengthMax = 2048;

    /// <summary>How deep a link may lie in others.</summary>
    private const int NestingMax = 3;

    private static readonly string[] Hosts = ["t.me", "telegram.me", "telegram.dog"];

    private static readonly string[] TgstatHosts = ["tgstat.ru", "tgstat.com", "tgstat.org"];

    /// <summary>What a link refers to; nothing for a link that isn't about Telegram.</summary>
    public static IEnumerable<TelegramRef> Read(string link) =>
        link.Length <= LengthMax ? Read(link, NestingMax) : [];

    private static IEnumerable<TelegramRef> Read(string link, int nesting)
    {
        if (link.StartsWith("tg:", StringComparison.OrdinalIgnoreCase)) return [OfApp(link)];
        var address = WithoutScheme(link);
        var hostLength = address.AsSpan().IndexOfAny("/?#");
        if (hostLength < 0) hostLength = address.Length;
        var host = address[..hostLength].Split(':')[0].ToLowerInvariant();
        if (host.StartsWith("www.", StringComparison.Ordinal)) host = host["www.".Length..];
        var rest = address[hostLength..];
        if (Hosts.Contains(host)) return OfPath(rest, link, nesting);
        if (Hosts.FirstOrDefault(known => host.EndsWith($".{known}", StringComparison.Ordinal)) is { } parent)
            return OfPath($"/{host[..^(parent.Length + 1)]}{rest}", link, nesting);
        if (host is "web.telegram.org" or "weba.telegram.org" or "webk.telegram.org" or "webz.telegram.org")
            return OfWebApp(rest, link);
        return TgstatHosts.Any(known => host == known || host.EndsWith($".{known}", StringComparison.Ordinal))
            ? OfTgstat(rest, link)
            : NestedIn(rest, nesting);
    }

    /// <summary>Whether a link leads to another site, whose names are no channels.</summary>
    public static bool IsOther(string link) =>
        link.Contains("://", StringComparison.Ordinal) && !Read(link).Any();

    private static string WithoutScheme(string link)
    {
        while (link.IndexOf("://", StringComparison.Ordinal) is >= 0 and < 6 and var at) link = link[(at + 3)..];
        return link;
    }

    private static List<TelegramRef> OfPath(string path, string link, int nesting)
    {
        var (segments, query) = Split(path);
        if (segments is ["s" or "boost", _, ..] && NameAt(segments[1]) is not null) segments = segments[1..];
        if (segments is ["share" or "iv" or "http:" or "https:", ..]
            && NestedIn(path, nesting).ToList() is { Count: > 0 } nested) return nested;
        if (segments is [['+', ..], ..] or ["joinchat" or "c", ..])
            return [new(null, link, PassedOverReason.NotPublic)];
        if (segments.Length == 0 || Functions.Contains(segments[0]) || NameAt(segments[0]) is not { } name)
            return [new(null, link, PassedOverReason.LinkToNoChannel)];
        if (Parameters(query).Any(one => IsOfBot(one.Name))) return [new(null, link, PassedOverReason.Bot)];
        // A post, a post of a topic, a story, an album of stories.
        var isOfChannel = segments.Length == 1 || segments is [_, "s" or "a", ..] || segments[1].All(char.IsAsciiDigit);
        return [isOfChannel ? new(name, link) : new(null, link, PassedOverReason.LinkToNoChannel)];
    }

    private static bool IsOfBot(string parameter) => parameter is "start" or "startapp" or "startgroup";

    /// <summary>Such as <c>tg://resolve?domain=name</c>.</summary>
    private static TelegramRef OfApp(string link)
    {
        var parameters = Parameters(Split(link).Query).ToList();
        if (parameters.Exists(one => IsOfBot(one.Name))) return new(null, link, PassedOverReason.Bot);
        if (NameAt(parameters.Find(one => one.Name == "domain").Value ?? "") is { } name) return new(name, link);
        var isInvitation = link.Contains("join?", StringComparison.OrdinalIgnoreCase);
        return new(null, link, isInvitation ? PassedOverReason.NotPublic : PassedOverReason.LinkToNoChannel);
    }

    private static IEnumerable<TelegramRef> OfWebApp(string rest, string link)
    {
        var at = rest.IndexOf('@');
        if (at >= 0 && NameAt(rest[at..]) is { } name) return [new(name, link)];
        return rest.Contains('#') ? [new(null, link, PassedOverReason.LinkToNoChannel)] : [];
    }

    private static IEnumerable<TelegramRef> OfTgstat(string path, string link)
    {
        var (segments, _) = Split(path);
        var kind = Array.FindIndex(segments, one => one is "channel" or "chat");
        if (kind < 0 || kind + 1 == segments.Length) return [];
        if (segments[kind] == "chat") return [new(null, link, PassedOverReason.Group)];
        if (!segments[kind + 1].StartsWith('@')) return [new(null, link, PassedOverReason.NotPublic)];
        return NameAt(segments[kind + 1]) is { } name
            ? [new(name, link)]
            : [new(null, link, PassedOverReason.LinkToNoChannel)];
    }

    /// <summary>What a parameter of a link to elsewhere leads to.</summary>
    private static IEnumerable<TelegramRef> NestedIn(string rest, int nesting)
    {
        var at = rest.IndexOf("://", StringComparison.Ordinal);
        if (at < 0 || nesting == 0) return [];
        var start = rest.LastIndexOfAny(['=', '/', '?', '&'], at) + 1;
        var end = rest.AsSpan(at).IndexOf('&');
        return Read(end < 0 ? rest[start..] : rest[start..(at + end)], nesting - 1);
    }

    private static (string[] Segments, string Query) Split(string path)
    {
        var end = path.IndexOfAny(['?', '#']);
        var way = end < 0 ? path : path[..end];
        return (way.Split('/', StringSplitOptions.RemoveEmptyEntries), end < 0 ? "" : path[(end + 1)..]);
    }

    private static IEnumerable<(string Name, string Value)> Parameters(string query) =>
        from part in query.Split('&', '#')
        let pair = part.Split('=', 2)
        select (pair[0].ToLowerInvariant(), pair.Length > 1 ? pair[1] : "");

    private static ChannelName? NameAt(string text) =>
        TelegramRefs.NameAt((text.Contains('%') ? Uri.UnescapeDataString(text) : text).AsSpan().TrimStart('@'));
}
