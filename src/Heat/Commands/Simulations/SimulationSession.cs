using System.Reflection;
using Heat.Reports;
using Heat.Shell;
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

/// <summary>One run from its folder's first file to its last, whatever becomes of it.</summary>
internal sealed class SimulationSession(
    PreparedRun prepared, SimulationPlanner planner, SimulationOutputs outputs, Terminal terminal)
{
    private static readonly TimeProvider Clock = TimeProvider.System;

    private readonly long startedAt = Clock.GetTimestamp();

    private RunFolder Folder => prepared.Folder;

    public async Task<int> RunAsync(CancellationToken stop)
    {
        // The mark of a run that goes on stays until it is known that it can.
        if (prepared.Before is null) Folder.Write(ManifestOf(null));
        if (planner.Estimate is { } estimate) terminal.ErrorWriter.WriteLine(estimate);
        using var run = new SimulationRun(
            prepared.Scenario, prepared.Pool, planner.Outside, outputs.Threads,
            prepared.Scenario.History ? Folder.HistoryPath : null)
        {
            IsBudgetSpent = () => planner.IsSpent,
            BeforeCheckpoint = planner.Flush,
            TokensUsed = planner.TokensUsed,
            TokensPaid = planner.TokensPaid,
            Origin = prepared.Origin,
        };
        if (prepared.Before is { } before)
        {
            if (run.IsNew && before.Reached > prepared.Scenario.Start) throw new RunFolderException(
                $"{Folder.HistoryPath} was emptied, so the run can't go on. Put it back, or begin the run anew, in "
                + $"another folder: heat simulate {Folder.ScenarioPath}");
            Folder.Write(ManifestOf(null));
        }
        using var progress = new SimulationProgressView(
            terminal, Clock, () => planner.Reading, stop, outputs.Turn);
        var end = await Task.Run(() => run.Run(progress.Take, stop), CancellationToken.None);
        progress.Dispose();
        if (end.IsUnchanged) return LeaveAsItWas(end);
        if (Complete(end) is { } failure)
        {
            if (end.Detail is { } detail) terminal.Complain(detail);
            terminal.Complain($"The folder {Folder.Path} can't be completed: {failure}");
            Advise();
            return ExitCode.Failed;
        }
        Tell(end);
        return CodeOf(end);
    }

    private int LeaveAsItWas(SimulationEnd end)
    {
        Folder.Write(prepared.Before!);
        terminal.Warn(end.Detail!);
        Advise();
        return ExitCode.Failed;
    }

    /// <summary>Writes what the folder still lacks; answers why it can't, or null.</summary>
    private string? Complete(SimulationEnd end)
    {
        try
        {
            var manifest = ManifestOf(end);
            Folder.Write(end.Summary);
            Folder.Write(end.Epochs);
            Folder.Write(manifest);
            RunReports.Write(Folder, manifest, end.Summary, outputs.Csv, outputs.JUnit);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or RunFolderException)
        {
            return failure.Message;
        }
    }

    private void Advise()
    {
        if (prepared.Scenario.History && outputs.Turn is null)
            terminal.Error.MarkupLineInterpolated($"Go on with it: heat simulate --resume {Folder.Path}");
    }

    private void Tell(SimulationEnd end)
    {
        if (outputs.Turn is null) RunResult.Show(end.Summary, outputs.Json, terminal);
        if (end.Detail is { } detail) terminal.Warn(outputs.Turn is { } turn ? $"{turn}: {detail}" : detail);
        if (end.Status is RunFolderStatus.Stopped or RunFolderStatus.Failed && !end.IsLost) Advise();
        if (!outputs.Json && outputs.Turn is null) RunResult.ShowReport(Folder.ReportPath, terminal);
    }

    private static int CodeOf(SimulationEnd end) => RunResult.CodeOf(
        end.Summary, end.Status == RunFolderStatus.Complete ? ExitCode.Done : ExitCode.Failed);

    private Manifest ManifestOf(SimulationEnd? end)
    {
        var version = typeof(SimulationSession).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+');
        var scenario = prepared.Scenario;
        return new Manifest(
            Manifest.FormatNow, version[0], version.ElementAtOrDefault(1),
            end?.Status ?? RunFolderStatus.Running,
            end is null ? "It goes on, or its process was killed." : end.Detail,
            RunFolder.ElementOf(scenario), RunFolder.HashOf(scenario), scenario.Seed.Value,
            prepared.Pool.Hash, prepared.Pool.All.Length,
            end?.Reached ?? prepared.Before?.Reached ?? scenario.Start, end?.Sessions ?? 0, end?.Sittings ?? 0,
            end?.Actions ?? 0, end?.Transcript ?? "", planner.IsDeterministic, planner.Why, planner.Model,
            (prepared.Before?.Took ?? TimeSpan.Zero) + Clock.GetElapsedTime(startedAt), outputs.Threads)
        {
            Branch = prepared.Branch,
        };
    }
}
