using System.CommandLine;
using Heat.Reports;
using HeatUp.Simulation;

namespace Heat.Commands;

/// <summary><c>heat report</c>: a run's report, made again from its folder.</summary>
internal static class ReportCommand
{
    public static Command Build(Terminal terminal)
    {
        var path = new Argument<string>("folder") { Description = "The folder of a run, or its history.db" };
        var csv = new Option<bool>("--csv") { Description = "Write days.csv, channels.csv, … too" };
        var junit = new Option<bool>("--junit") { Description = "Write the thresholds as junit.xml too" };
        var json = Options.Json();
        var command = new Command("report",
            "Makes a simulation's report again from its folder, and shows its summary. "
            + "The exit code is 99 if a threshold failed.")
        { path, csv, junit, json }.WithExamples(
            "heat report runs/a",
            "heat report runs/a --csv --junit",
            "heat report runs/a --json");
        command.SetAction((parsed, _) =>
        {
            using var folder = RunFolder.Read(parsed.GetValue(path)!);
            var (manifest, summary) = (folder.ReadManifest(), folder.ReadSummary());
            RunReports.Write(folder, manifest, summary, parsed.GetValue(csv), parsed.GetValue(junit));
            RunResult.Show(summary, parsed.GetValue(json), terminal);
            if (!parsed.GetValue(json)) RunResult.ShowReport(folder, terminal);
            return Task.FromResult(RunResult.CodeOf(summary, ExitCode.Done));
        });
        return command;
    }
}
