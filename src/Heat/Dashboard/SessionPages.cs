using Heat.Api;
using HeatUp;
using HeatUp.Channels;
using HeatUp.Channels.Recommendations;
using HeatUp.Runs;
using HeatUp.Sessions;

namespace Heat.Dashboard;

/// <summary>The sessions, and one of them.</summary>
internal static class SessionPages
{
    /// <summary>How many sessions a page lists.</summary>
    public const int SessionsAtOnce = 50;

    /// <summary>How many sittings a session's page tells.</summary>
    public const int SittingsAtOnce = 10;

    private const int RecommendedMax = 8;
    private const int PagesMax = 100_000;

    public static void MapSessionPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/ui/sessions", ListAsync);
        pages.MapGet("/ui/sessions/{session_id}", ShowAsync);
        pages.MapPost("/ui/sessions/{session_id}/preview", PreviewAsync);
        pages.MapGet("/ui/sessions/{session_id}/forget", AskAsync);
        pages.MapPost("/ui/sessions/{session_id}/forget", ForgetAsync);
    }

    private static async Task<IResult> ListAsync(
        string? q, string? last, string? order, string? page, IInsights store, PageMaker pages,
        CancellationToken cancellation)
    {
        var number = DashboardPages.Number(page, 1, PagesMax);
        var question = new SessionsQuestion((q ?? "").Trim(), StatusOf(last),
            EnumWord.Read<SessionOrder>(order) ?? SessionOrder.Newest, (number - 1) * SessionsAtOnce, SessionsAtOnce);
        return pages.Show<SessionsView>("sessions", new()
        {
            [nameof(SessionsView.Question)] = question,
            [nameof(SessionsView.Number)] = number,
            [nameof(SessionsView.Found)] = await store.SessionsAsync(question, cancellation),
        });
    }

    private static async Task<IResult> ShowAsync(
        string session_id, string? before, string? forgotten, IInsights insights, ISessionStore store,
        Recommender recommender, ChannelPoolFile pool, TimeProvider clock, PageMaker pages,
        CancellationToken cancellation)
    {
        if (!SessionId.TryParse(session_id, out var session, out var problem))
            return Problems.SessionId(problem).ToPage();
        var older = before is not null && Whole.TryParse(before, out var sitting) ? sitting : default(int?);
        var runs = await insights.RunsOfAsync(session, older, SittingsAtOnce + 1, cancellation);
        var past = await store.RecallAsync(session, cancellation);
        var recommended = past.IsNew ? null : await Recommending.AskAsync(
            recommender, store, pool.Current, session, RecommendedMax, cancellation);
        // What the Python service wrote has no sittings: its rows are told instead.
        var history = runs.Count > 0 || past.TotalActions == 0 ? null
            : await SessionHistory.ReadAsync(store, session, clock.GetUtcNow().AddDays(-Days.Max), cancellation);
        return pages.Show<SessionView>("sessions", new()
        {
            [nameof(SessionView.Past)] = past,
            [nameof(SessionView.Runs)] = runs.Take(SittingsAtOnce).ToList(),
            [nameof(SessionView.HasOlder)] = runs.Count > SittingsAtOnce,
            [nameof(SessionView.Before)] = older,
            [nameof(SessionView.WasForgotten)] = forgotten is not null,
            [nameof(SessionView.Recommended)] = recommended,
            [nameof(SessionView.History)] = history?.History.Take(50).ToList(),
        });
    }

    private static async Task<IResult> PreviewAsync(
        string session_id, Sittings sittings, WarmupDesk desk, PageMaker pages, CancellationToken cancellation)
    {
        if (!SessionId.TryParse(session_id, out var session, out var problem))
            return Problems.SessionId(problem).ToPage();
        var (plan, refusal) = await sittings.PreviewAsync(session, cancellation);
        return plan is null
            ? (await desk.ProblemOfAsync(session, refusal!, cancellation)).ToPage()
            : pages.Show<PreviewView>("sessions", new()
            {
                [nameof(PreviewView.Session)] = session,
                [nameof(PreviewView.Plan)] = plan,
            });
    }

    private static async Task<IResult> AskAsync(
        string session_id, ISessionStore store, PageMaker pages, CancellationToken cancellation) =>
        SessionId.TryParse(session_id, out var session, out var problem)
            ? pages.Show<ForgetView>("sessions", new()
            {
                [nameof(ForgetView.Past)] = await store.RecallAsync(session, cancellation),
            })
            : Problems.SessionId(problem).ToPage();

    private static async Task<IResult> ForgetAsync(
        string session_id, ISessionStore store, CancellationToken cancellation)
    {
        if (!SessionId.TryParse(session_id, out var session, out var problem))
            return Problems.SessionId(problem).ToPage();
        return await store.ForgetAsync(session, cancellation) switch
        {
            (ForgettingKind.Sitting, var running) => Problems.AlreadyRunning(session, running).ToPage(),
            (ForgettingKind.Unknown, _) => Problems.SessionNotFound(session).ToPage(),
            _ => DashboardPages.To($"{DashboardPages.PlaceOf(session.Value)}?forgotten=1"),
        };
    }

    private static string? StatusOf(string? word) => word == SessionsQuestion.NoRun
        ? word
        : EnumWord.Read<RunStatus>(word)?.Word();
}
