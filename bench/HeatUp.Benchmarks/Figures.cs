namespace HeatUp.Benchmarks;

/// <summary>Small statistics over rounds and probes.</summary>
internal static class Figures
{
    /// <summary>Whether a figure has not kept its bound.</summary>
    public static bool HasMissed { get; private set; }

    public static double Median(IEnumerable<double> values) => Quantile(values, 0.5);

    public static double Quantile(IEnumerable<double> values, double quantile)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(quantile * sorted.Length))];
    }

    /// <summary>
    /// A line of the report: the figure, and whether it keeps its bound; one that doesn't makes the run fail.
    /// </summary>
    public static void Report(string what, double figure, string unit, double bound, bool atLeast)
    {
        var kept = atLeast ? figure >= bound : figure <= bound;
        HasMissed |= !kept;
        var (mark, side) = (kept ? "✓" : "✗", atLeast ? "at least" : "at most");
        Console.WriteLine($"  {mark} {what,-62} {figure,12:N2} {unit,-8} ({side} {bound:N2})");
    }

    /// <summary>A line of the report without a bound.</summary>
    public static void Note(string what, double figure, string unit) =>
        Console.WriteLine($"    {what,-62} {figure,12:N2} {unit}");
}
