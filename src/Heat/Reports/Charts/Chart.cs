using System.Globalization;

namespace Heat.Reports;

/// <summary>What is drawn: series over the same points.</summary>
/// <param name="Name">What it is, in a few words.</param>
/// <param name="Alternative">What it shows, in a sentence, for those who can't see it.</param>
/// <param name="XAxis">What the points are.</param>
/// <param name="YAxis">What the values are.</param>
/// <param name="Points">What each point is called.</param>
/// <param name="Series">The series; at most <see cref="SeriesMax"/>.</param>
/// <param name="IsBars">Whether bars side by side are drawn, and not lines.</param>
public sealed record Chart(
    string Name, string Alternative, string XAxis, string YAxis, IReadOnlyList<string> Points,
    IReadOnlyList<Series> Series, bool IsBars = false)
{
    /// <summary>As many as there are colours and dashes that can be told apart.</summary>
    public const int SeriesMax = 8;

    private const int DaysOfYear = 366;

    /// <summary>The first day of each point of a chart over time; null of other charts.</summary>
    public IReadOnlyList<DateOnly>? Days { get; init; }

    /// <summary>Whether values are what has come together by then, and not what came.</summary>
    private bool IsAddedUp { get; init; }

    /// <summary>A chart of lines over days.</summary>
    /// <param name="name">What it is, in a few words.</param>
    /// <param name="alternative">What it shows, in a sentence.</param>
    /// <param name="xAxis">Whose days.</param>
    /// <param name="yAxis">What the values are.</param>
    /// <param name="days">The days, in order.</param>
    /// <param name="series">A value for each day.</param>
    /// <param name="isAddedUp">Whether values are what has come together by then.</param>
    public static Chart OverDays(
        string name, string alternative, string xAxis, string yAxis, IEnumerable<DateOnly> days,
        IReadOnlyList<Series> series, bool isAddedUp = false)
    {
        List<DateOnly> all = [.. days];
        return new(name, alternative, xAxis, yAxis, NamesOf(all, all.Count > DaysOfYear), series)
        {
            Days = all, IsAddedUp = isAddedUp,
        };
    }

    /// <summary>
    /// The same with at most so many points: each stands for some days, by its mean, or by its last value of what is
    /// added up.
    /// </summary>
    public Chart InPieces(int most)
    {
        if (Days is not { } days || days.Count <= most) return this;
        var size = (days.Count + most - 1) / most;
        var kept = days.Chunk(size).Select(piece => piece[0]).ToList();
        return this with
        {
            Alternative = string.Create(CultureInfo.InvariantCulture,
                $"{Alternative} Each point stands for {size} days{(IsAddedUp ? "" : ", by their mean")}."),
            Points = NamesOf(kept, isLong: days.Count > DaysOfYear),
            Days = kept,
            Series = [.. Series.Select(one => one with { Values = [.. one.Values.Chunk(size).Select(ValueOf)] })],
        };
    }

    private double ValueOf(double[] piece) => IsAddedUp ? piece[^1] : piece.Average();

    private static List<string> NamesOf(List<DateOnly> days, bool isLong) =>
        [.. days.Select(day => isLong ? Figures.Month(day) : Figures.ShortDay(day))];
}

/// <summary>A line or the bars of one colour.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Values">One for each point, finite, 0 or more.</param>
public sealed record Series(string Name, IReadOnlyList<double> Values);
