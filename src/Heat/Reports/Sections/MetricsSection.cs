using HeatUp.Simulations;

namespace Heat.Reports;

/// <summary>Every metric with its values.</summary>
internal static class MetricsSection
{
    public static Html All(Summary summary) => HtmlTable.Of(
        "All metrics", [new("Metric"), new("Values")],
        summary.Metrics.Select(metric => (IReadOnlyList<Html>)
        [
            Name(metric.Metric),
            Values(metric),
        ]));

    private static Html Name(string metric) => Html.Of($"""
        <code>{Figures.Word(metric)}</code><p class="muted">{Metric.Find(metric)?.Meaning}</p>
        """);

    // A number alone needs no name: that of a count or a rate would say nothing new.
    private static Html Values(MetricResult metric) => metric.Values is [var only]
        ? Html.Of($"{Figures.Of(metric, only)}")
        : Html.Lines(metric.Values.Select(value => Value(metric, value)));

    private static Html Value(MetricResult metric, NamedValue value) => Html.Of($"""
        <span class="value"><span class="muted">{Figures.Word(value.Name)}</span> {Figures.Of(metric, value)}</span>
        """);
}
