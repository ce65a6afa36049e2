using System.Collections.Immutable;
using HeatUp.Simulations;

namespace Heat.Reports;

/// <summary>The charts of a comparison: both sides over the same points.</summary>
internal static class ComparisonCharts
{
    /// <summary>How often which values came, as shares: the sides may have different numbers of them.</summary>
    public static Chart Of(ComparedDistribution distribution)
    {
        List<Series> sides = [new("A", SharesOf(distribution.A))];
        if (!distribution.B.IsEmpty) sides.Add(new("B", SharesOf(distribution.B)));
        return Histograms.Chart(
            Figures.Spoken(distribution.Metric), Figures.Word(distribution.Unit), distribution.Width,
            distribution.A.Length, sides);
    }

    /// <summary>Sittings by day, of several seeds the mean; null where the sides have no two days in common.</summary>
    public static Chart? Days(RunComparison comparison)
    {
        var (a, b) = (comparison.RunsOfA, comparison.RunsOfB);
        var days = a[0].Summary.Days;
        if (days.Length < 2) return null;
        if (!b.IsEmpty && (b[0].Summary.Days.Length < 2 || b[0].Summary.Days[0].Day != days[0].Day)) return null;
        if (!b.IsEmpty && b[0].Summary.Days.Length > days.Length) days = b[0].Summary.Days;
        List<Series> sides = [new("A", MeansOf(a, days.Length))];
        if (!b.IsEmpty) sides.Add(new("B", MeansOf(b, days.Length)));
        return Chart.OverDays(
            "Sittings over time",
            $"Lines by day: the sittings of {(b.IsEmpty ? "A" : "A and of B")}"
                + $"{(a.Length > 1 ? ", means of the seeds" : "")}.",
            "day (UTC)", "sittings per day", days.Select(day => day.Day), sides);
    }

    /// <summary>Which part of the sittings began in each hour (UTC); null if there were none.</summary>
    public static Chart? Hours(RunComparison comparison)
    {
        var (a, b) = (HoursOf(comparison.RunsOfA), HoursOf(comparison.RunsOfB));
        if (a.Sum() + b.Sum() == 0) return null;
        List<Series> sides = [new("A", SharesOf(a))];
        if (!comparison.RunsOfB.IsEmpty) sides.Add(new("B", SharesOf(b)));
        return new Chart(
            "Hours of the day",
            "Bars: which part of the sittings began in each hour of the day, in UTC, in percent.",
            "hour (UTC)", "% of the sittings", [.. a.Select((_, hour) => $"{hour}")], sides, IsBars: true);
    }

    private static double[] MeansOf(ImmutableArray<RunResults> runs, int days) =>
        [.. Enumerable.Range(0, days).Select(day => runs.Average(
            run => day < run.Summary.Days.Length ? run.Summary.Days[day].Sittings : 0.0))];

    private static ImmutableArray<long> HoursOf(ImmutableArray<RunResults> runs) =>
        [.. Enumerable.Range(0, 24).Select(hour => runs.Sum(run => run.Summary.HoursUtc[hour]))];

    private static double[] SharesOf(ImmutableArray<long> counts)
    {
        var all = Math.Max(1, counts.Sum());
        return [.. counts.Select(count => 100.0 * count / all)];
    }
}
