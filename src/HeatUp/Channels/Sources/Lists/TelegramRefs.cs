using System.Buffers;
using System.Text.RegularExpressions;

namespace HeatUp.Channels.Sources.Lists;

/// <summary>What names a channel in a text, or looks as if it did.</summary>
/// <param name="Name">The channel; null if it is none.</param>
/// <param name="Text">What stands there.</param>
/// <param name="Fault">Why it is none; null if it is one.</param>
internal readonly record struct TelegramRef(ChannelName? Name, string Text, PassedOverReason? Fault = null);

/// <summary>
/// Finds <c>@names</c> and links to channels in any text. A bare word is neither, nor is what belongs to a mail
/// address, a link to another site, or the name of another network.
/// </summary>
internal static partial class TelegramRefs
{
    /// <summary>How far before an <c>@name</c> the name of another network may end.</summary>
    private const int NetworkReach = 24;

    private static readonly HashSet<string> OtherNetworks = new(StringComparer.OrdinalIgnoreCase)
    {
        "youtube", "instagram", "insta", "ig", "twitter", "tiktok", "facebook", "fb", "vk", "vkontakte", "discord",
        "github", "twitch", "snapchat", "threads", "mastodon", "linkedin", "reddit", "medium", "patreon", "skype",
        "viber", "whatsapp", "rutube", "pinterest", "bluesky", "inst", "npm", "x", "вк", "вконтакте", "ютуб", "ютьюб",
        "инстаграм", "инстаграмм", "инста", "инст", "твиттер", "тикток", "фейсбук", "рутуб", "дзен", "дискорд",
        "одноклассники",
    };

    private static readonly SearchValues<char> NameLetters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    /// <summary>Without one of these a text refers to nothing, or almost.</summary>
    private static readonly SearchValues<char> Signs = SearchValues.Create("@＠:/");

    /// <summary>What nobody sees, and what would end a name.</summary>
    private static readonly SearchValues<char> Hidden =
        SearchValues.Create("\u00AD\u200B\u200C\u200D\u200E\u200F\u2060\uFEFF");

    /// <summary>Whether a word names a network whose names are no channels.</summary>
    public static bool IsOtherNetwork(string word) => OtherNetworks.Contains(word);

    /// <summary>All that a text refers to, in its order.</summary>
    public static IEnumerable<TelegramRef> In(string text)
    {
        if (!MayRefer(text)) yield break;
        text = Plain(text);
        foreach (Match found in Candidates().Matches(text))
        {
            var isEmphasized = found.Index > 0 && text[found.Index - 1] == '_';
            if (found.Groups["at"].Success)
            {
                if (OfAt(text, found, isEmphasized) is { } named) yield return named;
            }
            else if (found.Groups["link"] is { Success: true } link)
            {
                foreach (var one in TelegramLink.Read(Trimmed(link.Value, isEmphasized))) yield return one;
            }
        }
    }

    /// <summary>What a text that says nothing else refers to; null if it says more, or refers to nothing.</summary>
    public static TelegramRef? Whole(string? text)
    {
        if (text is null || text.Length > ListLimits.NameCellMax) return null;
        text = Plain(text).Trim();
        foreach (var found in In(text))
        {
            var rest = text.Replace(found.Text, "", StringComparison.Ordinal);
            return rest.Any(char.IsLetterOrDigit) ? null : found;
        }
        return null;
    }

    /// <summary>
    /// The name at the beginning of a text. What follows may not make it another word: a domain, or letters that only
    /// look Latin.
    /// </summary>
    public static ChannelName? NameAt(ReadOnlySpan<char> text, bool isEmphasized = false)
    {
        var length = text.IndexOfAnyExcept(NameLetters);
        if (length < 0) length = text.Length;
        var run = text[..length];
        var rest = text[length..];
        if (rest.Length > 1 && rest[0] is '.' or '-' && char.IsAsciiLetterOrDigit(rest[1])) return null;
        if (rest.Length > 0 && rest[0] == '%') return null;
        foreach (var letter in rest)
        {
            if (char.IsAsciiLetterOrDigit(letter) || letter == '_') return null;
            if (!char.IsLetter(letter)) break;
        }
        if (isEmphasized) run = run.TrimEnd('_');
        return run.Length is >= ChannelName.LengthMin and <= ChannelName.LengthMax
            && ChannelName.TryParse(run.ToString(), out var name) && !NoValue.IsName(name)
                ? name
                : null;
    }

    private static bool MayRefer(string text) =>
        text.AsSpan().ContainsAny(Signs)
        || text.Contains("%3A", StringComparison.OrdinalIgnoreCase) || text.Contains(".t.me", StringComparison.Ordinal);

    /// <summary>Without what hides in it, and without the escapes that addresses have in JSON and in others.</summary>
    private static string Plain(string text)
    {
        if (text.AsSpan().ContainsAny(Hidden))
            text = string.Concat(text.Where(letter => !Hidden.Contains(letter)));
        text = text.Replace('＠', '@').Replace("\\/", "/").Replace("\\_", "_");
        if (!text.Contains('%')) return text;
        return text.Replace("%25", "%").Replace("%3A", ":", StringComparison.OrdinalIgnoreCase)
            .Replace("%2F", "/", StringComparison.OrdinalIgnoreCase).Replace("%40", "@")
            .Replace("%3F", "?", StringComparison.OrdinalIgnoreCase).Replace("%26", "&");
    }

    private static TelegramRef? OfAt(string text, Match found, bool isEmphasized)
    {
        if (IsInWord(text, found.Index) || NameAt(text.AsSpan(found.Index + 1), isEmphasized) is not { } name)
            return null;
        var before = WordBefore(text, found.Index);
        // A letter alone may be anything: only in "X: @name" it is a network.
        var isSure = before.Length > 1 || text.AsSpan(0, found.Index).TrimEnd() is [.., ':'];
        return isSure && OtherNetworks.Contains(before)
            ? new(null, found.Value, PassedOverReason.OtherSite)
            : new(name, found.Value);
    }

    /// <summary>
    /// Whether a Latin letter or a digit stands before, but for those of another name; an underscore may be emphasis.
    /// </summary>
    private static bool IsInWord(string text, int at)
    {
        var start = at;
        while (start > 0 && at - start <= ChannelName.LengthMax && NameLetters.Contains(text[start - 1])) start--;
        return text.AsSpan(start..at).ContainsAnyExcept('_') && !(start > 0 && text[start - 1] == '@');
    }

    private static string WordBefore(string text, int at)
    {
        var before = text.AsSpan(Math.Max(0, at - NetworkReach)..at).TrimEnd(" \u00A0\t:-–—(");
        var start = before.Length;
        while (start > 0 && char.IsLetter(before[start - 1])) start--;
        return before[start..].ToString();
    }

    private static string Trimmed(string link, bool isEmphasized)
    {
        link = link.TrimEnd('.', ':', '!', '?', '…', '*', '~', '\\');
        return isEmphasized ? link.TrimEnd('_') : link;
    }

    /// <summary>
    /// A link with or without its scheme, and whatever a text shows for it; what has an <c>@</c> but is none of
    /// Telegram's names, such as a mail address or a package; an <c>@name</c>. Each begins where a word does, so that a
    /// long text costs no more than its length.
    /// </summary>
    [GeneratedRegex("""
        (?: \[ [^\[\]()\n]{1,200} \]\( (?= https?:// ) )?
        (?<link> (?: https?:// | tg:(?://)? ) [^\s<>"'`|{}«»“”,;()\[\]]+
          | (?<![a-z0-9_.@%-]) (?> (?:[a-z0-9_-]{1,63}\.){1,8} [a-z]{2,24} ) (?> :[0-9]{1,5} )? [/?\#]
            [^\s<>"'`|{}«»“”,;()\[\]]+
          | (?<![a-z0-9_.@%-]) [a-z0-9_-]{1,63} \. t(?:elegram)? \. (?:me|dog) (?![a-z0-9_.-]) )
        | (?<mail> (?<![a-z0-9._%+-]) (?> [a-z0-9._%+-]{1,64} ) @ [a-z0-9-]{1,63} \. [a-z0-9] [a-z0-9.-]*
          | @ [a-z0-9_.-]{1,64} [@:] [a-z0-9-]{1,63} \. [a-z0-9] [a-z0-9.-]*
          | @ [a-z0-9-]{1,64} / [a-z] [a-z0-9./-]* )
        | (?<at> @ [a-z0-9_]+ )
        """, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace
            | RegexOptions.ExplicitCapture)]
    private static partial Regex Candidates();
}
