using System.Collections.Immutable;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Simulations;

namespace Heat.Simulations;

/// <summary>A run that can begin or go on: its scenario, its pool and its folder.</summary>
internal sealed class PreparedRun : IDisposable
{
    private PreparedRun(Scenario scenario, ChannelPool pool, RunFolder folder) =>
        (Scenario, Pool, Folder) = (scenario, pool, folder);

    public Scenario Scenario { get; }

    public ChannelPool Pool { get; }

    /// <summary>The pool's file as it was read.</summary>
    public ReadOnlyMemory<byte> PoolBytes { get; private init; }

    public RunFolder Folder { get; }

    /// <summary>What the folder said before; null for a new run.</summary>
    public Manifest? Before { get; private init; }

    /// <summary>The folder of the run whose recorded plans are used; null if none is.</summary>
    public string? Recording { get; private init; }

    /// <summary>The run that this one branches off; null for a run of its own.</summary>
    public BranchOrigin? Branch { get; private init; }

    /// <summary>The hashes that a branch must have at the ends of epochs, until it parts; null for a run of its own.
    /// </summary>
    public IReadOnlyDictionary<DateTimeOffset, string>? Origin { get; private init; }

    /// <summary>A folder below <c>runs</c> that isn't there yet.</summary>
    public static string FreeFolder(string name) => Enumerable.Range(1, int.MaxValue)
        .Select(number => Path.Combine("runs", number == 1 ? name : $"{name}-{number}"))
        .First(folder => !Path.Exists(folder));

    /// <summary>The pool of a file of channels.</summary>
    /// <exception cref="ScenarioException">The file can't be read, or holds too few.</exception>
    public static ChannelPool PoolOf(ChannelFile file)
    {
        if (file.IsBroken) throw new ScenarioException([.. file.Warnings]);
        var pool = ChannelPool.Of(file.Channels);
        return ScenarioFile.ProblemOf(pool) is { } problem ? throw new ScenarioException([problem]) : pool;
    }

    /// <exception cref="RunFolderException">The folder can't be used.</exception>
    public static PreparedRun New(
        Scenario scenario, ChannelPool pool, ReadOnlyMemory<byte> poolBytes, string path, bool force,
        params IEnumerable<string?> sources) =>
        new(RunFolder.Kept(scenario), pool, RunFolder.Create(path, force, sources)) { PoolBytes = poolBytes };

    /// <exception cref="RunFolderException">There is no such run, or the folder can't be used.</exception>
    public static PreparedRun Replay(string recording, string path, bool force)
    {
        using var recorded = RunFolder.Read(recording);
        recorded.ReadManifest();
        var scenario = recorded.ReadScenario();
        var pool = ChannelPool.Of(ChannelFile.Read(recorded.PoolPath, out var poolBytes).Channels);
        var folder = RunFolder.Create(path, force, recording);
        return new PreparedRun(RunFolder.Kept(scenario), pool, folder)
        {
            Recording = recording, PoolBytes = poolBytes,
        };
    }

    /// <summary>The run of a seed among several.</summary>
    /// <exception cref="RunFolderException">The folder can't be used.</exception>
    public static PreparedRun OfSeed(SeedsFolder seeds, long seed)
    {
        var scenario = seeds.ReadScenario(seed);
        var pool = seeds.ReadPool(out var poolBytes);
        // What a killed process left of a run that can't go on is begun anew.
        return New(scenario, pool, poolBytes, seeds.PathOf(seed), force: true);
    }

    /// <summary>A run that is another one until an hour, and goes on under other rules.</summary>
    /// <exception cref="RunFolderException">The other run can't be branched off, or the folder can't be used.
    /// </exception>
    /// <exception cref="ScenarioException">The hour or the rules are none for it.</exception>
    public static PreparedRun BranchOff(
        string from, string hour, IReadOnlyList<string> settings, string path, bool force)
    {
        using var origin = RunFolder.Read(from);
        var (manifest, scenario) = (origin.ReadManifest(), origin.ReadScenario());
        var pool = ChannelPool.Of(ChannelFile.Read(origin.PoolPath, out var poolBytes).Channels);
        if (manifest.ScenarioHash != RunFolder.HashOf(scenario) || manifest.PoolHash != pool.Hash)
            throw new RunFolderException(
                $"Somebody changed the scenario or the channels in {from} since the run began: it can't be lived "
                + "again.");
        if (scenario.Planner != PlannerKind.Builtin)
            throw new RunFolderException(
                $"A language model planned the run in {from}, and what it would say under other rules isn't recorded: "
                + "only runs of the built-in planner can be branched off.");
        if (!origin.HasEpochs)
            throw new RunFolderException(
                $"The run in {from} has no epochs.csv, by which a branch is checked: an earlier version made it, or "
                + $"it was killed. Live it again, in another folder: heat simulate {origin.ScenarioPath}");
        if (Branching.ReadHour(hour, scenario, manifest.Reached, out var at) is { } problem)
            throw new ScenarioException([problem]);
        var branch = Branching.Read(scenario, at, settings);
        if (!branch.IsGood) throw new ScenarioException(branch.Problems);
        return new(branch.Scenario, pool, RunFolder.Create(path, force, from))
        {
            PoolBytes = poolBytes,
            Branch = new BranchOrigin(from, manifest.Transcript, at, [.. settings]),
            Origin = origin.ReadEpochs().Where(mark => mark.Until <= at)
                .ToDictionary(mark => mark.Until, mark => mark.Transcript),
        };
    }

    /// <exception cref="RunFolderException">The run can't go on.</exception>
    public static PreparedRun Resume(string path)
    {
        var folder = RunFolder.Resume(path);
        var before = folder.ReadManifest();
        var (scenario, file) = (folder.ReadScenario(), ChannelFile.Read(folder.PoolPath, out var poolBytes));
        var pool = ChannelPool.Of(file.Channels);
        if (before.Status == RunFolderStatus.Complete)
            throw new RunFolderException(
                $"The run in {path} is complete: there is nothing to go on with. See {folder.ReportPath}.");
        if (before.ScenarioHash != RunFolder.HashOf(scenario) || before.PoolHash != pool.Hash)
            throw new RunFolderException(
                $"Somebody changed the scenario or the channels in {path} since the run began: it can't go on.");
        if (!scenario.History)
            throw new RunFolderException($"The run in {path} keeps no history, so it can't go on; begin it anew.");
        if (new FileInfo(folder.HistoryPath) is not { Exists: true, Length: > 0 })
            throw new RunFolderException(
                $"{folder.HistoryPath} is missing or empty, so the run can't go on. Put it back, or begin the run "
                + $"anew, in another folder: heat simulate {folder.ScenarioPath}");
        return new PreparedRun(scenario, pool, folder)
        {
            Before = before, Branch = before.Branch, PoolBytes = poolBytes,
        };
    }

    /// <summary>
    /// Begins a new run in its folder, where it takes the place of another from now on: when nothing else may fail.
    /// </summary>
    /// <exception cref="RunFolderException">It can't be written.</exception>
    public void Begin()
    {
        if (Before is null) Folder.Begin(Scenario, PoolBytes.Span);
    }

    public void Dispose() => Folder.Dispose();
}

/// <summary>A scenario that can't be simulated.</summary>
internal sealed class ScenarioException(ImmutableArray<string> problems) : Exception(string.Join(' ', problems))
{
    public ImmutableArray<string> Problems { get; } = problems;
}
