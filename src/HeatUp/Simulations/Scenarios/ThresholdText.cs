using System.Globalization;

namespace HeatUp.Simulations;

/// <summary>The words of thresholds: aggregations, comparisons and whole expressions.</summary>
internal static class ThresholdText
{
    /// <summary>The comparisons as they are written; a longer one stands before its beginning.</summary>
    private static readonly (string Text, Comparison Comparison)[] Comparisons =
    [
        ("<=", Comparison.LessOrEqual), (">=", Comparison.GreaterOrEqual),
        ("===", Comparison.Equal), ("==", Comparison.Equal), ("!=", Comparison.NotEqual),
        ("<", Comparison.Less), (">", Comparison.Greater),
    ];

    private const string NumberPattern = @"([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?";

    private static readonly (string Text, AggregationKind Kind)[] OfTrends =
    [
        ("avg", AggregationKind.Average), ("min", AggregationKind.Min),
        ("med", AggregationKind.Median), ("max", AggregationKind.Max),
    ];

    /// <summary>What a kind of metric has, for people.</summary>
    public static string AggregationsOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "count",
        MetricKind.Rate => "rate",
        _ => "avg, min, med, max, p(0) to p(100)",
    };

    /// <summary>An expression that is right for a kind of metric.</summary>
    public static string ExampleOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "count>100",
        MetricKind.Rate => "rate>0.95",
        _ => "p(95)<120",
    };

    /// <summary>The pattern of the expressions for a kind of metric, as JSON Schema has them.</summary>
    public static string PatternOf(MetricKind kind)
    {
        var aggregation = kind switch
        {
            MetricKind.Counter => "count",
            MetricKind.Rate => "rate",
            _ => $@"(avg|min|med|max|p\({NumberPattern}\))",
        };
        return $@"^\s*{aggregation}\s*(<=?|>=?|===?|!=)\s*[+-]?{NumberPattern}\s*$";
    }

    public static string Of(Aggregation aggregation) => aggregation.Kind switch
    {
        AggregationKind.Count => "count",
        AggregationKind.Rate => "rate",
        AggregationKind.Percentile => string.Create(CultureInfo.InvariantCulture, $"p({aggregation.Percent})"),
        var kind => OfTrends.First(word => word.Kind == kind).Text,
    };

    public static string Of(Threshold threshold)
    {
        var comparison = Comparisons.Last(sign => sign.Comparison == threshold.Comparison).Text;
        return string.Create(
            CultureInfo.InvariantCulture, $"{Of(threshold.Aggregation)}{comparison}{threshold.Bound}");
    }

    /// <summary>The parts of an expression, trimmed; null if it has not the form of one.</summary>
    public static (string Aggregation, Comparison Comparison, double Bound)? Split(string expression)
    {
        var at = expression.AsSpan().IndexOfAny("<>=!");
        if (at < 0) return null;
        var sign = Comparisons.FirstOrDefault(sign => expression.AsSpan(at).StartsWith(sign.Text));
        if (sign.Text is null || BoundOf(expression.AsSpan(at + sign.Text.Length)) is not { } bound) return null;
        return (expression[..at].Trim(), sign.Comparison, bound);
    }

    /// <summary>The aggregation of this word; null if metrics of this kind have none such.</summary>
    public static Aggregation? AggregationOf(MetricKind kind, string text) => kind switch
    {
        MetricKind.Counter => text == "count" ? new(AggregationKind.Count) : null,
        MetricKind.Rate => text == "rate" ? new(AggregationKind.Rate) : null,
        _ => OfTrends.FirstOrDefault(word => word.Text == text) is { Text: not null } word
            ? new(word.Kind)
            : PercentileOf(text),
    };

    private static Aggregation? PercentileOf(string text)
    {
        const NumberStyles styles = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!text.StartsWith("p(", StringComparison.Ordinal) || !text.EndsWith(')')) return null;
        var number = text.AsSpan(2, text.Length - 3);
        return double.TryParse(number, styles, CultureInfo.InvariantCulture, out var part) && part is >= 0 and <= 100
            ? new(AggregationKind.Percentile, part)
            : null;
    }

    private static double? BoundOf(ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var bound) && double.IsFinite(bound)
            ? bound + 0.0 // no minus before a zero
            : null;
}
