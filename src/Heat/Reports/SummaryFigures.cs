using HeatUp.Simulations;

namespace Heat.Reports;

/// <summary>Looks figures up in a summary.</summary>
internal static class SummaryFigures
{
    /// <summary>A rate among the metrics; null if it couldn't be measured.</summary>
    public static double? Rate(this Summary summary, string metric) => summary.Metrics
        .FirstOrDefault(result => result.Metric == metric)?.Values
        .FirstOrDefault(value => value.Name == "rate")?.Value;
}
