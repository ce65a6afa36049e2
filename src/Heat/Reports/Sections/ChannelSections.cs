using HeatUp.Simulations;

namespace Heat.Reports;

/// <summary>What happened in the channels.</summary>
internal static class ChannelSections
{
    private const int Listed = 20;

    private static readonly Column[] Columns =
    [
        new("Channel"), new("Category"), Column.Number("Joins"), Column.Number("Reads"), Column.Number("Posts read"),
    ];

    public static Html All(int poolChannels, Summary summary)
    {
        var visited = summary.Channels.Count(channel => channel.Joins + channel.Reads > 0);
        var pool = Figures.Count(poolChannels);
        if (visited == 0) return Html.Of($"<p>None of the pool's {pool} channels was visited.</p>");
        var shown = summary.Channels.Take(Listed).ToList();
        var all = summary.Channels.Length;
        return Html.Of($"""
            <p>{Figures.Count(visited)} of the pool's {pool} channels were joined or read.</p>
            {Growth(summary)}
            <h3>The most joined{(all > Listed ? $": {Listed} of {Figures.Count(all)}" : "")}</h3>
            {HtmlTable.Of("The most joined channels", Columns, shown.Select(Row))}
            """);
    }

    private static IReadOnlyList<string> Row(ChannelCount channel) =>
    [
        Figures.Word(channel.Channel), Figures.Word(channel.Category), Figures.Count(channel.Joins),
        Figures.Count(channel.Reads), Figures.Count(channel.PostsRead),
    ];

    private static Html Growth(Summary summary)
    {
        var top = summary.Channels.Where(channel => channel.Joins > 0).Take(Chart.SeriesMax).ToList();
        if (summary.Days.Length < 2 || top.Count == 0) return Html.Empty;
        var buckets = new DayBuckets(summary.Days);
        var first = top[0];
        var chart = new Chart(
            $"Lines: joins of the {top.Count} most joined channels, added up day by day. "
                + $"{Figures.Word(first.Channel)} has the most, {Figures.Count(first.Joins)}; "
                + "the table below has the others.",
            buckets.Points,
            [.. top.Select(channel => new Series(Figures.Word(channel.Channel), buckets.Sums(channel.JoinsByDay)))]);
        return Html.Of($"<h3>Growth: joins, added up</h3>\n{chart.Draw()}");
    }
}
