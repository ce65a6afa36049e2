using Heat.Shell;
using Heat.Simulations;
using HeatUp.Simulations;
using Spectre.Console;

namespace Heat.Commands.Simulations;

/// <summary>What a simulation is to leave beside its history, its summary and its report.</summary>
/// <param name="Csv">Tables.</param>
/// <param name="JUnit">Thresholds for build servers.</param>
/// <param name="Json">The summary on standard output, in place of the words for people.</param>
/// <param name="Threads">How many threads run it.</param>
internal sealed record SimulationOutputs(bool Csv, bool JUnit, bool Json, int Threads)
{
    /// <summary>Which of several runs it is, for the line of progress; null for a run alone, whose results are shown.
    /// </summary>
    public string? Turn { get; init; }
}

/// <summary>A run in its folder, for somebody at the terminal.</summary>
internal sealed class SimulationSession(
    PreparedRun prepared, SimulationPlanner planner, SimulationOutputs outputs, Terminal terminal)
{
    public async Task<int> RunAsync(CancellationToken stop)
    {
        TellNeeds();
        if (planner.Estimate is { } estimate) terminal.ErrorWriter.WriteLine(estimate);
        var run = new FolderRun(
            prepared, planner, new FolderRunOptions(outputs.Threads, outputs.Csv, outputs.JUnit));
        using var progress = new SimulationProgressView(
            terminal, TimeProvider.System, () => planner.Reading, stop, outputs.Turn);
        var (end, incomplete) = await Task.Run(() => run.Run(progress.Take, stop), CancellationToken.None);
        progress.Dispose();
        if (incomplete is not null)
        {
            if (end.Detail is { } detail) terminal.Complain(detail);
            terminal.Complain(incomplete);
            Advise();
            return ExitCode.Failed;
        }
        if (end.IsUnchanged)
        {
            terminal.Warn(end.Detail!);
            Advise();
            return ExitCode.Failed;
        }
        Tell(end);
        return CodeOf(end);
    }

    /// <summary>Says how large the folder gets, before anything is written.</summary>
    private void TellNeeds()
    {
        var needs = ScenarioNeeds.Of(prepared.Scenario);
        if (needs.DiskBytes == 0 || prepared.Before is not null || outputs.Turn is not null) return;
        var folder = prepared.Folder.Path;
        if (terminal.ShowsProgress) terminal.ErrorWriter.WriteLine($"{folder} will take {needs.Disk}.");
        var free = new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        if (free < needs.DiskBytes)
            terminal.Warn($"Its disk has {free / 1e9:N1} GB left. Make room, simulate less, or add --no-history.");
    }

    private void Advise()
    {
        if (prepared.Scenario.History && outputs.Turn is null)
            terminal.Error.MarkupLineInterpolated($"Go on with it: heat simulate --resume {prepared.Folder.Path}");
    }

    private void Tell(SimulationEnd end)
    {
        if (outputs.Turn is null) RunResult.Show(end.Summary, outputs.Json, terminal);
        if (end.Detail is { } detail) terminal.Warn(outputs.Turn is { } turn ? $"{turn}: {detail}" : detail);
        if (end.Status is RunFolderStatus.Stopped or RunFolderStatus.Failed && !end.IsLost) Advise();
        if (!outputs.Json && outputs.Turn is null) RunResult.ShowReport(prepared.Folder.ReportPath, terminal);
    }

    private static int CodeOf(SimulationEnd end) => RunResult.CodeOf(
        end.Summary, end.Status == RunFolderStatus.Complete ? ExitCode.Done : ExitCode.Failed);
}
