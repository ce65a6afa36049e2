using System.Collections.Immutable;

namespace HeatUp.Simulation;

/// <summary>Who lives in a simulation, and when they look at Telegram: drawn from the seed by session.</summary>
public sealed class Population
{
    /// <summary>
    /// Where sessions live unless the scenario says otherwise: fixed offsets, so that no machine's time zone data
    /// matter. The shares are assumed.
    /// </summary>
    public static ImmutableArray<ZoneShare> ZonesDefault { get; } =
        [new("UTC+3", 0.6), new("UTC+5", 0.2), new("UTC+2", 0.1), new("UTC+1", 0.1)];
}
