using System.Globalization;
using HeatUp.Simulations;

namespace Heat.Reports;

/// <summary>What happened, and when.</summary>
internal static class ActivitySections
{
    private static readonly string[] OutcomesInOrder = ["done", "refused", "must_wait", "cancelled", "account_lost"];

    public static Html OverTime(Summary summary)
    {
        var days = summary.Days;
        if (days.All(day => day.Sittings == 0)) return Html.Of($"<p>No sitting began.</p>");
        var table = Days(days);
        if (days.Length == 1) return Html.Of($"<p>It was a single day (UTC).</p>\n{table}");
        var more = days.Length > DayBuckets.Max
            ? Html.Of($"<p class=\"muted\">The first {DayBuckets.Max} of {Figures.Count(days.Length)} days.</p>")
            : Html.Empty;
        return Html.Of($"""
            {Lines(days).Draw()}
            <details><summary>The days as numbers</summary>
            {table}
            {more}
            </details>
            """);
    }

    public static Html Hours(Summary summary)
    {
        if (summary.HoursUtc.All(count => count == 0)) return Html.Of($"<p>No sitting began.</p>");
        var hours = Enumerable.Range(0, summary.HoursUtc.Length).Select(hour => $"{hour}").ToList();
        return summary.HoursLocal.Any(count => count > 0) ? HoursOfPeople(summary, hours) : HoursUtc(summary, hours);
    }

    private static Html HoursUtc(Summary summary, List<string> hours)
    {
        var utc = summary.HoursUtc;
        var chart = new Chart(
            "Bars: sittings by the hour in which they began, in UTC. Most began at "
                + $"{Peak(utc)}, the fewest at {Low(utc)}.",
            hours, [Series("UTC", utc)], IsBars: true);
        var rows = hours.Select((hour, index) => (IReadOnlyList<string>)[$"{hour}:00", Figures.Count(utc[index])]);
        return Html.Of($"""
            <p>Sittings by the hour in which they began, in UTC: nobody knows the sessions' own time.</p>
            {chart.Draw()}
            <details><summary>The hours as numbers</summary>
            {HtmlTable.Of("Sittings by hour", [new("Hour"), Column.Number("UTC")], rows)}
            </details>
            """);
    }

    private static Html HoursOfPeople(Summary summary, List<string> hours)
    {
        var rows = hours.Select((hour, index) => (IReadOnlyList<string>)
            [$"{hour}:00", Figures.Count(summary.HoursLocal[index]), Figures.Count(summary.HoursUtc[index])]);
        return Html.Of($"""
            <p>Sittings by the hour in which they began.</p>
            {Bars(summary, hours).Draw()}
            <details><summary>The hours as numbers</summary>
            {HtmlTable.Of("Sittings by hour", [new("Hour"), Column.Number("Own time"), Column.Number("UTC")], rows)}
            </details>
            """);
    }

    public static Html Actions(Summary summary) => summary.Actions.IsEmpty
        ? Html.Of($"<p>No action was tried.</p>")
        : Html.Of($"""
            {Outcomes(summary.Actions)}
            <h3>What Telegram refused</h3>
            {Refusals(summary)}
            """);

    public static Html Ends(Summary summary) => summary.Ends.IsEmpty
        ? Html.Of($"<p>No sitting began.</p>")
        : Html.Of($"""
            {EndsTable(summary)}
            {Losses(summary)}
            """);

    private static Html EndsTable(Summary summary) => HtmlTable.Of(
        "How sittings ended", [new("End"), new("Why"), Column.Number("Sittings"), Column.Number("Share")],
        summary.Ends.Select(end => (IReadOnlyList<string>)
        [
            end.Status == "running" ? "cut off by the run's end" : Figures.Spoken(end.Status),
            end.Code is { } code ? Figures.Spoken(code) : "",
            Figures.Count(end.Count), Figures.Share(end.Count, summary.Ends.Sum(other => other.Count)),
        ]));

    private static Html Losses(Summary summary)
    {
        var days = summary.Days.Where(day => day.AccountsLost > 0).ToList();
        if (days.Count == 0) return Html.Empty;
        var (first, last) = (Figures.Day(days[0].Day), Figures.Day(days[^1].Day));
        var when = first == last ? $"on {first}" : $"between {first} and {last}";
        var lost = Counted.Of(days.Sum(day => day.AccountsLost), "session");
        return Html.Of($"<p>{lost} lost the account {when}. In a simulation they have no sittings after that.</p>");
    }

    private static Chart Bars(Summary summary, IReadOnlyList<string> hours)
    {
        var (local, utc) = (summary.HoursLocal, summary.HoursUtc);
        return new Chart(
            "Bars: sittings by the hour in which they began. In the sessions' own time most began at "
                + $"{Peak(local)}, the fewest at {Low(local)}; in UTC most began at {Peak(utc)}.",
            hours, [Series("the sessions' own time", local), Series("UTC", utc)], IsBars: true);
    }

    private static Chart Lines(IReadOnlyList<DayCount> days)
    {
        var buckets = new DayBuckets(days);
        var busiest = days.MaxBy(day => day.Sittings)!;
        return new Chart(
            $"Lines {buckets.Piece}: sittings, active sessions and new sessions. "
                + $"The busiest day was {Figures.Day(busiest.Day)} with {Figures.Count(busiest.Sittings)} sittings.",
            buckets.Points,
            [
                new("sittings", buckets.Means(day => day.Sittings)),
                new("active sessions", buckets.Means(day => day.ActiveSessions)),
                new("new sessions", buckets.Means(day => day.NewSessions)),
            ]);
    }

    /// <summary>With the lost accounts where there are any: most runs have none.</summary>
    private static Html Days(IReadOnlyList<DayCount> days)
    {
        var shown = days.Take(DayBuckets.Max).ToList();
        if (days.All(day => day.AccountsLost == 0))
            return HtmlTable.Of("Sittings by day", Columns, [.. shown.Select(Row)]);
        return HtmlTable.Of(
            "Sittings by day", [.. Columns, Column.Number("Lost")],
            [.. shown.Select(day => (IReadOnlyList<string>)[.. Row(day), Figures.Count(day.AccountsLost)])]);
    }

    private static readonly Column[] Columns =
    [
        Column.Short("Day (UTC)"), Column.Number("Sittings"), Column.Number("Actions"), Column.Number("Done"),
        Column.Number("Joins"), Column.Number("Reads"), Column.Number("Active"), Column.Number("New"),
    ];

    private static IReadOnlyList<string> Row(DayCount day) =>
    [
        Figures.Day(day.Day), Figures.Count(day.Sittings), Figures.Count(day.Actions), Figures.Count(day.Done),
        Figures.Count(day.Joins), Figures.Count(day.Reads), Figures.Count(day.ActiveSessions),
        Figures.Count(day.NewSessions),
    ];

    private static Html Outcomes(IReadOnlyList<ActionCount> actions)
    {
        var outcomes = actions.Select(action => action.Outcome).Distinct()
            .OrderBy(outcome => Array.IndexOf(OutcomesInOrder, outcome) is >= 0 and var place ? place : int.MaxValue)
            .ThenBy(outcome => outcome, StringComparer.Ordinal).ToList();
        var columns = outcomes.Select(outcome => Column.Number(Figures.Spoken(outcome)));
        var rows = actions.GroupBy(action => action.Action).Select(kind => (IReadOnlyList<string>)
        [
            Figures.Spoken(kind.Key), Figures.Count(kind.Sum(action => action.Count)),
            .. outcomes.Select(outcome => WithShare(kind.ToList(), outcome)),
        ]);
        return HtmlTable.Of("Actions by outcome", [Column.Short("Action"), Column.Number("Tried"), .. columns], rows);
    }

    private static string WithShare(IReadOnlyList<ActionCount> kind, string outcome)
    {
        var count = kind.Where(action => action.Outcome == outcome).Sum(action => action.Count);
        var share = Figures.Share(count, kind.Sum(action => action.Count));
        return count == 0 ? Figures.None : $"{Figures.Count(count)} ({share})";
    }

    private static Html Refusals(Summary summary) => summary.Refusals.IsEmpty
        ? Html.Of($"<p>Nothing.</p>")
        : HtmlTable.Of("Refusals", [new("What Telegram said"), Column.Number("Times"), Column.Number("Share")],
            summary.Refusals.Select(refusal => (IReadOnlyList<string>)
            [
                Figures.Word(refusal.Word), Figures.Count(refusal.Count),
                Figures.Share(refusal.Count, summary.Refusals.Sum(other => other.Count)),
            ]));

    private static Series Series(string name, IReadOnlyList<long> counts) =>
        new(name, [.. counts.Select(count => (double)count)]);

    private static string Peak(IReadOnlyList<long> hours) => At(hours, hours.Max());

    private static string Low(IReadOnlyList<long> hours) => At(hours, hours.Min());

    private static string At(IReadOnlyList<long> hours, long count) =>
        string.Create(CultureInfo.InvariantCulture, $"{hours.TakeWhile(other => other != count).Count()}:00");
}
