using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace HeatUp.Primitives;

/// <summary>
/// Where the library's metrics and spans come from: one meter, one source. Costs next to nothing while nobody listens.
/// </summary>
public static class Telemetry
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "HeatUp";

    internal static readonly ActivitySource Source = new(Name);
    internal static readonly Meter Meter = new(Name);
}
