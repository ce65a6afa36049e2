using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using HeatUp.Channels;

namespace HeatUp.Simulations;

/// <summary>What a metric must reach, in the manner of k6, such as <c>rate>0.95</c>.</summary>
/// <param name="Metric">Which metric.</param>
/// <param name="Aggregation">What of it.</param>
/// <param name="Comparison">How it is compared.</param>
/// <param name="Bound">With what.</param>
/// <param name="AbortOnFail">Whether the run ends as soon as this fails.</param>
public sealed record Threshold(
    Metric Metric, Aggregation Aggregation, Comparison Comparison, double Bound, bool AbortOnFail)
{
    /// <summary>Whether the run passes where the metric was never measured. It fails if not said otherwise.</summary>
    public bool PassesUnmeasured { get; init; }

    /// <summary>
    /// What must hold, in its one canonical form, such as <c>rate>0.95</c>; it reads as this threshold.
    /// </summary>
    public string Expression => ThresholdText.Of(this);

    /// <summary>
    /// Reads an expression: an aggregation that the metric's kind has (<see cref="MetricKind"/>), one of <c>&lt; &lt;=
    /// > >= == !=</c>, and a number; for a rate from 0 to 1. Spaces don't matter. On failure <paramref name="problem"/>
    /// is a sentence that says what is wrong and what is allowed.
    /// </summary>
    public static bool TryParse(
        string metricName, string expression, bool abortOnFail,
        [NotNullWhen(true)] out Threshold? threshold, [NotNullWhen(false)] out string? problem)
    {
        threshold = null;
        problem = Metric.Find(metricName) is { } metric
            ? Read(metric, expression, abortOnFail, out threshold)
            : UnknownMetric(metricName);
        return problem is null;
    }

    /// <summary>
    /// By metric; those of one metric stay as they are. It is the order in which they can be written.
    /// </summary>
    internal static ImmutableArray<Threshold> InOrder(IEnumerable<Threshold> thresholds) =>
        [.. thresholds.OrderBy(threshold => Metric.All.IndexOf(threshold.Metric))];

    /// <summary>The sentence for a name that is no metric's.</summary>
    internal static string UnknownMetric(string name) =>
        Nearest.Refusal(name, "metric", [.. Metric.All.Select(metric => metric.Name)]);

    /// <summary>Whether it holds; null if there is nothing to measure so far.</summary>
    public bool? Holds(IMetricValues values)
    {
        var value = values.ValueOf(Metric, Aggregation);
        if (double.IsNaN(value)) return null;
        return Comparison switch
        {
            Comparison.Less => value < Bound,
            Comparison.LessOrEqual => value <= Bound,
            Comparison.Greater => value > Bound,
            Comparison.GreaterOrEqual => value >= Bound,
            Comparison.Equal => value.Equals(Bound),
            _ => !value.Equals(Bound),
        };
    }

    /// <summary>Reads a threshold, or says why that can't be.</summary>
    private static string? Read(Metric metric, string expression, bool abortOnFail, out Threshold? threshold)
    {
        threshold = null;
        var (aggregations, example) =
            (ThresholdText.AggregationsOf(metric.Kind), ThresholdText.ExampleOf(metric.Kind));
        var shown = ForeignText.Clean(expression, JsonText.ShownMax);
        if (ThresholdText.Split(expression) is not var (word, comparison, bound))
            return $"'{shown}' is no threshold; write an aggregation ({aggregations}), one of < <= > >= == != and a "
                + $"number, such as {example}.";
        if (ThresholdText.AggregationOf(metric.Kind, word) is not { } aggregation)
            return $"'{shown}' does not fit the metric, a {metric.Kind.ToString().ToLowerInvariant()}, which has "
                + $"{aggregations}; write it like {example}.";
        if (metric.Kind == MetricKind.Rate && bound is not (>= 0 and <= 1))
            return $"'{shown}' compares a rate, which is from 0 to 1, with {bound}; write 95 % as 0.95.";
        threshold = new(metric, aggregation, comparison, bound, abortOnFail);
        return null;
    }
}

/// <summary>How a threshold compares.</summary>
public enum Comparison
{
    /// <summary><c>&lt;</c></summary>
    Less,

    /// <summary><c>&lt;=</c></summary>
    LessOrEqual,

    /// <summary><c>></c></summary>
    Greater,

    /// <summary><c>>=</c></summary>
    GreaterOrEqual,

    /// <summary><c>==</c></summary>
    Equal,

    /// <summary><c>!=</c></summary>
    NotEqual,
}
