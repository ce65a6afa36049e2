using System.Globalization;
using HeatUp.Simulations;

namespace Heat.Reports;

/// <summary>How the plans were, and what they cost.</summary>
internal static class PlanSections
{
    public static Html Plans(PlanCount plans) => plans.Total == 0
        ? Html.Of($"<p>Nothing was planned.</p>")
        : Html.Of($"""
            <p>{Variety(plans)}</p>
            {Table("Plans by size", "Actions in the plan", plans.BySize, plans.Total)}
            {Table("Plans by planner", "Planner", plans.ByPlanner, plans.Total)}
            {Fallbacks(plans)}
            """);

    public static Html Cost(bool hasModel, PlanCount plans) =>
        !hasModel && plans.TokensIn + plans.TokensOut == 0
            ? Html.Of($"<p>No language model planned, so it cost nothing.</p>")
            : HtmlTable.Of("Cost", [new("What"), Column.Number("Amount")], Costs(plans));

    private static IEnumerable<IReadOnlyList<string>> Costs(PlanCount plans) =>
    [
        ["Tokens sent", Figures.Count(plans.TokensIn)],
        ["of them in the provider's cache", Figures.Count(plans.TokensCached)],
        ["Cached share", Figures.Share(plans.TokensCached, plans.TokensIn)],
        ["Tokens received", Figures.Count(plans.TokensOut)],
        ["Cost at the scenario's prices", plans.Cost is { } cost ? Money(cost) : "no prices given"],
        ["Cost of 1,000 plans", plans.Cost is { } all ? Money(1_000 * all / Math.Max(1, plans.Total)) : Figures.None],
    ];

    private static string Money(double cost) => cost.ToString("#,0.00##", CultureInfo.InvariantCulture);

    private static string Variety(PlanCount plans)
    {
        var which = plans.Sampled == plans.Total
            ? $"All {Figures.Count(plans.Total)} plans were compared with each other"
            : $"{Figures.Count(plans.Sampled)} of {Figures.Count(plans.Total)} plans were compared with each other";
        var share = Figures.Share(plans.Distinct, plans.Sampled);
        return $"{which}: {Figures.Count(plans.Distinct)} are distinct ({share}).";
    }

    private static Html Fallbacks(PlanCount plans) => plans.Fallbacks.IsEmpty
        ? Html.Of($"<p>The built-in planner never had to stand in for a language model.</p>")
        : Table("Why the built-in planner stood in", "Reason", plans.Fallbacks, plans.Total);

    private static Html Table(string name, string of, IReadOnlyList<WordCount> counts, long all) => Html.Of($"""
        <h3>{name}</h3>
        {HtmlTable.Of(name, [new(of), Column.Number("Plans"), Column.Number("Share of all")], Rows(counts, all))}
        """);

    private static IEnumerable<IReadOnlyList<string>> Rows(IReadOnlyList<WordCount> counts, long all) => counts.Select(
        count => (IReadOnlyList<string>)
            [PlannerName(count.Word), Figures.Count(count.Count), Figures.Share(count.Count, all)]);

    private static string PlannerName(string word) => word switch
    {
        "llm" => "language model",
        "builtin" => "built-in",
        _ => Figures.Spoken(word),
    };
}
