using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using HeatUp.Channels;
using HeatUp.Channels.Sources.Lists;

namespace HeatUp.Plans.Replies;

/// <summary>
/// Reads which channel an action names: by the number of its line, by its name, by a link, or by both, as the prompt
/// itself writes them (<c>2 @addmeto</c>, <c>[2,"@addmeto",…]</c>). A number and a name that disagree name none.
/// </summary>
internal static partial class ReplyChannel
{
    private const int TextLengthMax = 300;

    /// <summary>The channel, of the pool or not; null if none or more than one is named.</summary>
    public static ChannelName? Read(JsonElement field, ChannelPool pool) => field.ValueKind switch
    {
        JsonValueKind.Number => Numbered(field.GetRawText(), pool),
        JsonValueKind.String => Read(ForeignText.Clean(field.GetString(), TextLengthMax), pool),
        // A list has the values of the channel's line, of which the first two say which it is.
        JsonValueKind.Array when field.GetArrayLength() > 0 => Read(string.Join(' ', field.EnumerateArray().Take(
            IsName(field, 1) ? 2 : field.GetArrayLength()).Select(TextOf)), pool),
        JsonValueKind.Object => Read(
            string.Join(' ', field.EnumerateObject().Select(property => TextOf(property.Value))), pool),
        _ => null,
    };

    private static ChannelName? Read(string foreign, ChannelPool pool)
    {
        var text = Query().Replace(foreign.Replace('＠', '@'), "");
        if (ChannelName.TryParse(text, out var name)) return Listed(name, pool);
        if (Numbered(text, pool) is { } whole) return whole;
        if (LinkIn(foreign) is { } linked) return Listed(linked, pool);
        ChannelName? found = null;
        var others = new List<string>();
        foreach (var word in Words(text))
        {
            var one = NameIn(word) is { } named ? Listed(named, pool) : IsNumber(word) ? Numbered(word, pool) : null;
            if (one is null && (IsNumber(word) || word.Contains('@'))) return null;
            if (one is null) others.Add(word);
            else if (found is not null && found != one) return null;
            else found = one;
        }
        // What else is said must say nothing, or the same once more.
        return others.All(word => IsFiller(word) || (ChannelName.TryParse(word, out var same) && same == found))
            ? found
            : null;
    }

    /// <summary>The words without the marks around them; of a line of the list, its first two values.</summary>
    private static IEnumerable<string> Words(string text)
    {
        var line = Line().Match(text);
        return Separators().Split(line.Success ? $"{line.Groups[1].Value} {line.Groups[2].Value}" : text)
            .Select(word => word.Trim('.', '`', '*', '<', '>'))
            .Where(word => word.Length > 0);
    }

    private static ChannelName? NameIn(string word) =>
        (word[0] == '@' || word.Contains('/'))
        && ChannelName.TryParse(Scheme().Replace(word, ""), out var name) ? name : null;

    /// <summary>What a link leads to that is all of a text: a post, TGStat's page, Telegram's app.</summary>
    private static ChannelName? LinkIn(string text) => text.Contains('/') && !text.Contains(' ')
        ? TelegramLink.Read(text).FirstOrDefault().Name
        : null;

    private static ChannelName Listed(ChannelName name, ChannelPool pool) => pool.Find(name)?.Name ?? name;

    /// <summary>A number is not rounded: between two channels there is none.</summary>
    private static ChannelName? Numbered(string text, ChannelPool pool) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsInteger(number) && Math.Abs(number) < int.MaxValue
            ? PoolNumbers.ChannelOf(pool, (int)number)
            : null;

    private static bool IsNumber(string word) => word.All(char.IsAsciiDigit);

    private static bool IsFiller(string word) =>
        word.ToLowerInvariant() is "channel" or "number" or "no" or "line" or "id" or "index" or "ch" or "the" or "-";

    private static bool IsName(JsonElement list, int index) =>
        list.GetArrayLength() > index && TextOf(list[index]) is { } text && ChannelName.TryParse(text, out _);

    private static string TextOf(JsonElement item) => ForeignText.Clean(
        item.ValueKind == JsonValueKind.String ? item.GetString() : item.GetRawText(), TextLengthMax);

    // Quotes, brackets, commas, and what stands between a number and a name.
    [GeneratedRegex("""(?:[\s\[\](){},;|"'=–—#№]|:(?!//))+""")]
    private static partial Regex Separators();

    // What a link carries beside the place.
    [GeneratedRegex(@"(?<=/\w+)/?\?\S*")]
    private static partial Regex Query();

    [GeneratedRegex(@"^https?://(www\.)?|^www\.", RegexOptions.IgnoreCase)]
    private static partial Regex Scheme();

    [GeneratedRegex("""^\s*\[?\s*(\d+)\s*,\s*"?(@\w+)"?\s*,.*$""")]
    private static partial Regex Line();
}
