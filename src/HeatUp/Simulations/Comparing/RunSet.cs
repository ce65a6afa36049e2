using System.Collections.Immutable;

namespace HeatUp.Simulations;

/// <summary>A run's results as its folder has them.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Manifest">What it says of the run.</param>
/// <param name="Summary">What the run came to.</param>
public sealed record RunResults(string Path, Manifest Manifest, Summary Summary)
{
    /// <summary>The hashes of its epochs; none in a folder of an earlier version.</summary>
    public ImmutableArray<EpochMark> Epochs { get; init; } = [];
}

/// <summary>What is compared: one run, or those of one scenario with several seeds. All of them are complete.</summary>
public sealed class RunSet
{
    private RunSet(string path, bool isOfSeeds, ImmutableArray<RunResults> runs) =>
        (Path, IsOfSeeds, Runs) = (path, isOfSeeds, runs);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Whether it is a folder of several seeds; it may have one only.</summary>
    public bool IsOfSeeds { get; }

    /// <summary>The runs, by their seeds; one or more.</summary>
    public ImmutableArray<RunResults> Runs { get; }

    /// <summary>The seeds, in the order of the runs.</summary>
    public IEnumerable<ulong> Seeds => Runs.Select(run => run.Manifest.Seed);

    /// <summary>Runs that were read already.</summary>
    internal static RunSet Of(string path, bool isOfSeeds, params ImmutableArray<RunResults> runs) =>
        new(path, isOfSeeds, runs);

    /// <summary>Reads a folder.</summary>
    /// <param name="path">The folder of a run, or of the runs of several seeds.</param>
    /// <exception cref="RunFolderException">It is none, or a run in it isn't complete.</exception>
    public static RunSet Read(string path)
    {
        if (!SeedsFolder.Is(path)) return new(path, false, [ReadRun(path)]);
        var folder = SeedsFolder.Open(path);
        var open = folder.Seeds.Where(seed => !IsOver(folder.PathOf(seed))).ToList();
        return open is [var first, ..]
            ? throw new RunFolderException(
                $"{path} is to have the seeds {folder.First} to {folder.Last}, and {open.Count} of them, from {first} "
                + $"on, are not simulated to their end. Go on with them: heat simulate --resume {path}")
            : new(path, true, [.. folder.Seeds.Select(seed => ReadRun(folder.PathOf(seed)))]);
    }

    private static bool IsOver(string path)
    {
        if (!RunFolder.IsRun(path)) return false;
        using var folder = RunFolder.Read(path);
        return folder.ReadManifest().Status
            is RunFolderStatus.Complete or RunFolderStatus.Aborted or RunFolderStatus.BudgetSpent;
    }

    private static RunResults ReadRun(string path)
    {
        using var folder = RunFolder.Read(path);
        var manifest = folder.ReadManifest();
        if (manifest.Status != RunFolderStatus.Complete) throw new RunFolderException(ProblemOf(path, manifest));
        return new(folder.Path, manifest, folder.ReadSummary())
        {
            Epochs = folder.HasEpochs ? folder.ReadEpochs() : [],
        };
    }

    private static string ProblemOf(string path, Manifest manifest)
    {
        var reached = $"The run in {path} is not complete: it reached {manifest.Reached.UtcDateTime:yyyy-MM-dd HH:mm}";
        return manifest.Status switch
        {
            RunFolderStatus.Aborted => $"{reached}, where a threshold ended it. Without that threshold's abortOnFail "
                + "it can be compared.",
            RunFolderStatus.BudgetSpent => $"{reached}, where its tokens were spent. With more of them (max_tokens) it "
                + "can be compared.",
            _ => $"{reached}. Go on with it: heat simulate --resume {path}",
        };
    }
}
