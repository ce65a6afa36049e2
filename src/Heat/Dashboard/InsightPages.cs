using Heat.Api;

namespace Heat.Dashboard;

/// <summary>What the history says, as charts with their tables.</summary>
internal static class InsightPages
{
    public static void MapInsightPages(this IEndpointRouteBuilder pages) =>
        pages.MapGet("/ui/insights", ShowAsync);

    private static async Task<IResult> ShowAsync(
        string? days, string? zone, string? session, string? channel, HttpRequest request, AnalyticsDesk desk,
        PageMaker pages, CancellationToken cancellation)
    {
        // What a form leaves empty is not asked for.
        var wish = new AnalyticsWish(Given(days), Given(zone) ?? ViewerZone.Of(request).Id);
        var (figures, problem) = await desk.AskAsync(wish, Given(session), Given(channel), cancellation);
        return figures is null ? problem!.ToPage() : pages.Show<InsightsView>("insights", new()
        {
            [nameof(InsightsView.Of)] = figures,
            [nameof(InsightsView.Days)] = wish.Days ?? $"{Days.Default}",
            [nameof(InsightsView.Session)] = Given(session),
            [nameof(InsightsView.Channel)] = Given(channel),
        });
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
