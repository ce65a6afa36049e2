using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace HeatUp.Channels.Sources.Lists;

/// <summary>
/// Counts of people as people and pages write them: <c>12 345</c>, <c>1.2M</c>, <c>5,4 тыс.</c>,
/// <c>704 564 subscribers</c>. What can be read in two ways isn't read: <c>1,5</c> is neither 15 nor 1.
/// </summary>
internal static partial class PeopleCount
{
    /// <summary>More than there are people.</summary>
    private const double CountMax = 1e10;

    /// <summary>The longest text that may be a count.</summary>
    private const int LengthMax = 120;

    /// <summary>The count; null if the text is none, or not surely.</summary>
    public static long? Read(string text)
    {
        if (text.Length > LengthMax || Form().Match(Plain(text)) is not { Success: true } match) return null;
        var times = TimesOf(match);
        if (NumberOf(match.Groups["number"].Value, hasUnit: times > 1) is not { } number) return null;
        var count = number * times;
        var isWhole = times > 1 || count == Math.Floor(count);
        return isWhole && count is >= 0 and <= CountMax ? (long)Math.Round(count) : null;
    }

    /// <summary>In ASCII digits, with plain spaces and signs, in lower case, without arrows and pictures.</summary>
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var letter in text.Trim().TrimStart('\'').ToLowerInvariant())
        {
            var digit = char.IsDigit(letter) ? CharUnicodeInfo.GetDecimalDigitValue(letter) : -1;
            if (digit >= 0) plain.Append((char)('0' + digit));
            else if (char.GetUnicodeCategory(letter) is UnicodeCategory.Format
                or UnicodeCategory.NonSpacingMark) continue;
            else if (char.IsWhiteSpace(letter) || IsPicture(letter)) plain.Append(' ');
            else plain.Append(letter switch { '’' or '`' or 'ʼ' => '\'', '٬' => ',', '٫' => '.', _ => letter });
        }
        return plain.ToString().Trim();

        static bool IsPicture(char letter) => letter is >= '\u2190' and <= '\u21FF'
            || char.GetUnicodeCategory(letter) is UnicodeCategory.OtherSymbol or UnicodeCategory.Surrogate;
    }

    private static double TimesOf(Match match)
    {
        foreach (var unit in match.Groups.Keys)
            if (unit[0] == 'e' && match.Groups[unit].Success)
                return Math.Pow(10, int.Parse(unit.AsSpan(1), CultureInfo.InvariantCulture));
        return 1;
    }

    /// <summary>
    /// The number. Signs between groups of three digits part thousands; but before a unit a single point or comma is a
    /// decimal one, and <c>1,310K</c> may be either.
    /// </summary>
    private static double? NumberOf(string text, bool hasUnit)
    {
        const NumberStyles style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        var isSingle = text.Count(letter => !char.IsAsciiDigit(letter)) == 1;
        if (!(hasUnit && isSingle) && Thousands().Match(text) is { Success: true } thousands)
            text = string.Concat(thousands.Groups["whole"].Value.Where(char.IsAsciiDigit));
        else if (WithFraction().Match(text) is { Success: true } parted)
            text = string.Concat(parted.Groups["whole"].Value.Where(char.IsAsciiDigit)) + "."
                + parted.Groups["fraction"].Value;
        else if (text.AsSpan().IndexOfAny(" '") >= 0 || hasUnit && CommaBeforeThree().IsMatch(text)) return null;
        return double.TryParse(text.Replace(',', '.'), style, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
    }

    /// <summary>A number, with how sure it is, its unit, whom it counts, and how many of them are there now.</summary>
    [GeneratedRegex("""
        ^ (?: (?: subscribers | members | followers | participants | подписчик\p{L}* | участник\p{L}* ) \s? :? \s? )?
        (?: [~≈≥>+] | (?: about | ca\.? | over | more\ than | около | более | свыше | примерно | приблизительно ) \s )?
        \s? (?<number> [0-9]+ (?:[,.'\ ][0-9]+)* (?:e\+?[0-9]{1,2})? ) \s?
        (?: (?: (?<e3> k | к | thousand | tsd | тыс | тысяч\p{L}? | тис | bin | هزار | ألف | 千 | 천 )
          | (?<e4> 万 | 萬 | 만 ) | (?<e5> lakhs? | lac )
          | (?<e6> m | mm | м | mln | mio | million s? | milyon | milhões | millones | millionen | млн | миллион\p{L}*
            | мільйон\p{L}* | میلیون | مليون )
          | (?<e7> crores? | cr ) | (?<e8> 亿 | 億 | 억 ) | (?<e9> b | bn | bln | billion s? | млрд | миллиард\p{L}* ) )
          (?! [\p{L}-[명人名]] ) \.? )?
        \s? \+? \s?
        (?: subscribers? | subs | members? | followers? | participants? | users | people | readers | подписчик\p{L}*
          | участник\p{L}* | подп\.? | чел\.? | человек\p{L}? | читател\p{L}* | підписник\p{L}* | abonn[eé]\p{L}*
          | mitglieder | membres | suscriptores | miembros | inscritos | membros | iscritti | abone | üye | takipçi
          | عضو | مشترك | 명 | 人 | 名 )?
        (?: (?: \s? [,•·|/;] | (?<=\p{L}) ) \s? [0-9] [0-9\ ,.]* \s? (?: online | онлайн | в\ сети )
          | \s? \( [^()]* \) )? $
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();

    [GeneratedRegex(@"^(?<whole>[1-9][0-9]{0,2}(?<by>[,. '])[0-9]{3}(?:\k<by>[0-9]{3})*|[1-9][0-9]?(?:,[0-9]{2})+"
        + @",[0-9]{3})(?:\.0+)?$")]
    private static partial Regex Thousands();

    /// <summary>Thousands and a fraction, parted by different signs, such as <c>1 234,5</c>.</summary>
    [GeneratedRegex(@"^(?<whole>[1-9][0-9]{0,2}(?:(?<by>[,. '])[0-9]{3})+)(?!\k<by>)[.,](?<fraction>[0-9]{1,2})$")]
    private static partial Regex WithFraction();

    [GeneratedRegex(",[0-9]{3}$")]
    private static partial Regex CommaBeforeThree();
}

/// <summary>What programs and people write where there is nothing.</summary>
internal static class NoValue
{
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "none", "null", "nan", "nat", "n/a", "n.a.", "na", "#n/a", "nil", "undefined", "false", "true", "\\n",
        "empty", "blank", "missing", "unknown", "private", "hidden", "deleted", "no", "without", "not set", "?",
        "no username", "no_username", "no name", "no link", "#ref!", "#name?", "#value!", "#div/0!", "#num!",
        "#null!", "#error!", "total", "totals", "subtotal", "average", "sum", "всего", "итого", "среднее", "сумма",
        "нет", "не указано", "неизвестно", "отсутствует", "пусто", "н/д", "приватный", "закрытый", "无", "없음",
    };

    private static readonly SearchValues<char> Dashes = SearchValues.Create("-–—−_.…*|> \u00A0");

    /// <summary>Words that programs write for nothing, even in the place of a name, as in <c>t.me/None</c>; and those
    /// that stand for a name in instructions.</summary>
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "@none", "@null", "@undefined", "@false", "@true", "@empty", "@username", "@user_name", "@your_username",
        "@channel_name", "@channelname", "@channel_username", "@your_channel", "@yourchannel", "@admin",
        "@everyone", "@here", "@type", "@extra", "@context",
    };

    /// <summary>Whether a cell says that there is nothing.</summary>
    public static bool IsIn(string? text)
    {
        var said = text.AsSpan().Trim(" \u00A0\t\r\n");
        if (said is ['(', .., ')'] or ['[', .., ']'] or ['<', .., '>']) said = said[1..^1].Trim();
        return said.Length == 0 || Words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(said)
            || !said.ContainsAnyExcept(Dashes);
    }

    /// <summary>Whether a name is none but stands for one.</summary>
    public static bool IsName(ChannelName name) => Names.Contains(name.Value);
}
