namespace Heat.Reports;

/// <summary>What is drawn: series over the same points.</summary>
/// <param name="Alternative">What it shows, in a sentence, for those who can't see it.</param>
/// <param name="Points">What each point is called.</param>
/// <param name="Series">The series; at most <see cref="SeriesMax"/>.</param>
/// <param name="IsBars">Whether bars side by side are drawn, and not lines.</param>
internal sealed record Chart(
    string Alternative, IReadOnlyList<string> Points, IReadOnlyList<Series> Series, bool IsBars = false)
{
    /// <summary>As many as there are colours and dashes that can be told apart.</summary>
    public const int SeriesMax = 8;

    private static readonly ChartSize Wide = new("wide", 960, 300);

    /// <summary>Drawn anew for phones: a wide drawing made small has letters that nobody can read.</summary>
    private static readonly ChartSize Narrow = new("narrow", 360, 240);

    public Html Draw() => Html.Of($"""
        <figure role="img" aria-label="{Alternative}">
        {ChartDrawing.Of(this, Wide)}
        {ChartDrawing.Of(this, Narrow)}
        </figure>
        <ul class="legend">
        {Html.Lines(Series.Select((series, index) => Legend(series.Name, index)))}
        </ul>
        """);

    private static Html Legend(string name, int index) => Html.Of(
        $"""
        <li><svg class="swatch" viewBox="0 0 24 8" aria-hidden="true">
        <path class="s{index + 1}" d="M0 4L24 4"/></svg>{name}</li>
        """);
}

/// <summary>A line or the bars of one colour.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Values">One for each point, 0 or more.</param>
internal sealed record Series(string Name, IReadOnlyList<double> Values);

/// <summary>How large a chart is drawn.</summary>
/// <param name="Class">The class by which the page shows or hides it.</param>
/// <param name="Width">In the drawing's units, about a pixel.</param>
/// <param name="Height">The same.</param>
internal sealed record ChartSize(string Class, int Width, int Height);
