using Heat.Reports;
using HeatUp.Simulations;
using Spectre.Console;

namespace Heat.Commands.Simulations;

/// <summary>
/// A comparison on a terminal of 80 columns or more: what differs in the rules and what came of it first, then every
/// metric.
/// </summary>
internal sealed class ComparisonView(IAnsiConsole console)
{
    public void Show(RunComparison comparison)
    {
        ShowSides(comparison);
        if (comparison.B is not null) ShowRules(comparison);
        foreach (var sentence in ComparisonText.Verdict(comparison)) console.MarkupLineInterpolated($"{sentence}");
        if (ComparisonText.Verdict(comparison).Count > 0) console.WriteLine();
        if (!comparison.Thresholds.IsEmpty) ShowThresholds(comparison);
        ShowValues(comparison);
    }

    private void ShowSides(RunComparison comparison)
    {
        Side("A", comparison.A);
        if (comparison.B is not null) Side("B", comparison.B);
        console.WriteLine();

        void Side(string name, ComparedRuns side) => console.MarkupLineInterpolated(
            $"[bold]{name}[/]  {side.Folder}  [grey]{ComparisonText.SeedsOf(side)}[/]");
    }

    private void ShowRules(RunComparison comparison)
    {
        console.MarkupLine("[bold]WHAT DIFFERS[/]");
        if (comparison.Rules.IsEmpty) console.WriteLine("  Nothing: the same scenario, channels and version.");
        foreach (var rule in comparison.Rules)
            console.MarkupLineInterpolated(
                $"  {Figures.Word(rule.Key)}: {ComparisonText.Of(rule.A)} [grey]→[/] {ComparisonText.Of(rule.B)}");
        console.WriteLine();
    }

    private void ShowThresholds(RunComparison comparison)
    {
        console.MarkupLine("[bold]THRESHOLDS[/]");
        foreach (var threshold in comparison.Thresholds)
        {
            console.MarkupLineInterpolated(
                $"  {Figures.Word(threshold.Metric)} {Figures.Word(threshold.Expression)}");
            Side("A", threshold.A, comparison.A);
            if (comparison.B is { } b) Side("B", threshold.B, b);
        }
        console.WriteLine();

        void Side(string name, ComparedPass? pass, ComparedRuns runs)
        {
            var mark = pass is null ? "[grey]–[/]" : pass.Failed.IsEmpty ? "[green]✓[/]" : "[red]✗[/]";
            console.MarkupLine($"    {mark} {name}: {Markup.Escape(ComparisonText.Of(pass, runs))}");
        }
    }

    private void ShowValues(RunComparison comparison)
    {
        console.MarkupLine("[bold]METRICS[/]");
        var heads = ComparisonText.Heads(comparison);
        var rows = new Grid();
        rows.AddColumn(new GridColumn().Padding(2, 0, 1, 0).NoWrap());
        foreach (var _ in heads) rows.AddColumn(new GridColumn().Padding(1, 0, 1, 0).NoWrap().RightAligned());
        rows.AddRow([.. heads.Prepend("").Select(head => $"[grey]{Markup.Escape(head)}[/]")]);
        foreach (var metric in comparison.Values.GroupBy(value => value.Metric))
        {
            var isAlone = metric.Count() == 1;
            if (!isAlone) rows.AddRow([.. heads.Select(_ => "").Prepend(Clean(metric.Key))]);
            foreach (var value in metric)
            {
                var cells = ComparisonText.Cells(value, comparison).Select(Markup.Escape)
                    .Prepend(isAlone ? Clean(metric.Key) : $"  {Clean(value.Name)}");
                rows.AddRow([.. value.IsMoreThanChance is true ? cells.Select(cell => $"[bold]{cell}[/]") : cells]);
            }
        }
        console.Write(rows);
        if (comparison.Test is null && comparison.B is not null)
            console.MarkupLine("[grey]A run each says nothing of chance: heat simulate --seeds 1..10 does.[/]");
    }

    private static string Clean(string text) => Markup.Escape(Figures.Word(text));
}
