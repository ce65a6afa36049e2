using HeatUp.Plans;
using HeatUp.Runs;

namespace HeatUp.Simulations;

/// <summary>The metrics of what was counted.</summary>
internal sealed class MetricValues(Tally tally) : IMetricValues
{
    private const string Done = "done";

    private Histogram? perSession;

    /// <inheritdoc/>
    public double ValueOf(Metric metric, Aggregation aggregation) => metric.Kind switch
    {
        MetricKind.Counter => CountOf(metric.Name),
        MetricKind.Rate => RateOf(metric.Name),
        _ => TrendOf(metric.Name, aggregation),
    };

    private static double Rate(double part, double whole) => whole == 0 ? double.NaN : part / whole;

    private double CountOf(string metric) => metric switch
    {
        "sittings" => tally.Sittings,
        "actions" => tally.Actions,
        "joins" => OfAction(JoinChannel.Word, Done),
        "reads" => OfAction(ReadMessages.Word, Done),
        "posts_read" => tally.PostsRead,
        "idles" => OfAction(Idle.Word, Done),
        "refusals" => tally.Refusals.Values.Sum(),
        "accounts_lost" => tally.AccountsLost,
        "tokens" => tally.Tokens.Total,
        _ => throw new ArgumentException($"'{metric}' is no counter.", nameof(metric)),
    };

    private double RateOf(string metric) => metric switch
    {
        "success_rate" => Rate(tally.ActionsDone, tally.Actions),
        "completed_rate" => Rate(
            tally.Ends.Where(end => end.Key.Code is null).Sum(end => end.Value), tally.Ends.Values.Sum()),
        "active_rate" => Rate(tally.SessionsSeen, tally.Arrivals),
        "plan_distinct" => Rate(tally.PlansDistinct, tally.PlansSampled),
        "fallback_rate" => Rate(tally.Fallbacks.Values.Sum(), tally.Sittings),
        "cached_rate" => Rate(tally.Tokens.Cached, tally.Tokens.Input),
        "channels_visited" => Rate(
            tally.ByChannel.Count(channel => channel.Joins + channel.Reads > 0), tally.ByChannel.Length),
        "channels_joined" => Rate(tally.ByChannel.Count(channel => channel.Joins > 0), tally.ByChannel.Length),
        "joins_read_later" => Rate(tally.JoinsReadLater, tally.JoinsKept),
        _ => throw new ArgumentException($"'{metric}' is no rate.", nameof(metric)),
    };

    /// <summary>How often which values of a trend came.</summary>
    public Histogram HistogramOf(string metric) => metric switch
    {
        "sitting_seconds" => tally.SittingSeconds,
        "actions_per_sitting" => tally.ActionsPerSitting,
        "sittings_per_session" => perSession ??= tally.SittingsPerSession(),
        _ => throw new ArgumentException($"'{metric}' is no trend.", nameof(metric)),
    };

    private double TrendOf(string metric, Aggregation aggregation)
    {
        var histogram = HistogramOf(metric);
        return aggregation.Kind switch
        {
            AggregationKind.Average => histogram.Mean,
            AggregationKind.Min => histogram.Percentile(0),
            AggregationKind.Median => histogram.Percentile(50),
            AggregationKind.Max => histogram.Percentile(100),
            _ => histogram.Percentile(aggregation.Percent),
        };
    }

    private long OfAction(string action, string outcome) => tally.Outcomes.GetValueOrDefault((action, outcome));
}
