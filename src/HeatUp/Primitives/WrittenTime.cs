using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;

namespace HeatUp.Primitives;

/// <summary>
/// Reads how long something takes, as servers and language models write it: <c>20</c>, <c>1m30.5s</c>,
/// <c>17000 ms</c>, <c>about 17 seconds</c>, <c>PT17S</c>, <c>0:17</c>. A range is none, nor what has another unit.
/// </summary>
internal static partial class WrittenTime
{
    private const int LengthMax = 64;

    private static readonly FrozenDictionary<string, double> Units = new[]
    {
        (0.001, "ms msec msecs millis millisecond milliseconds"), (1, "s sec secs second seconds"),
        (60, "m min mins minute minutes"), (3600, "h hr hrs hour hours"),
    }.SelectMany(unit => unit.Item2.Split(' ').Select(word => (word, unit.Item1)))
        .ToFrozenDictionary(unit => unit.word, unit => unit.Item2);

    /// <summary>The seconds of a text; null if it is no time. A number without a unit is one of seconds.</summary>
    public static double? Seconds(string text)
    {
        if (text.Length > LengthMax) return null;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var bare)) return bare;
        if (Clock().Match(text) is { Success: true } clock)
            return (60 * Number(clock.Groups[1].ValueSpan)) + Number(clock.Groups[2].ValueSpan);
        var (sum, end) = (0.0, Start().Match(text).Length);
        if (end > 0 && double.TryParse(text.AsSpan(end), NumberStyles.Float, CultureInfo.InvariantCulture, out bare))
            return bare;
        foreach (var part in Part().EnumerateMatches(text, end))
        {
            var one = text.AsSpan(part.Index, part.Length).TrimEnd(". ");
            var digits = one.LastIndexOfAnyInRange('0', '9') + 1;
            if (!Units.TryGetValue(one[digits..].Trim().ToString().ToLowerInvariant(), out var factor)) return null;
            (sum, end) = (sum + (factor * Number(one[..digits])), part.Index + part.Length);
        }
        return end == text.Length && sum > 0 ? sum : null;
    }

    /// <summary>Whether a text is a number without a unit.</summary>
    public static bool IsBare(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    /// <summary>Whether a word is a unit of time, such as <c>minutes</c>.</summary>
    public static bool IsUnit(string word) => Units.ContainsKey(word.ToLowerInvariant());

    private static double Number(ReadOnlySpan<char> digits) =>
        double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s*(?:0{1,2}:)?([0-9]{1,2}):([0-9]{2})\s*$")]
    private static partial Regex Clock();

    [GeneratedRegex(@"^\s*(?:PT|[~≈=]|about\s|around\s|approx(?:\.|imately)?\s)?\s*", RegexOptions.IgnoreCase)]
    private static partial Regex Start();

    [GeneratedRegex(@"\G[0-9]+(?:\.[0-9]+)?\s*[a-z]+\.?\s*", RegexOptions.IgnoreCase)]
    private static partial Regex Part();
}
