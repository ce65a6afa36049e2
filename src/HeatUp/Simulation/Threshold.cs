namespace HeatUp.Simulation;

/// <summary>What a metric must reach, in the manner of k6, such as <c>rate>0.95</c>.</summary>
/// <param name="Metric">Which metric.</param>
/// <param name="Aggregation">What of it.</param>
/// <param name="Comparison">How it is compared.</param>
/// <param name="Bound">With what.</param>
/// <param name="AbortOnFail">Whether the run ends as soon as this fails.</param>
public sealed record Threshold(
    Metric Metric, Aggregation Aggregation, Comparison Comparison, double Bound, bool AbortOnFail)
{
    /// <summary>Its text.</summary>
    public string Expression => Metric.Name;

    /// <summary>Whether it holds; what can't be measured yet doesn't fail.</summary>
    public bool Holds(IMetricValues values)
    {
        var value = values.ValueOf(Metric, Aggregation);
        return double.IsNaN(value) || Comparison switch
        {
            Comparison.Less => value < Bound,
            Comparison.LessOrEqual => value <= Bound,
            Comparison.Greater => value > Bound,
            Comparison.GreaterOrEqual => value >= Bound,
            Comparison.Equal => value.Equals(Bound),
            _ => !value.Equals(Bound),
        };
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
