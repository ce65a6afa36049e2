using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using HeatUp.Channels;

namespace HeatUp.Simulations;

/// <summary>The time zones in which sessions can live.</summary>
public static class TimeZones
{
    /// <summary>The farthest from UTC, either way.</summary>
    public static readonly TimeSpan OffsetMax = TimeSpan.FromHours(14);

    private const string Utc = "UTC";
    private const int NameLengthMax = 64;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/");

    /// <summary>
    /// Files beside the list of zones, which are other things: this machine's own zone, or other clocks.
    /// </summary>
    private static readonly string[] NoZones = ["localtime", "posixrules", "posix/", "right/", "Factory"];

    /// <summary>
    /// The zone of this name: <c>UTC</c>; a fixed offset such as <c>UTC+3</c> or <c>UTC-03:30</c>, up to <see
    /// cref="OffsetMax"/>; or a name of the IANA list as it is written there, such as <c>Europe/Berlin</c>. Fixed
    /// offsets are the same everywhere; the others need this system's time zone data and follow its version.
    /// </summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        zone = name.StartsWith(Utc, StringComparison.Ordinal) ? OffsetZone(name) : IanaZone(name);
        return zone is not null;
    }

    /// <summary>The sentence for a name that is no zone's.</summary>
    internal static string Refusal(string name) =>
        Nearest.Proposal(name, "time zone", TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id))
        + " Allowed are names of the IANA list that this system has, such as Europe/Berlin, and UTC with or without"
        + " an offset up to 14 hours, such as UTC, UTC+3 or UTC-03:30.";

    private static TimeZoneInfo? OffsetZone(string name)
    {
        if (name == Utc) return TimeZoneInfo.Utc;
        if (OffsetOf(name.AsSpan(Utc.Length)) is not { } offset || offset.Duration() > OffsetMax) return null;
        return TimeZoneInfo.CreateCustomTimeZone(name, offset, name, name);
    }

    /// <summary>A sign, hours of one or two digits, and minutes of two, if any.</summary>
    private static TimeSpan? OffsetOf(ReadOnlySpan<char> text)
    {
        string[] formats = ["%h", "hh", "h\\:mm", "hh\\:mm"];
        if (text.Length < 2 || text[0] is not ('+' or '-')) return null;
        if (!TimeSpan.TryParseExact(text[1..], formats, CultureInfo.InvariantCulture, out var offset)) return null;
        return text[0] == '-' ? -offset : offset;
    }

    private static TimeZoneInfo? IanaZone(string name)
    {
        if (name.Length is 0 or > NameLengthMax || name.AsSpan().ContainsAnyExcept(NameCharacters)) return null;
        if (NoZones.Any(other => name.StartsWith(other, StringComparison.Ordinal))) return null;
        // Which spelling the system tolerates depends on what it has found before: only the list's own is taken.
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.Id == name ? zone : null;
    }
}
