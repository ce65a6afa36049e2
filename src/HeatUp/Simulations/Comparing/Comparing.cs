using System.Collections.Immutable;

namespace HeatUp.Simulations;

/// <summary>Compares runs that can be compared.</summary>
/// <param name="a">The first.</param>
/// <param name="b">The second, with the same seeds and metrics; null for none.</param>
internal sealed class Comparing(RunSet a, RunSet? b)
{
    private const double Level = 0.05;
    private const int Digits = 9;

    private bool HasChance => a.IsOfSeeds && b is not null;

    public RunComparison Compare()
    {
        var values = Values();
        var tested = values.Count(value => value.P is not null);
        return new RunComparison(
            Side(a), b is null ? null : Side(b),
            b is null ? [] : RuleDifferences.Between(a.Runs[0], b.Runs[0], !HasChance), PartingOf(),
            HasChance ? TestOf(tested) : null, Thresholds(), values, Distributions(), Calibration())
        {
            RunsOfA = a.Runs,
            RunsOfB = b?.Runs ?? [],
        };
    }

    /// <summary>The fewest seeds with which the least p-value that there can be is small enough for so many
    /// metrics.</summary>
    internal static int SeedsNeeded(int metrics)
    {
        var seeds = 2;
        while (metrics * Math.ScaleB(1, 1 - seeds) > Level) seeds++;
        return seeds;
    }

    private static ComparedRuns Side(RunSet runs) => new(
        runs.Path, runs.Runs[0].Manifest.Version, [.. runs.Seeds],
        [.. runs.Runs.Select(run => run.Manifest.Transcript)]);

    private ChanceTest TestOf(int metrics) => new(
        a.Runs.Length <= SignFlips.ExactMax
            ? "exact sign-flip test of the differences, seed by seed, two-sided"
            : "sign-flip test of the differences, seed by seed, two-sided, by 99,999 random flips",
        "Holm", Level, a.Runs.Length, metrics, SeedsNeeded(Math.Max(1, metrics)));

    /// <summary>One seed's runs have one world: whoever has the marks sees where they part.</summary>
    private Parting? PartingOf()
    {
        if (b is null || a.IsOfSeeds) return null;
        var (one, other) = (a.Runs[0], b.Runs[0]);
        if (one.Manifest.Seed != other.Manifest.Seed) return null;
        if (one.Manifest.Transcript == other.Manifest.Transcript)
            return new(one.Manifest.Reached, null, BranchedAt(one, other));
        var marks = other.Epochs.ToDictionary(mark => mark.Until, mark => mark.Transcript);
        DateTimeOffset? same = null;
        foreach (var mark in one.Epochs)
        {
            if (!marks.TryGetValue(mark.Until, out var transcript)) continue;
            if (transcript != mark.Transcript) return new(same, mark.Until, BranchedAt(one, other));
            same = mark.Until;
        }
        return null;
    }

    private static DateTimeOffset? BranchedAt(RunResults one, RunResults other) =>
        other.Manifest.Branch is { } branch && branch.Transcript == one.Manifest.Transcript ? branch.At
        : one.Manifest.Branch is { } back && back.Transcript == other.Manifest.Transcript ? back.At
        : null;

    private ImmutableArray<ComparedValue> Values()
    {
        var values = a.Runs[0].Summary.Metrics
            .SelectMany(metric => metric.Values, ValueOf).ToImmutableArray();
        if (!HasChance) return values;
        // What differs with no seed can't be reported, so that it needs no correction.
        var tested = values.Select((value, index) => (Index: index, Differences: DifferencesOf(value)))
            .Where(one => IsTested(values[one.Index]) && one.Differences is { } all && all.Any(some => some != 0))
            .ToList();
        var adjusted = Holm.Adjust([.. tested.Select(one => SignFlips.PValue(one.Differences!))]);
        var told = values.ToBuilder();
        foreach (var (one, p) in tested.Zip(adjusted))
            told[one.Index] = told[one.Index] with { P = Rounded(p), IsMoreThanChance = p <= Level };
        return told.ToImmutable();
    }

    /// <summary>Each metric is tested by one value: what counts more often must be corrected for more.</summary>
    private static bool IsTested(ComparedValue value) => value.Name is "count" or "rate" or "avg";

    private static double[]? DifferencesOf(ComparedValue value) =>
        value.OfA.Concat(value.OfB).Any(one => one is null)
            ? null
            : [.. value.OfA.Zip(value.OfB, (one, other) => other!.Value - one!.Value)];

    private ComparedValue ValueOf(MetricResult metric, NamedValue shown)
    {
        double? In(RunResults run) => run.Summary.Metrics.First(one => one.Metric == metric.Metric)
            .Values.First(one => one.Name == shown.Name).Value;
        var (ofA, ofB) = (a.Runs.Select(In).ToImmutableArray(), b?.Runs.Select(In).ToImmutableArray() ?? []);
        var (one, other) = (Mean(ofA), Mean(ofB));
        var difference = other - one;
        var value = new ComparedValue(
            metric.Metric, metric.Unit, shown.Name, Rounded(one), Rounded(other), Rounded(difference),
            IsPart(metric) || one is null or 0 ? null : Rounded(difference / Math.Abs(one.Value)), null, null, null,
            ofA, ofB);
        return a.IsOfSeeds ? value with { Interval = IntervalOf(value) } : value;
    }

    private static bool IsPart(MetricResult metric) => metric.Values is [{ Name: "rate" }];

    private ComparedInterval? IntervalOf(ComparedValue value)
    {
        var values = b is not null ? DifferencesOf(value)
            : value.OfA.Any(one => one is null) ? null
            : [.. value.OfA.Select(one => one!.Value)];
        return values is not null && SignFlips.Interval(values) is var (low, high)
            ? new(Math.Round(low, Digits), Math.Round(high, Digits))
            : null;
    }

    private ImmutableArray<ComparedThreshold> Thresholds() =>
        [.. ThresholdsOf(a).Concat(b is null ? [] : ThresholdsOf(b)).Distinct()
            .Select(one => new ComparedThreshold(
                one.Metric, one.Expression, PassOf(a, one), b is null ? null : PassOf(b, one)))];

    private static IEnumerable<(string Metric, string Expression)> ThresholdsOf(RunSet runs) =>
        runs.Runs[0].Summary.Thresholds.Select(threshold => (threshold.Metric, threshold.Expression));

    private static ComparedPass? PassOf(RunSet runs, (string Metric, string Expression) which)
    {
        var results = runs.Runs.SelectMany(
            run => run.Summary.Thresholds.Where(one => (one.Metric, one.Expression) == which).Take(1),
            (run, result) => (run.Manifest.Seed, Result: result)).ToList();
        return results.Count == 0 ? null : new(
            Rounded(Mean([.. results.Select(one => one.Result.Value)])),
            [.. results.Where(one => !one.Result.Passed).Select(one => one.Seed)]);
    }

    private ImmutableArray<ComparedDistribution> Distributions() =>
        [.. Metric.All.Where(metric => metric.Kind == MetricKind.Trend).Select(DistributionOf)
            .OfType<ComparedDistribution>()];

    private ComparedDistribution? DistributionOf(Metric metric)
    {
        var (ofA, ofB) = (DistributionsOf(a, metric), b is null ? [] : DistributionsOf(b, metric));
        if (ofA.Count == 0 || (b is not null && ofB.Count == 0)) return null;
        var width = ofA.Concat(ofB).Max(one => one.Width);
        var (one, other) = (Sum(ofA, width), Sum(ofB, width));
        var length = Math.Max(one.Length, other.Length);
        return new(metric.Name, metric.Unit, width, Padded(one, length), b is null ? [] : Padded(other, length));
    }

    private static List<Distribution> DistributionsOf(RunSet runs, Metric metric) =>
        [.. runs.Runs.SelectMany(run => run.Summary.Distributions)
            .Where(one => one.Metric == metric.Name && one.Total > 0)];

    private static long[] Sum(List<Distribution> distributions, int width)
    {
        var all = distributions.ConvertAll(one => one.InPiecesOf(width).Counts);
        var sum = new long[all.Select(counts => counts.Length).DefaultIfEmpty(0).Max()];
        foreach (var counts in all)
            for (var piece = 0; piece < counts.Length; piece++)
                sum[piece] += counts[piece];
        return sum;
    }

    private static ImmutableArray<long> Padded(long[] counts, int length) =>
        [.. counts, .. Enumerable.Repeat(0L, length - counts.Length)];

    private ImmutableArray<ComparedCalibration> Calibration() =>
        [.. a.Runs[0].Summary.Calibration.Select(figure => new ComparedCalibration(
            figure.Name, figure.Unit, figure.Reference,
            MeanOf(a, figure, one => one.Simulated), MeanOf(b, figure, one => one.Simulated),
            MeanOf(a, figure, one => one.Distance), MeanOf(b, figure, one => one.Distance)))];

    private static double? MeanOf(RunSet? runs, CalibrationFigure figure, Func<CalibrationFigure, double?> value) =>
        runs is null ? null : Rounded(Mean([.. runs.Runs.Select(run => run.Summary.Calibration
            .FirstOrDefault(one => one.Name == figure.Name) is { } found ? value(found) : null)]));

    private static double? Mean(ImmutableArray<double?> values) =>
        values.IsEmpty || values.Any(value => value is null) ? null : values.Average();

    private static double? Rounded(double? value) => value is { } number ? Math.Round(number, Digits) : null;
}
