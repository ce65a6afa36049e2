using HeatUp.Simulations;

namespace Heat.Reports;

/// <summary>
/// Days in as many pieces as a chart has room for: single days, or means over some of them in a long run.
/// </summary>
internal sealed class DayBuckets(IReadOnlyList<DayCount> days)
{
    /// <summary>The most points of a line.</summary>
    public const int Max = 120;

    private const int DaysOfYear = 366;

    private readonly int size = Math.Max(1, (days.Count + Max - 1) / Max);

    /// <summary>What a piece is called in a sentence.</summary>
    public string Piece => size == 1 ? "by day" : $"by day, as means over {size} days each";

    /// <summary>What the pieces are called: by their first days, or in a run of years by their months.</summary>
    public IReadOnlyList<string> Points => [.. Pieces().Select(piece => NameOf(days[piece.Start].Day))];

    /// <summary>A figure of each day.</summary>
    public IReadOnlyList<double> Means(Func<DayCount, long> figure) =>
        [.. Pieces().Select(piece => days.Skip(piece.Start).Take(piece.Count).Average(day => (double)figure(day)))];

    /// <summary>The same of a number for each day.</summary>
    public IReadOnlyList<double> Means(IReadOnlyList<double> byDay) =>
        [.. Pieces().Select(piece => byDay.Skip(piece.Start).Take(piece.Count).Average())];

    /// <summary>How much has come together at each piece's end.</summary>
    public IReadOnlyList<double> Sums(IReadOnlyList<long> byDay)
    {
        var sums = new double[byDay.Count];
        for (var day = 0; day < sums.Length; day++) sums[day] = byDay[day] + (day > 0 ? sums[day - 1] : 0);
        return [.. Pieces().Select(piece => sums[piece.Start + piece.Count - 1])];
    }

    private string NameOf(DateOnly day) => days.Count > DaysOfYear ? Figures.Month(day) : Figures.ShortDay(day);

    private IEnumerable<(int Start, int Count)> Pieces()
    {
        for (var start = 0; start < days.Count; start += size) yield return (start, Math.Min(size, days.Count - start));
    }
}
