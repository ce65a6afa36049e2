using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace HeatUp.Simulation;

internal static class TimeZones
{
    public static bool TryFind(string zone, [NotNullWhen(true)] out TimeZoneInfo? found)
    {
        var hours = int.Parse(zone[3..], CultureInfo.InvariantCulture);
        found = TimeZoneInfo.CreateCustomTimeZone(zone, TimeSpan.FromHours(hours), zone, zone);
        return true;
    }
}
