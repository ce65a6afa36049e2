using System.Globalization;
using HeatUp.Simulations;

namespace Heat.Reports;

/// <summary>A comparison in words and short numbers, for terminals and pages.</summary>
internal static class ComparisonText
{
    private const int SeedsShown = 8;

    /// <summary>Such as <c>seed 7</c>, or <c>10 seeds, 1 to 10</c>.</summary>
    public static string SeedsOf(ComparedRuns side) => side.Seeds is [var only]
        ? $"seed {only}"
        : $"{Counted.Of(side.Seeds.Length, "seed")}, {side.Seeds[0]} to {side.Seeds[^1]}";

    /// <summary>A key's value; that it isn't said is a value too.</summary>
    public static string Of(string? value) => value is null ? Figures.None : Figures.Sentence(value);

    /// <summary>What came of the comparison, in sentences; none if that is for the reader to say.</summary>
    public static IReadOnlyList<string> Verdict(RunComparison comparison)
    {
        if (comparison.Parting is { } parting) return [Of(parting)];
        if (comparison.Test is not { } test) return [];
        var tested = comparison.Values.Where(value => value.P is not null).ToList();
        if (tested.Count == 0) return ["No metric differs with any seed."];
        var more = tested.Where(value => value.IsMoreThanChance is true).Select(value => value.Metric).ToList();
        var rest = tested.Where(value => value.IsMoreThanChance is false).Select(value => value.Metric).ToList();
        List<string> sentences = [];
        if (test.Seeds < test.SeedsNeeded) sentences.Add(
            $"{Counted.Of(test.Seeds, "seed")} are too few to tell {Counted.Of(test.Metrics, "metric")} from chance: "
            + $"take {test.SeedsNeeded} or more (heat simulate --seeds 1..{test.SeedsNeeded}).");
        else sentences.Add(more.Count == 0
            ? "No difference is larger than chance explains."
            : $"Larger than chance explains: {string.Join(", ", more)}.");
        if (rest.Count > 0 && more.Count > 0) sentences.Add($"Not told from chance: {string.Join(", ", rest)}.");
        sentences.Add(
            $"Told by the {test.Name}; {test.Correction}'s correction for {Counted.Of(test.Metrics, "metric")}: "
            + "anything at all is reported where nothing is with a probability of "
            + $"{Figures.Percent(test.Level)} at most.");
        return sentences;
    }

    /// <summary>The heads of the columns after that of the metric.</summary>
    public static IReadOnlyList<string> Heads(RunComparison comparison) =>
        comparison is { B: null } ? ["mean", "95% interval", "least", "most"]
        : comparison.Test is null ? ["A", "B", "B − A", "in %"]
        : ["A", "B", "B − A", "95% interval", "p"];

    /// <summary>A value's cells, as many as heads.</summary>
    public static IReadOnlyList<string> Cells(ComparedValue value, RunComparison comparison)
    {
        var (of, difference) = (Plain(value), Difference(value));
        return comparison switch
        {
            { B: null } =>
                [of(value.A), Between(value.Interval, of), of(value.OfA.Min()), of(value.OfA.Max())],
            { Test: null } =>
                [of(value.A), of(value.B), difference(value.Difference), Part(value.Part)],
            _ =>
            [
                of(value.A), of(value.B), difference(value.Difference), Between(value.Interval, difference),
                P(value.P),
            ],
        };
    }

    /// <summary>What came of a threshold.</summary>
    public static string Of(ComparedPass? pass, ComparedRuns runs)
    {
        if (pass is null) return "no such threshold";
        var value = pass.Value is null ? "not measured" : Figures.Exact(pass.Value);
        if (runs.Seeds.Length == 1) return $"{value} {(pass.Failed.IsEmpty ? "passed" : "failed")}";
        var seeds = string.Join(", ", pass.Failed.Take(SeedsShown));
        return pass.Failed.IsEmpty
            ? $"passed with all {runs.Seeds.Length} seeds (mean {value})"
            : $"failed with {pass.Failed.Length} of {runs.Seeds.Length} seeds (mean {value}): {seeds}"
                + (pass.Failed.Length > SeedsShown ? " …" : "");
    }

    /// <summary>A p-value; the smallest are told from each other.</summary>
    public static string P(double? p) => p is not { } number ? "" : number switch
    {
        < 0.001 => "<0.001",
        > 0.995 => "1",
        _ => number.ToString("0.000", CultureInfo.InvariantCulture),
    };

    /// <summary>How a metric's value is shown: a rate in percent, all else as a number.</summary>
    public static Func<double?, string> Plain(ComparedValue value) => IsRate(value) ? Figures.Percent : Figures.Number;

    /// <summary>How a difference is shown: that of rates in percentage points.</summary>
    private static Func<double?, string> Difference(ComparedValue value) => IsRate(value)
        ? points => points is null ? Figures.None : points is 0 ? "0" : $"{Figures.Signed(100 * points)} pp"
        : number => number is 0 ? "0" : Signed(number);

    private static string Between(ComparedInterval? interval, Func<double?, string> show) => interval is null
        ? Figures.None
        : $"{Bare(show(interval.Low))} to {Bare(show(interval.High))}";

    private static string Bare(string number) => number.Replace(" pp", "");

    private static string Part(double? part) => part is not { } number || number == 0
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"{(number < 0 ? "−" : "+")}{Math.Abs(number) * 100:#,0.0}%");

    private static string Signed(double? value) =>
        value is null ? Figures.None : $"{(value < 0 ? "−" : "+")}{Figures.Number(Math.Abs(value.Value))}";

    private static bool IsRate(ComparedValue value) => Metric.Find(value.Metric)?.Kind == MetricKind.Rate;

    private static string Of(Parting parting) => parting switch
    {
        { PartedBy: null } => "All that happened is the same, to the byte.",
        { BranchedAt: { } at } => $"One branches off the other at {Time(at)}: all that happened before is the same.",
        { SameUntil: null } => $"They part before {Time(parting.PartedBy.Value)}: from their start on or soon after.",
        _ => $"All that happened is the same until {Time(parting.SameUntil.Value)}. They part before "
            + $"{Time(parting.PartedBy.Value)}.",
    };

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
