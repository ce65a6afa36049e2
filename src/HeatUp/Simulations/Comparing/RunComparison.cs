using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace HeatUp.Simulations;

/// <summary>
/// Two runs beside each other, or those of two scenarios with the same seeds; or one of them alone. B is compared with
/// A: a difference is B's value without A's.
/// </summary>
/// <param name="A">The first.</param>
/// <param name="B">The second; null if there is one only.</param>
/// <param name="Rules">What differs in how they were made, key by key, without the seeds.</param>
/// <param name="Parting">Where two runs of one seed part; null if nobody knows.</param>
/// <param name="Test">How chance was told from more; null where that can't be asked.</param>
/// <param name="Thresholds">The thresholds of both.</param>
/// <param name="Values">Every metric's values.</param>
/// <param name="Distributions">How often which values came.</param>
/// <param name="Calibration">How far both are from figures of the real Telegram.</param>
public sealed record RunComparison(
    ComparedRuns A, ComparedRuns? B, ImmutableArray<RuleDifference> Rules, Parting? Parting, ChanceTest? Test,
    ImmutableArray<ComparedThreshold> Thresholds, ImmutableArray<ComparedValue> Values,
    ImmutableArray<ComparedDistribution> Distributions, ImmutableArray<ComparedCalibration> Calibration)
{
    /// <summary>The runs of A, for whoever shows more of them.</summary>
    [JsonIgnore]
    public ImmutableArray<RunResults> RunsOfA { get; init; } = [];

    /// <summary>The runs of B; none if there is none.</summary>
    [JsonIgnore]
    public ImmutableArray<RunResults> RunsOfB { get; init; } = [];

    /// <summary>One scenario's runs with several seeds: means, intervals, and each seed's values.</summary>
    /// <param name="runs">The runs.</param>
    /// <exception cref="RunFolderException">It is a single run.</exception>
    public static RunComparison Of(RunSet runs)
    {
        if (!runs.IsOfSeeds) throw new RunFolderException(
            $"{runs.Path} is a single run. Name a second one to compare it with, or a folder of several seeds: heat "
            + "simulate --seeds 1..10 makes one.");
        ThrowIfOneSeed(runs);
        return new Comparing(runs, null).Compare();
    }

    /// <summary>Two runs, or those of two scenarios with the same seeds.</summary>
    /// <param name="a">The first.</param>
    /// <param name="b">The second, of the same kind.</param>
    /// <exception cref="RunFolderException">They can't be compared: the message says why, and what can be done.
    /// </exception>
    public static RunComparison Of(RunSet a, RunSet b)
    {
        if (a.IsOfSeeds != b.IsOfSeeds)
        {
            var (one, several) = a.IsOfSeeds ? (b, a) : (a, b);
            throw new RunFolderException($"{one.Path} holds one run, {several.Path} those of several seeds. Name two "
                + $"of a kind, such as {several.Runs[0].Path}.");
        }
        if (a.IsOfSeeds)
        {
            ThrowIfOneSeed(a);
            ThrowIfOneSeed(b);
            ThrowIfUnpaired(a, b);
        }
        ThrowIfOtherMetrics(a.Runs[0], [.. a.Runs[1..], .. b.Runs]);
        return new Comparing(a, b).Compare();
    }

    private static void ThrowIfOneSeed(RunSet runs)
    {
        if (runs.Runs.Length < 2) throw new RunFolderException(
            $"{runs.Path} has one seed only, which says nothing of chance. Take more (heat simulate --seeds 1..10), or "
            + $"compare the run itself: {runs.Runs[0].Path}");
    }

    private static void ThrowIfUnpaired(RunSet a, RunSet b)
    {
        if (a.Seeds.SequenceEqual(b.Seeds)) return;
        throw new RunFolderException(
            $"{a.Path} has the seeds {Range(a)}, {b.Path} {Range(b)}: runs are compared seed by seed. Simulate one of "
            + $"them again with the other's: heat simulate --seeds {Range(a)}");
    }

    private static string Range(RunSet runs) => $"{runs.Seeds.First()}..{runs.Seeds.Last()}";

    private static void ThrowIfOtherMetrics(RunResults first, ImmutableArray<RunResults> all)
    {
        var names = NamesOf(first.Summary);
        foreach (var other in all)
        {
            var others = NamesOf(other.Summary);
            if (names.Except(others).Concat(others.Except(names)).FirstOrDefault() is not { } one) continue;
            throw new RunFolderException(
                $"{first.Path} (version {first.Manifest.Version}) and {other.Path} (version {other.Manifest.Version}) "
                + $"have different metrics: only one of them has {one}. Simulate the older one again: heat simulate "
                + "DIR/scenario.json");
        }
    }

    private static List<string> NamesOf(Summary summary) =>
        [.. summary.Metrics.SelectMany(metric => metric.Values, (metric, value) => $"{metric.Metric} {value.Name}")];
}

/// <summary>One side of a comparison.</summary>
/// <param name="Folder">Its folder, as it was named.</param>
/// <param name="Version">The version that made it.</param>
/// <param name="Seeds">The seeds of its runs.</param>
/// <param name="Transcripts">The hash of what happened in each.</param>
public sealed record ComparedRuns(
    string Folder, string Version, ImmutableArray<ulong> Seeds, ImmutableArray<string> Transcripts);

/// <summary>What differs in how two runs were made.</summary>
/// <param name="Key">A key of the scenario, such as <c>faults.flood_wait</c>; or <c>version</c>, <c>channels</c>
/// (their hash) or <c>model</c>.</param>
/// <param name="A">A's value; null if it has none.</param>
/// <param name="B">B's value; null if it has none.</param>
public sealed record RuleDifference(string Key, string? A, string? B);

/// <summary>Where two runs of one seed part.</summary>
/// <param name="SameUntil">Until when all that happened is the same; null if they part in their first epoch.</param>
/// <param name="PartedBy">The end of the epoch or day in which they part; null if they don't.</param>
/// <param name="BranchedAt">When the rules of one change that branches off the other; null if none does.</param>
public sealed record Parting(DateTimeOffset? SameUntil, DateTimeOffset? PartedBy, DateTimeOffset? BranchedAt);

/// <summary>How chance was told from more.</summary>
/// <param name="Name">The test.</param>
/// <param name="Correction">How it is corrected for the number of metrics.</param>
/// <param name="Level">With which probability anything at all is reported where nothing is, at most.</param>
/// <param name="Seeds">How many pairs of runs.</param>
/// <param name="Metrics">How many metrics differ in any pair, and so were tested.</param>
/// <param name="SeedsNeeded">How many seeds it takes, at least, before so many metrics can be told from chance.</param>
public sealed record ChanceTest(
    string Name, string Correction, double Level, int Seeds, int Metrics, int SeedsNeeded);

/// <summary>A threshold of both.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Expression">Such as <c>rate>0.95</c>.</param>
/// <param name="A">What came of it in A; null if A has no such threshold.</param>
/// <param name="B">What came of it in B; null if B has no such threshold.</param>
public sealed record ComparedThreshold(string Metric, string Expression, ComparedPass? A, ComparedPass? B);

/// <summary>What came of a threshold.</summary>
/// <param name="Value">What was reached: of several seeds the mean; null if not all could be measured.</param>
/// <param name="Failed">The seeds with which it failed.</param>
public sealed record ComparedPass(double? Value, ImmutableArray<ulong> Failed);

/// <summary>A value of a metric. All are null where not all runs could be measured.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Name">The aggregation, such as <c>count</c> or <c>p(95)</c>.</param>
/// <param name="A">A's value: of several seeds the mean.</param>
/// <param name="B">B's value; null if there is no B.</param>
/// <param name="Difference">B's without A's.</param>
/// <param name="Part">The difference as a part of A's value; null if that is 0, or the value is a part itself.</param>
/// <param name="Interval">Of the difference, or of A's mean if there is no B: 95 %; null for fewer seeds than
/// <see cref="SignFlips.IntervalMin"/>.</param>
/// <param name="P">How likely a difference as large is by chance, corrected for the number of metrics; null if it
/// wasn't tested: each metric is by one value, its count, rate or avg.</param>
/// <param name="IsMoreThanChance">Whether the difference is larger than chance explains; null if it wasn't
/// tested.</param>
/// <param name="OfA">Each seed's value.</param>
/// <param name="OfB">Each seed's value.</param>
public sealed record ComparedValue(
    string Metric, string Unit, string Name, double? A, double? B, double? Difference, double? Part,
    ComparedInterval? Interval, double? P, bool? IsMoreThanChance, ImmutableArray<double?> OfA,
    ImmutableArray<double?> OfB);

/// <summary>Where a mean lies with a probability of 95 %.</summary>
public sealed record ComparedInterval(double Low, double High);

/// <summary>How often which values came, all seeds together, in the same pieces.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Width">How many whole numbers a piece holds.</param>
/// <param name="A">A's counts, from 0 on.</param>
/// <param name="B">B's counts, as many; none if there is no B.</param>
public sealed record ComparedDistribution(
    string Metric, string Unit, int Width, ImmutableArray<long> A, ImmutableArray<long> B);

/// <summary>How far both are from a figure of the real Telegram.</summary>
/// <param name="Name">What it is, for people.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Reference">The real one.</param>
/// <param name="A">A's: of several seeds the mean.</param>
/// <param name="B">B's.</param>
/// <param name="DistanceOfA">How far A is, as in <see cref="CalibrationFigure"/>; the mean.</param>
/// <param name="DistanceOfB">How far B is.</param>
public sealed record ComparedCalibration(
    string Name, string Unit, double Reference, double? A, double? B, double? DistanceOfA, double? DistanceOfB);
