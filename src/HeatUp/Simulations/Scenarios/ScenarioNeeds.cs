using System.Globalization;

namespace HeatUp.Simulations;

/// <summary>What a simulation is going to take, estimated.</summary>
/// <param name="MemoryBytes">Of memory.</param>
/// <param name="DiskBytes">Of disk, for the history; 0 without one.</param>
public readonly record struct ScenarioNeeds(double MemoryBytes, double DiskBytes)
{
    /// <summary>Memory for a session, with what is remembered of it while it lives.</summary>
    public const int MemoryBytesPerSession = 1_536;

    /// <summary>
    /// Disk for an action in the history, with its share of its sitting: measured. The indexes that <c>heat</c> makes
    /// when it is first asked of the history take half as much again.
    /// </summary>
    public const int DiskBytesPerAction = 400;

    /// <summary>What a scenario takes.</summary>
    public static ScenarioNeeds Of(Scenario scenario) => Of(scenario, scenario.Sessions);

    /// <summary>What a scenario would take with this many sessions, which may be too many.</summary>
    internal static ScenarioNeeds Of(Scenario scenario, double sessions)
    {
        var sittings = SittingsOf(scenario, sessions);
        var disk = scenario.History ? sittings * Population.ActionsPerSittingMean * DiskBytesPerAction : 0;
        return new(sessions * MemoryBytesPerSession, disk);
    }

    /// <summary>
    /// How many sittings so many sessions have. Those that arrive over some days live half of these less, on average.
    /// </summary>
    internal static double SittingsOf(Scenario scenario, double sessions) =>
        sessions * scenario.SittingsPerDayMean * (scenario.Days - scenario.ArriveOverDays / 2.0);

    /// <summary>The disk for people, such as <c>about 16 GiB of disk</c>.</summary>
    public string Disk => $"about {Show(DiskBytes)} of disk";

    /// <summary>For people, such as <c>about 1.5 GiB of memory and 16 GiB of disk</c>.</summary>
    public override string ToString() => DiskBytes > 0
        ? $"about {Show(MemoryBytes)} of memory and {Show(DiskBytes)} of disk"
        : $"about {Show(MemoryBytes)} of memory";

    private static string Show(double bytes)
    {
        string[] units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
        var unit = 0;
        for (; bytes >= 1024 && unit < units.Length - 1; unit++) bytes /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{bytes:#,0.#} {units[unit]}");
    }
}
