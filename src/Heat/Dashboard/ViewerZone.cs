using HeatUp.Simulations;

namespace Heat.Dashboard;

/// <summary>
/// The time zone of whoever looks, as the pages' script has told it in a cookie; UTC without scripts.
/// </summary>
internal static class ViewerZone
{
    private const string CookieName = "heat_zone";

    public static TimeZoneInfo Of(HttpRequest request) =>
        request.Cookies[CookieName] is { } name && TimeZones.TryFind(name, out var zone) ? zone : TimeZoneInfo.Utc;
}
