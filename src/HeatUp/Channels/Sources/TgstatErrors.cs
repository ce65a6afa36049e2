using System.Globalization;

namespace HeatUp.Channels.Sources;

/// <summary>
/// What TGStat's errors mean and what to do about them. TGStat may answer others: those are shown as they are.
/// </summary>
internal static class TgstatErrors
{
    private const string Flood = "flood_control_";
    private const string Tariffs = "https://tgstat.ru/my/tariffs";
    private const int FloodSecondsMax = 600;
    private const int ShownMax = 200;

    private static readonly Dictionary<string, (string Meaning, string ToDo, bool EndsAll)> Known =
        new(StringComparer.Ordinal)
        {
            ["empty_token"] = ("got no token", "Set TGSTAT_API_TOKEN.", true),
            ["token_invalid"] = ("does not know the token", "Compare TGSTAT_API_TOKEN with the one in your "
                + "account at https://api.tgstat.ru.", true),
            ["no_active_subscription"] = ("knows no active subscription for the token",
                $"Searching needs a paid plan of API Stat: see {Tariffs}.", true),
            ["quota_requests_reached"] = ("has no more requests for you in this period",
                $"Wait for the next period of your plan, or take a larger one: {Tariffs}.", true),
            ["quota_channel_reached"] = ("has no more channels for you in this period",
                $"Wait for the next period of your plan, or take a larger one: {Tariffs}.", true),
            ["quota_keywords_reached"] = ("has no more keywords for you in this period",
                "Ask for categories that TGStat has a code for, or wait for the next period of your plan.", false),
            ["quota_foreign_channel"] = ("shows the free plan your own channels only",
                $"Searching needs a paid plan of API Stat: see {Tariffs}.", true),
            ["outdated_statistics"] = ("is renewing its statistics", "Try again in 15 minutes.", false),
            ["wrong_method"] = ("does not know the method",
                "Check TGSTAT_BASE_URL; if it is right, TGStat's API has changed: look for a newer Heat Up.", true),
            ["wrong_method_type"] = ("wants the method in another way",
                "Check TGSTAT_BASE_URL; if it is right, TGStat's API has changed: look for a newer Heat Up.", true),
            ["param country required"] = ("needs a country", "Name one with --country, such as --country ru.", true),
            ["param q is too short"] = ("needs a longer text to search for",
                "Name a category that TGStat has a code for.", false),
        };

    /// <summary>What an error means. What strangers wrote is masked and cleaned.</summary>
    public static TgstatFailure Of(string error, TokenMask mask)
    {
        if (FloodWait(error) is { } wait)
            return new($"TGStat gets too many calls ({error}).", "Try again later.")
            {
                Wait = wait,
            };
        if (!Known.TryGetValue(error.Trim(), out var known))
            return new($"TGStat answers: {mask.Clean(error, ShownMax)}");
        return new($"TGStat {known.Meaning} ({error.Trim()}). {known.ToDo}")
        {
            EndsAll = known.EndsAll ? $"TGStat {known.Meaning} ({error.Trim()})." : null,
        };
    }

    private static TimeSpan? FloodWait(string error) =>
        error.StartsWith(Flood, StringComparison.Ordinal)
        && int.TryParse(error.AsSpan(Flood.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds <= FloodSecondsMax
            ? TimeSpan.FromSeconds(seconds)
            : null;
}
