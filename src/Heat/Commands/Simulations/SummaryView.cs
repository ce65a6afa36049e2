using System.Collections.Immutable;
using Heat.Reports;
using HeatUp.Simulations;
using Spectre.Console;

namespace Heat.Commands.Simulations;

/// <summary>A simulation's results on a terminal: whether it is what was wanted, then what was measured.</summary>
internal sealed class SummaryView(IAnsiConsole console, bool isPiped = false)
{
    private const int Dots = 2;

    public void Show(Summary summary)
    {
        if (!summary.Thresholds.IsEmpty) ShowThresholds(summary.Thresholds);
        console.MarkupLine("[bold]METRICS[/]");
        if (isPiped)
        {
            foreach (var metric in summary.Metrics) Line(Clean(metric.Metric), Values(metric));
            return;
        }
        var width = summary.Metrics.Select(metric => metric.Metric.Length).DefaultIfEmpty(0).Max() + Dots;
        var rows = Columns(2);
        foreach (var metric in summary.Metrics)
            rows.AddRow($"{Clean(metric.Metric).PadRight(width, '.')}:", Values(metric));
        console.Write(rows);
    }

    private void ShowThresholds(ImmutableArray<ThresholdResult> thresholds)
    {
        console.MarkupLine("[bold]THRESHOLDS[/]");
        var rows = Columns(4);
        foreach (var threshold in thresholds)
        {
            string[] cells =
            [
                threshold.Passed ? "[green]✓[/]" : "[red]✗[/]",
                Clean(threshold.Metric),
                Clean(threshold.Expression),
                threshold.Value is null ? "[grey]not measured[/]" : Figures.Exact(threshold.Value),
            ];
            if (isPiped) Line(cells);
            else rows.AddRow(cells);
        }
        if (!isPiped) console.Write(rows);
        console.WriteLine();
        if (thresholds.Any(threshold => threshold is { Value: null, Passed: false }))
            console.WriteLine(
                "What was never measured fails; let it pass with \"ifUnmeasured\": \"pass\" in the scenario.");
    }

    // For programs: a tab between cells, and nothing padded.
    private void Line(params string[] cells) => console.MarkupLine(string.Join('\t', cells));

    private static Grid Columns(int count)
    {
        var rows = new Grid();
        for (var column = 0; column < count; column++)
        {
            var isFirst = column == 0;
            var shown = new GridColumn().Padding(isFirst ? 2 : 0, 0, column == count - 1 ? 0 : 2, 0);
            rows.AddColumn(column == count - 1 ? shown : shown.NoWrap());
        }
        return rows;
    }

    private static string Values(MetricResult metric) => string.Join(' ', metric.Values.Select(value =>
        metric.Values.Length == 1
            ? $"[cyan]{Value(metric, value)}[/]"
            : $"{Clean(value.Name)}=[cyan]{Value(metric, value)}[/]"));

    // Without a space before the unit, so that a line breaks between values only.
    private static string Value(MetricResult metric, NamedValue value) =>
        Markup.Escape(Figures.Of(metric, value).Replace(" ", ""));

    private static string Clean(string text) => Markup.Escape(Figures.Word(text));
}
