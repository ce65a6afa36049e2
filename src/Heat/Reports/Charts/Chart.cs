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
}

/// <summary>A line or the bars of one colour.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Values">One for each point, finite, 0 or more.</param>
public sealed record Series(string Name, IReadOnlyList<double> Values);
