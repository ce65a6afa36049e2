using System.Globalization;
using System.Text.Json;

namespace HeatUp.Channels.Sources;

/// <summary>What a subscription allows and has spent, as <c>usage/stat</c> says.</summary>
/// <param name="HasService">Whether there is any active service at all.</param>
/// <param name="Spent">The requests that are spent in this period; null if it isn't said.</param>
/// <param name="Limit">The requests of a period; null if it isn't said.</param>
/// <param name="EndsAt">When the subscription ends; null if it isn't said.</param>
internal readonly record struct TgstatUsage(bool HasService, long? Spent, long? Limit, DateTimeOffset? EndsAt)
{
    private const string StatService = "api_stat";

    /// <summary>Reads the list of services: searching is of the one called API Stat.</summary>
    public static TgstatUsage Read(JsonElement response)
    {
        if (response.ValueKind != JsonValueKind.Array) return new(true, null, null, null);
        var services = response.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object).ToList();
        if (services.Count == 0) return new(false, null, null, null);
        var service = services.Find(IsStat);
        if (service.ValueKind == JsonValueKind.Undefined) return new(true, null, null, null);
        var (spent, limit) = CountsIn(JsonText.Of(JsonText.Field(service, "spentRequests")));
        return new(true, spent, limit, TimeOf(ChannelEntry.CountOf(JsonText.Field(service, "expiredAt"))));
    }

    private static bool IsStat(JsonElement service) =>
        JsonText.Of(JsonText.Field(service, "serviceKey"))
            ?.StartsWith(StatService, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Such as <c>89152/400000</c>.</summary>
    private static (long? Spent, long? Limit) CountsIn(string? text)
    {
        if (text?.Split('/') is not [var first, var second]) return default;
        return Number(first) is { } spent && Number(second) is { } limit ? (spent, limit) : default;
    }

    private static long? Number(string text) =>
        long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static DateTimeOffset? TimeOf(long? seconds) =>
        seconds is > 0 and < 253_402_300_800 and { } some ? DateTimeOffset.FromUnixTimeSeconds(some) : null;
}
