using System.Collections.Immutable;

namespace HeatUp.Simulations;

/// <summary>What a metric measures, which says how it can be aggregated.</summary>
public enum MetricKind
{
    /// <summary>How many: <c>count</c>.</summary>
    Counter,

    /// <summary>Which part of all, 0 to 1: <c>rate</c>.</summary>
    Rate,

    /// <summary>A distribution: <c>avg</c>, <c>min</c>, <c>med</c>, <c>max</c>, <c>p(0)</c> to <c>p(100)</c>.</summary>
    Trend,
}

/// <summary>A metric that a run has.</summary>
/// <param name="Name">Its name, such as <c>success_rate</c>.</param>
/// <param name="Kind">What it measures.</param>
/// <param name="Unit">The unit of its values, such as <c>s</c>; empty for plain numbers.</param>
/// <param name="Meaning">What it says, for people: a phrase without a full stop.</param>
public sealed record Metric(string Name, MetricKind Kind, string Unit, string Meaning)
{
    /// <summary>All metrics, in the order in which they are shown.</summary>
    public static ImmutableArray<Metric> All { get; } =
    [
        new("sittings", MetricKind.Counter, "", "sittings that began"),
        new("actions", MetricKind.Counter, "", "actions that were tried"),
        new("joins", MetricKind.Counter, "", "joins of channels"),
        new("reads", MetricKind.Counter, "", "readings of channels"),
        new("posts_read", MetricKind.Counter, "", "posts read"),
        new("idles", MetricKind.Counter, "", "breaks taken"),
        new("refusals", MetricKind.Counter, "", "actions that Telegram refused or put off"),
        new("accounts_lost", MetricKind.Counter, "", "sessions that lost their account"),
        new("success_rate", MetricKind.Rate, "", "actions done, of those tried"),
        new("completed_rate", MetricKind.Rate, "", "sittings completed, of those ended"),
        new("active_rate", MetricKind.Rate, "", "sessions with a sitting, of all that arrived"),
        new("plan_distinct", MetricKind.Rate, "", "plans that no other equals, of a sample"),
        new("fallback_rate", MetricKind.Rate, "", "plans by the built-in planner in place of the model"),
        new("cached_rate", MetricKind.Rate, "", "tokens that the provider had in its cache, of those sent"),
        new("tokens", MetricKind.Counter, "", "tokens, sent and received"),
        new("channels_visited", MetricKind.Rate, "", "channels that somebody joined or read, of the pool"),
        new("channels_joined", MetricKind.Rate, "", "channels that somebody joined, of the pool"),
        new("joins_read_later", MetricKind.Rate, "", "joins whose channel was read again in a later sitting"),
        new("sitting_seconds", MetricKind.Trend, "s", "length of a sitting"),
        new("actions_per_sitting", MetricKind.Trend, "", "actions of a sitting"),
        new("sittings_per_session", MetricKind.Trend, "", "sittings of a session, of those that arrived"),
    ];

    /// <summary>The metric of this name; null if there is none.</summary>
    public static Metric? Find(string name) => All.FirstOrDefault(metric => metric.Name == name);
}

/// <summary>The values of all metrics at one moment of a run.</summary>
public interface IMetricValues
{
    /// <summary>
    /// A value; NaN if there is nothing to measure yet.
    /// </summary>
    /// <param name="metric">One of <see cref="Metric.All"/>.</param>
    /// <param name="aggregation">One that its kind has.</param>
    double ValueOf(Metric metric, Aggregation aggregation);
}

/// <summary>How a metric's values become one number.</summary>
/// <param name="Kind">The way.</param>
/// <param name="Percent">The percentile, 0 to 100, for <see cref="AggregationKind.Percentile"/>; else 0.</param>
public readonly record struct Aggregation(AggregationKind Kind, double Percent = 0)
{
    /// <summary>Its word in thresholds and reports, such as <c>avg</c> or <c>p(95)</c>.</summary>
    public override string ToString() => ThresholdText.Of(this);
}

/// <summary>The ways of aggregation.</summary>
public enum AggregationKind
{
    /// <summary>Of a counter.</summary>
    Count,

    /// <summary>Of a rate.</summary>
    Rate,

    /// <summary>Of a trend: the mean.</summary>
    Average,

    /// <summary>Of a trend: the least.</summary>
    Min,

    /// <summary>Of a trend: the middle, as <c>p(50)</c>.</summary>
    Median,

    /// <summary>Of a trend: the greatest.</summary>
    Max,

    /// <summary>Of a trend: the value that this part of all doesn't exceed (nearest rank).</summary>
    Percentile,
}
