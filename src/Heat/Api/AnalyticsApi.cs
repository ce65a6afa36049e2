using System.Reflection;
using Heat.Reports;
using HeatUp.Channels;
using HeatUp.Sessions;
using HeatUp.Simulations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;

namespace Heat.Api;

/// <summary>What the history says: of all, of a session, of a channel; as JSON, or one table of it as CSV.</summary>
internal static class AnalyticsApi
{
    public static void MapAnalytics(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/analytics").WithTags("Analytics");
        api.MapGet("", (string? days, string? zone, string? table, string? format, AnalyticsDesk desk,
                HttpRequest request, CancellationToken cancellation) =>
                desk.AnswerAsync(new(days, zone, table, format), request, null, null, cancellation))
            .WithName("analytics")
            .WithSummary("What the last days say: success, refusals, channels and plans; one table as CSV")
            .ProducesProblems(400, 401, 503);
        api.MapGet("/sessions/{session_id}", (string session_id, string? days, string? zone, string? table,
                string? format, AnalyticsDesk desk, HttpRequest request, CancellationToken cancellation) =>
                desk.AnswerAsync(new(days, zone, table, format), request, session_id, null, cancellation))
            .WithName("analytics_of_session")
            .WithSummary("The same of one session")
            .ProducesProblems(400, 401, 503);
        api.MapGet("/channels/{channel}", (string channel, string? days, string? zone, string? table,
                string? format, AnalyticsDesk desk, HttpRequest request, CancellationToken cancellation) =>
                desk.AnswerAsync(new(days, zone, table, format), request, null, channel, cancellation))
            .WithName("analytics_of_channel")
            .WithSummary("The same of one channel, and of the plans that name it")
            .ProducesProblems(400, 401, 503);
    }
}

/// <summary>What an address asks of analytics, unread.</summary>
internal readonly record struct AnalyticsWish(string? Days, string? Zone, string? Table = null, string? Format = null);

/// <summary>Asks the store for analytics.</summary>
internal sealed class AnalyticsDesk(IInsights store, ChannelPoolFile pool, TimeProvider clock)
{
    /// <summary>The figures; or what is wrong with the question.</summary>
    public async Task<(Analytics? Figures, ProblemResult? Problem)> AskAsync(
        AnalyticsWish wish, string? session, string? channel, CancellationToken cancellation)
    {
        if (!Days.TryParse(wish.Days, out var days)) return (null, Problems.Days(wish.Days));
        if (!TimeZones.TryFind(wish.Zone ?? TimeZoneInfo.Utc.Id, out var zone))
            return (null, Problems.Zone(wish.Zone));
        var (ofSession, ofChannel) = (default(SessionId?), default(ChannelName?));
        if (session is not null)
        {
            if (!SessionId.TryParse(session, out var id, out var problem)) return (null, Problems.SessionId(problem));
            ofSession = id;
        }
        if (channel is not null)
        {
            if (!ChannelName.TryParse(channel, out var name)) return (null, Problems.Channel(channel));
            ofChannel = name;
        }
        var question = AnalyticsQuestion.Of(days, clock.GetUtcNow(), zone, ofSession, ofChannel);
        return (await store.AnalyseAsync(question, pool.Listed, cancellation), null);
    }

    public async Task<Results<AnalyticsResult, ProblemResult>> AnswerAsync(
        AnalyticsWish wish, HttpRequest request, string? session, string? channel, CancellationToken cancellation)
    {
        var isCsv = wish.Format is "csv" || wish.Format is null
            && request.Headers.Accept.ToString().Contains("text/csv", StringComparison.OrdinalIgnoreCase);
        if (wish.Format is not (null or "csv" or "json")) return Problems.Format(wish.Format);
        var table = wish.Table ?? AnalyticsTables.Default;
        if (!AnalyticsTables.Names.Contains(table)) return Problems.Table(table);
        var (figures, problem) = await AskAsync(wish, session, channel, cancellation);
        if (figures is null) return problem!;
        return new AnalyticsResult(figures, isCsv ? table : null);
    }
}

/// <summary>The tables of the figures, as CSV.</summary>
internal static class AnalyticsTables
{
    public const string Default = "days";

    private static readonly string[] Rate = ["name", "done", "tried", "share", "low", "high"];

    private static readonly Dictionary<string, Func<Analytics, string>> All = new()
    {
        [Default] = of => CsvReport.Text(["day", "sittings", "done", "failed", "joins", "reads"], of.Days.Select(
            day => new object?[] { Figures.Day(day.Day), day.Sittings, day.Done, day.Failed, day.Joins, day.Reads })),
        ["actions"] = of => Rates(of.Actions),
        ["hours"] = of => Rates(of.Hours),
        ["weekdays"] = of => Rates(of.Weekdays),
        ["channels"] = of => CsvReport.Text(
            ["channel", "category", "joins", "reads", "read_again", "readers", "failed"],
            of.Channels.Select(one => new object?[]
            {
                one.Channel, one.Category, one.Joins, one.Reads, one.ReadAgain, one.Readers, one.Failed,
            })),
        ["co_readings"] = of => CsvReport.Text(["channel", "with", "both", "either", "share"], of.CoReadings.Select(
            one => new object?[] { one.Channel, one.With, one.Both, one.Either, one.Share })),
        ["cohorts"] = of => CsvReport.Text(
            ["week", "sessions", "after_days", "returned", "of", "share", "low", "high"],
            from cohort in of.Cohorts
            from one in cohort.Returned
            select new object?[]
            {
                cohort.Week is { } week ? Figures.Day(week) : "all", cohort.Sessions, one.Name, one.Done, one.Tried,
                one.Share, one.Low, one.High,
            }),
        ["categories"] = of => Rates(of.Categories),
        ["origins"] = of => Rates(of.Origins),
        ["refusals"] = of => CsvReport.Text(["outcome", "reason", "action", "count"], of.Refusals.Select(
            one => new object?[] { one.Outcome, one.Reason, one.Action, one.Count })),
        ["ends"] = of => CsvReport.Text(["status", "code", "count"], of.Ends.Select(
            one => new object?[] { one.Status, one.Code, one.Count })),
        ["plan_lengths"] = of => Rates(of.Plans.Lengths),
        ["plan_joins"] = of => Rates(of.Plans.Joins),
        ["plan_beginnings"] = of => Rates(of.Plans.Beginnings),
    };

    public static IReadOnlyCollection<string> Names => All.Keys;

    public static string Text(Analytics figures, string table) => All[table](figures);

    private static string Rates(IReadOnlyList<SuccessRate> rates) => CsvReport.Text(Rate, rates.Select(
        one => new object?[] { one.Name, one.Done, one.Tried, one.Share, one.Low, one.High }));
}

/// <summary>The figures as JSON, or one table of them as CSV.</summary>
internal sealed class AnalyticsResult(Analytics figures, string? table) : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => builder.Metadata.Add(
        new ProducesResponseTypeMetadata(
            StatusCodes.Status200OK, typeof(Analytics), ["application/json", "text/csv"]));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        if (table is null) return response.WriteAsJsonAsync(
            figures, ApiJson.Readable.Analytics, "application/json; charset=utf-8", httpContext.RequestAborted);
        response.ContentType = "text/csv; charset=utf-8";
        response.Headers.ContentDisposition = $"attachment; filename=\"heat-{table}.csv\"";
        return response.WriteAsync(AnalyticsTables.Text(figures, table), httpContext.RequestAborted);
    }
}
