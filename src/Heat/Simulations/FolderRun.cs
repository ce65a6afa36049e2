using System.Reflection;
using Heat.Reports;
using HeatUp.Simulations;

namespace Heat.Simulations;

/// <summary>How a run is lived, and what it leaves beside its history, its summary and its report.</summary>
/// <param name="Threads">How many threads run it, or wait for other processes.</param>
/// <param name="Csv">Tables.</param>
/// <param name="JUnit">Thresholds for build servers.</param>
internal sealed record FolderRunOptions(int Threads, bool Csv = false, bool JUnit = false)
{
    /// <summary>The processes that live it; null to live it here.</summary>
    public IShardNodes? Nodes { get; init; }
}

/// <summary>How a run in a folder ended.</summary>
/// <param name="End">How the run ended.</param>
/// <param name="Incomplete">Why the folder lacks something; null if it is complete.</param>
internal sealed record FolderRunEnd(SimulationEnd End, string? Incomplete);

/// <summary>One run from its folder's first file to its last, whatever becomes of it.</summary>
internal sealed class FolderRun(PreparedRun prepared, SimulationPlanner planner, FolderRunOptions options)
{
    private static readonly TimeProvider Clock = TimeProvider.System;

    private readonly long startedAt = Clock.GetTimestamp();

    private RunFolder Folder => prepared.Folder;

    /// <summary>Runs it until a final state. Blocks.</summary>
    /// <param name="progress">Told how far it is, now and then.</param>
    /// <param name="stop">Stops it where it can go on later.</param>
    /// <exception cref="RunFolderException">The run that goes on was another one, or the folder can't be used.
    /// </exception>
    public FolderRunEnd Run(Action<SimulationProgress> progress, CancellationToken stop)
    {
        // The mark of a run that goes on stays until it is known that it can.
        if (prepared.Before is null) Folder.Write(ManifestOf(null));
        using var run = new SimulationRun(
            prepared.Scenario, prepared.Pool, planner.Outside, options.Threads,
            prepared.Scenario.History ? Folder.HistoryPath : null, options.Nodes)
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
        var end = run.Run(progress, stop);
        if (!end.IsUnchanged) return new FolderRunEnd(end, Complete(end));
        Folder.Write(prepared.Before!);
        return new FolderRunEnd(end, null);
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
            RunReports.Write(Folder, manifest, end.Summary, options.Csv, options.JUnit);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or RunFolderException)
        {
            return $"The folder {Folder.Path} can't be completed: {FileTrouble.Of(failure)}";
        }
    }

    private Manifest ManifestOf(SimulationEnd? end)
    {
        var version = typeof(FolderRun).Assembly
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
            (prepared.Before?.Took ?? TimeSpan.Zero) + Clock.GetElapsedTime(startedAt), options.Threads)
        {
            Branch = prepared.Branch,
        };
    }
}
