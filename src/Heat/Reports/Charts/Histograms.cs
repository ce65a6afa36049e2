using HeatUp.Simulations;

namespace Heat.Reports;

/// <summary>Charts of how often which values came.</summary>
internal static class Histograms
{
    /// <summary>A metric's values in a run.</summary>
    public static Chart Of(Distribution distribution)
    {
        var all = Math.Max(1, distribution.Total);
        return Chart(
            Figures.Spoken(distribution.Metric), Figures.Word(distribution.Unit), distribution.Width,
            distribution.Counts.Length,
            [new(Figures.Spoken(distribution.Metric), [.. distribution.Counts.Select(count => 100.0 * count / all)])]);
    }

    /// <summary>Shares in pieces of one width from 0 on.</summary>
    public static Chart Chart(string name, string unit, int width, int pieces, IReadOnlyList<Series> shares) => new(
        name,
        $"Bars: how often which values of {name} came, in percent of all{Together(shares)}. "
            + $"Most lie at {MostOf(shares[0], width)}{(unit.Length == 0 ? "" : $" {unit}")}.",
        unit.Length == 0 ? name : $"{name} ({unit})", "% of all",
        [.. Enumerable.Range(0, pieces).Select(piece => PieceAt(piece, width))], shares, IsBars: true);

    private static string Together(IReadOnlyList<Series> shares) =>
        shares.Count > 1 ? $", {string.Join(" and ", shares.Select(one => one.Name))} side by side" : "";

    private static string MostOf(Series shares, int width) => shares.Values.Count == 0
        ? "0"
        : PieceAt(shares.Values.Index().MaxBy(one => one.Item).Index, width);

    private static string PieceAt(int piece, int width) => width == 1
        ? $"{piece}"
        : $"{piece * width}–{(piece + 1) * width - 1}";
}
