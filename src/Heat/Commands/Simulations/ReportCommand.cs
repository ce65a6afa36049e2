using System.CommandLine;
using Heat.Configuration;
using Heat.Reports;
using Heat.Shell;
using HeatUp.Channels;
using HeatUp.Sessions;
using HeatUp.Sessions.Postgres;
using HeatUp.Simulations;

namespace Heat.Commands.Simulations;

/// <summary>
/// <c>heat report</c>: a run's report, made again from its folder; or that of a database from its history.
/// </summary>
internal static class ReportCommand
{
    public static Command Build(Terminal terminal)
    {
        var path = new Argument<string?>("path")
        {
            Description = "The folder of a run, its history.db, or a service's database (default: DATABASE_PATH)",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var days = new Option<int?>("--days")
        {
            Description = $"Of a database: how many days up to its newest row, 1 to {HistoryFigures.DaysMax} (default: "
                + "all that it remembers)",
            CustomParser = result => Api.Days.TryParse(result.Tokens[0].Value, out var count)
                ? count
                : Options.Wrong<int?>(result, $"--days is a whole number from 1 to {HistoryFigures.DaysMax}"),
        };
        var output = new Option<string?>("--out")
        {
            Description = "Of a database: the report's file (default: beside it, such as sessions-report.html)",
        };
        var csv = new Option<bool>("--csv") { Description = "Of a run: write days.csv, channels.csv, … too" };
        var junit = new Option<bool>("--junit") { Description = "Of a run: write the thresholds as junit.xml too" };
        var json = Options.Json();
        var command = new Command("report",
            "Makes a simulation's report again from its folder, or a report of a service's database, which is only "
            + "read; and shows its summary. The exit code is 99 if a threshold of a run failed.")
        { path, days, output, csv, junit, json }.WithExamples(
            "heat report                       what the service did",
            "heat report sessions.db --days 7 --out week.html",
            "heat report runs/a --csv --junit",
            "heat report runs/a --json");
        command.SetAction((parsed, _) =>
        {
            var (named, into, back) = (parsed.GetValue(path), parsed.GetValue(output), parsed.GetValue(days));
            var (tables, thresholds) = (parsed.GetValue(csv), parsed.GetValue(junit));
            var settings = Settings.Load();
            if (named is null && settings.DatabaseUrl is { } address)
                return Task.FromResult(OfDatabase(address, settings, back, into, parsed.GetValue(json), terminal));
            var file = named ?? settings.DatabasePath;
            var isRun = named is not null && into is null && back is null && RunFolder.IsRun(named);
            if (!isRun && (tables || thresholds))
                return Task.FromResult(Refuse(
                    terminal, "--csv and --junit are of a simulation's run: name its folder."));
            if (!isRun && Directory.Exists(file) && (into is not null || back is not null))
                return Task.FromResult(Refuse(
                    terminal, $"--days and --out are of a database, and {file} is a folder."));
            return Task.FromResult(isRun || Directory.Exists(file)
                ? OfRun(file, tables, thresholds, parsed.GetValue(json), terminal)
                : OfDatabase(file, settings, back, into, parsed.GetValue(json), terminal));
        });
        return command;
    }

    private static int Refuse(Terminal terminal, string problem)
    {
        terminal.Complain(problem);
        return ExitCode.WrongUse;
    }

    private static int OfRun(string path, bool csv, bool junit, bool json, Terminal terminal)
    {
        using var folder = RunFolder.Read(path);
        var (manifest, summary) = (folder.ReadManifest(), folder.ReadSummary());
        RunReports.Write(folder, manifest, summary, csv, junit);
        RunResult.Show(summary, json, terminal);
        if (!json) RunResult.ShowReport(folder.ReportPath, terminal);
        return RunResult.CodeOf(summary, ExitCode.Done);
    }

    private static int OfDatabase(
        string path, Settings settings, int? days, string? output, bool json, Terminal terminal)
    {
        using var file = HistorySource.Open(path, settings);
        var report = output ?? Path.ChangeExtension(path, null) + "-report.html";
        TargetFile.Check(report, force: true, path);
        return OfHistory(file, path, settings, days, report, json, terminal);
    }

    private static int OfDatabase(
        PostgresAddress address, Settings settings, int? days, string? output, bool json, Terminal terminal)
    {
        var report = output ?? "heat-up-report.html";
        TargetFile.Check(report, force: true, settings.DatabasePath);
        using var reader = HistorySource.Open(null, settings);
        return OfHistory(reader, address.Place, settings, days, report, json, terminal);
    }

    private static int OfHistory(
        IHistoryReader reader, string place, Settings settings, int? days, string report, bool json, Terminal terminal)
    {
        // Only for their categories: without the file all are of none.
        var known = ChannelPool.Of(ChannelFile.Read(settings.ChannelsFile).Channels);
        var history = HistoryFigures.Read(reader, known, days ?? HistoryFigures.DaysMax);
        WholeFile.Write(report, HtmlReport.Write(history));
        RunResult.Show(history.Summary, json, terminal);
        if (history.From is null) terminal.Warn($"Nothing is remembered in {place} yet.");
        if (!json) RunResult.ShowReport(report, terminal);
        return ExitCode.Done;
    }
}
