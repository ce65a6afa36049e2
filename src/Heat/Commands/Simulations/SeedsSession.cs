using Heat.Reports;
using Heat.Shell;
using Heat.Simulations;
using HeatUp.Simulations;
using Spectre.Console;

namespace Heat.Commands.Simulations;

/// <summary>
/// One scenario with several seeds, one run after the other. What is over stays; the run that was stopped goes on; so
/// that a folder which was stopped ends as one that never was.
/// </summary>
internal sealed class SeedsSession(SeedsFolder folder, int calls, SimulationOutputs outputs, Terminal terminal)
{
    private readonly int count = (int)(folder.Last - folder.First + 1);

    public async Task<int> RunAsync(CancellationToken stop)
    {
        foreach (var seed in folder.Seeds)
        {
            if (IsOver(seed)) continue;
            if (!stop.IsCancellationRequested && await RunAsync(seed, stop) && IsOver(seed)) continue;
            terminal.Error.MarkupLineInterpolated(
                $"{folder.Seeds.Count(IsOver)} of {count} seeds are done. Go on: heat simulate --resume {folder.Path}");
            return ExitCode.Failed;
        }
        return Tell();
    }

    private bool IsOver(long seed) => RunFolder.IsRun(folder.PathOf(seed))
        && !RunStatusText.CanGoOn(StatusOf(seed));

    private RunFolderStatus StatusOf(long seed)
    {
        using var run = RunFolder.Read(folder.PathOf(seed));
        return run.ReadManifest().Status;
    }

    private async Task<bool> RunAsync(long seed, CancellationToken stop)
    {
        using var prepared = Prepare(seed);
        using var planner = SimulationPlanner.Of(prepared, calls);
        var turn = $"seed {seed} ({seed - folder.First + 1} of {count})";
        var session = new SimulationSession(prepared, planner, outputs with { Turn = turn }, terminal);
        var code = await session.RunAsync(stop);
        return code is ExitCode.Done or ExitCode.ThresholdFailed || !stop.IsCancellationRequested;
    }

    private PreparedRun Prepare(long seed)
    {
        var path = folder.PathOf(seed);
        if (!RunFolder.IsRun(path)) return PreparedRun.OfSeed(folder, seed);
        using var run = RunFolder.Read(path);
        var hasHistory = run.ReadScenario().History && new FileInfo(run.HistoryPath) is { Exists: true, Length: > 0 };
        return hasHistory ? PreparedRun.Resume(path) : PreparedRun.OfSeed(folder, seed);
    }

    private int Tell()
    {
        var unfinished = folder.Seeds.Where(seed => StatusOf(seed) != RunFolderStatus.Complete).ToList();
        foreach (var seed in unfinished)
            terminal.Warn($"The run of seed {seed} ended before its time: {Why(seed)}");
        if (unfinished.Count == 0 && count > 1)
            ComparisonResult.Show(RunComparison.Of(RunSet.Read(folder.Path)), outputs.Json, terminal);
        if (!outputs.Json)
            terminal.Out.MarkupLineInterpolated(
                $"{Counted.Of(count, "run")}, each with its report: {folder.PathOf(folder.First)}/report.html …");
        return folder.Seeds.All(Passed) ? ExitCode.Done : ExitCode.ThresholdFailed;
    }

    private string Why(long seed)
    {
        using var run = RunFolder.Read(folder.PathOf(seed));
        return run.ReadManifest().Detail ?? "";
    }

    private bool Passed(long seed)
    {
        using var run = RunFolder.Read(folder.PathOf(seed));
        return run.ReadSummary().Thresholds.All(threshold => threshold.Passed);
    }
}
