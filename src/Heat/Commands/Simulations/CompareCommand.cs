using System.CommandLine;
using Heat.Configuration;
using Heat.Reports;
using Heat.Shell;
using HeatUp.Primitives;
using HeatUp.Simulations;
using Spectre.Console;

namespace Heat.Commands.Simulations;

/// <summary><c>heat compare</c>: two runs beside each other, or those of two scenarios with the same seeds.</summary>
internal static class CompareCommand
{
    public static Command Build(Terminal terminal)
    {
        var first = new Argument<string>("a") { Description = "The folder of a run, or of the runs of several seeds" };
        var second = new Argument<string?>("b")
        {
            Description = "The folder that is compared with it; of several seeds the first may stand alone",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var html = new Option<string?>("--html") { Description = "Write a page with charts to this file too" };
        var json = Options.Json();
        var command = new Command("compare",
            "Puts two simulations beside each other: what differs in their scenarios, every metric with its "
            + "difference, thresholds, distributions. Of runs with several seeds it says which differences are larger "
            + "than chance.")
        { first, second, html, json }.WithExamples(
            "heat compare runs/a runs/b --html a-b.html",
            "heat simulate --seeds 1..10 --out runs/calm && heat simulate --seeds 1..10 --faults flood_wait:0.05 \\",
            "  --out runs/rough && heat compare runs/calm runs/rough",
            "heat compare runs/calm         means, intervals and each seed's values");
        command.SetAction((parsed, _) =>
        {
            var a = RunSet.Read(parsed.GetValue(first)!);
            var comparison = parsed.GetValue(second) is { } other
                ? RunComparison.Of(a, RunSet.Read(other))
                : RunComparison.Of(a);
            if (parsed.GetValue(html) is { } page)
            {
                TargetFile.Check(page, force: true, Settings.Load().DatabasePath);
                WholeFile.Write(page, HtmlReport.Write(comparison));
            }
            ComparisonResult.Show(comparison, parsed.GetValue(json), terminal);
            if (!parsed.GetValue(json) && parsed.GetValue(html) is { } written)
                terminal.Out.MarkupLineInterpolated($"Page: {written}");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }
}
