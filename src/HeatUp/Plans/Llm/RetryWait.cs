using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using HeatUp.Primitives;

namespace HeatUp.Plans.Llm;

/// <summary>
/// Reads how long a server wants to be left alone: from the headers that are made for it, else from its words or the
/// fields beside them, else from the limit that it says is used up.
/// </summary>
internal static partial class RetryWait
{
    private const int BodyReadMax = 16 * 1024;

    // A number of seconds that long is a date: since 1970.
    private const double SecondsMax = 1e9;
    private const double MillisecondsMin = 1e12;

    /// <summary>The time; null if it doesn't say, zero if it says "now".</summary>
    public static TimeSpan? Of(ChatRefusal refusal, DateTimeOffset now)
    {
        var headers = refusal.Headers;
        if (Header(headers, "retry-after-ms") is { } milliseconds && Until($"{milliseconds} ms", now) is { } exact)
            return exact;
        if (Header(headers, "Retry-After") is { } asked && Until(asked, now) is { } wait) return wait;
        var body = refusal.Body.AsSpan(0, Math.Min(refusal.Body.Length, BodyReadMax)).ToString();
        var inWords = Said().Matches(body).Select(said => Until(said.Groups[1].Value.TrimEnd('.'), now))
            .FirstOrDefault(time => time is not null);
        if (inWords is not null) return inWords;
        return headers?.Where(header => IsReset(header.Key) && IsUsedUp(headers, header.Key))
            .Select(header => Until(header.Value.First(), now)).Max();
    }

    private static bool IsReset(string name) => name.Contains("ratelimit", StringComparison.OrdinalIgnoreCase)
        && name.Contains("reset", StringComparison.OrdinalIgnoreCase);

    private static bool IsUsedUp(HttpResponseHeaders headers, string reset) =>
        Header(headers, reset.Replace("reset", "remaining", StringComparison.OrdinalIgnoreCase)) is null or "0";

    private static TimeSpan? Until(string text, DateTimeOffset now)
    {
        var seconds = WrittenTime.Seconds(text) switch
        {
            null when DateTimeOffset.TryParse(
                text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) =>
                Math.Max(0, (date - now).TotalSeconds),
            >= MillisecondsMin and var since => Math.Max(0, (since / 1000) - now.ToUnixTimeSeconds()),
            >= SecondsMax and var since => Math.Max(0, since - now.ToUnixTimeSeconds()),
            var plain => plain,
        };
        return seconds is not >= 0 ? null
            : seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds.Value) : TimeSpan.MaxValue;
    }

    private static string? Header(HttpResponseHeaders? headers, string name) =>
        headers is not null && headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    // A date, a clock's minutes and seconds, or numbers with units: taken whole or not at all. A part of a range, of a
    // longer number or of a time in days would be another time.
    [GeneratedRegex(
        @"(?:again in|retry in|retry after|retry_?(?:delay|after)(?:_seconds)?|please wait|wait for"
        + @"|ratelimit-reset)[""':\s]*("
        + @"(?>[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9.]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
        + @"|[0-9]{1,2}:[0-9]{2}"
        + @"|[0-9][\w.]*(?:\s(?:(?:ms|milli|sec|min|hour|hr)\w*|[smh]\b))?"
        + @"(?:\s[0-9]+(?:\.[0-9]+)?\s?(?:(?:ms|milli|sec|min|hour|hr)\w*|[smh]\b))*))"
        + @"(?!\w|[,:][0-9]|[/–-]\w|\sto\s[0-9]|\s*(?:day|week|month|year))",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Said();
}
