using HeatUp.Simulations;

namespace Heat.Reports;

/// <summary>What a reader wants first: what was run, whether it is what was wanted, and how much it was.</summary>
internal static class HeadSections
{
    public static string Sentence(Manifest manifest, Summary summary)
    {
        var scenario = new ScenarioFacts(manifest, summary);
        var (sessions, days) = (Counted.Of(scenario.Sessions, "session"), Counted.Of(scenario.Days, "day"));
        return $"{sessions}, {days} from {scenario.Start}, seed {manifest.Seed}, {Planner(manifest)}";
    }

    public static Html Title(Manifest manifest, Summary summary) => Html.Of($"""
        <header>
        <h1>{Sentence(manifest, summary)}</h1>
        <p class="muted">Heat Up simulation · {Status(manifest)}</p>
        {Banner(manifest)}
        </header>
        """);

    public static Html Thresholds(Summary summary) => summary.Thresholds.IsEmpty
        ? Html.Of($"""
            <p>None were set. A scenario sets what its run must reach, for example
            <code>{"\"thresholds\": {\"success_rate\": [\"rate>0.95\"]}"}</code>; a threshold that fails makes
            <code>heat simulate</code> end with exit code 99.</p>
            """)
        : HtmlTable.Of("Thresholds", [new(""), new("Metric"), new("Must be"), Column.Number("Reached")],
            summary.Thresholds.Select(threshold => (IReadOnlyList<Html>)
            [
                Mark(threshold), Html.Of($"{Figures.Word(threshold.Metric)}"),
                Html.Of($"<code>{Figures.Word(threshold.Expression)}</code>"),
                Html.Of($"{(threshold.Value is null ? "not measured" : Figures.Exact(threshold.Value))}"),
            ]));

    public static Html Cards(long sessions, long sittings, long actions, Summary summary)
    {
        var (arrived, plans) = (Figures.Count(sessions), summary.Plans);
        var joined = summary.Channels.Count(channel => channel.Joins > 0);
        var joins = Figures.Count(summary.Channels.Sum(channel => channel.Joins));
        var distinct = Figures.Share(plans.Distinct, plans.Sampled);
        return Html.Of($"""
            <dl class="cards">
            {Card("Sittings", Figures.Count(sittings), "")}
            {Card("Actions", Figures.Count(actions), "tried")}
            {Card("Success rate", Figures.Percent(summary.Rate("success_rate")), "of the actions tried")}
            {Card("Distinct plans", distinct, $"of {Figures.Count(plans.Sampled)} compared")}
            {Card("Active sessions", Figures.Percent(summary.Rate("active_rate")), $"of {arrived} that arrived")}
            {Card("Joins", joins, $"in {Figures.Count(joined)} channels")}
            {Card("Posts read", Figures.Count(summary.Channels.Sum(channel => channel.PostsRead)), "")}
            </dl>
            """);
    }

    private static Html Card(string name, string value, string of)
    {
        var small = of.Length == 0 ? Html.Empty : Html.Of($"<dd class=\"of\">{of}</dd>");
        return Html.Of($"<div><dt>{name}</dt><dd>{value}</dd>{small}</div>");
    }

    private static Html Mark(ThresholdResult threshold) => threshold.Passed
        ? Html.Of($"<span class=\"mark good\">✓<span class=\"word\"> passed</span></span>")
        : Html.Of($"<strong class=\"mark bad\">✗<span class=\"word\"> failed</span></strong>");

    private static string Status(Manifest manifest) => manifest.Status == RunFolderStatus.Complete
        ? "complete"
        : $"not complete, until {Figures.Time(manifest.Reached)}";

    private static Html Banner(Manifest manifest) => manifest.Status == RunFolderStatus.Complete
        ? Html.Empty
        : Html.Of($"""
            <div class="banner" role="note">
            <p><strong>This run is not complete.</strong> {RunStatusText.Why(manifest)}</p>
            <p>What follows is what happened until {Figures.Time(manifest.Reached)}. {HowToGoOn(manifest.Status)}</p>
            </div>
            """);

    private static Html HowToGoOn(RunFolderStatus status) => RunStatusText.CanGoOn(status)
        ? Html.Of($"To go on: <code>heat simulate --resume DIR</code>, where DIR is its folder.")
        : Html.Of($"Mend what made the threshold fail, and start it anew.");

    private static string Planner(Manifest manifest) =>
        manifest.Model is { } model ? $"planned by {Figures.Word(model)}" : "built-in planner";
}
