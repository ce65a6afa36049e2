using HeatUp.Channels.Recommendations;
using HeatUp.Channels;
using HeatUp.Sessions;
using HeatUp;

namespace Heat.Api;

/// <summary>Sessions: who was active, what one did, and forgetting one.</summary>
internal static class SessionsApi
{
    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/sessions").WithTags("Sessions");
        api.MapGet("", ActiveAsync).WithName("sessions")
            .WithSummary("The sessions that did something in the last days")
            .Produces<SessionsAnswer>()
            .ProducesProblems(400, 401, 503);
        api.MapGet("/{session_id}/history", HistoryAsync).WithName("history")
            .WithSummary("What a session did in the last days, newest first, with a summary")
            .Produces<SessionHistory>()
            .ProducesProblems(400, 401, 503);
        api.MapGet("/{session_id}/recommendations", RecommendAsync).WithName("recommendations")
            .WithSummary("Channels that may suit a session, the best first, each with a reason")
            .Produces<RecommendationsAnswer>()
            .ProducesProblems(400, 401, 503);
        api.MapDelete("/{session_id}", ForgetAsync).WithName("forget")
            .WithSummary("Forget a session: its history, memberships and runs")
            .Produces<ForgottenAnswer>()
            .ProducesProblems(400, 401, 404, 409, 503);
    }

    private static async Task<IResult> ActiveAsync(
        string? days, ISessionStore store, TimeProvider clock, CancellationToken cancellation)
    {
        if (!Days.TryParse(days, out var back)) return Problems.Days(days);
        var sessions = new List<SessionAnswer>();
        await foreach (var activity in store.ActiveSessionsAsync(clock.GetUtcNow().AddDays(-back), cancellation))
            sessions.Add(SessionAnswer.Of(activity));
        return Results.Json(new SessionsAnswer(back, sessions.Count, sessions), ApiJson.Readable.SessionsAnswer);
    }

    private static async Task<IResult> HistoryAsync(
        string session_id, string? days, ISessionStore store, TimeProvider clock, CancellationToken cancellation)
    {
        if (!SessionId.TryParse(session_id, out var session, out var problem)) return Problems.SessionId(problem);
        if (!Days.TryParse(days, out var back)) return Problems.Days(days);
        // The store writes the answer itself: no row becomes an object on its way from the disk to the wire.
        var answer = new PooledJson();
        await store.WriteHistoryAsync(session, clock.GetUtcNow().AddDays(-back), answer, cancellation);
        return answer;
    }

    private static async Task<IResult> RecommendAsync(
        string session_id, string? count, Recommender recommender, ISessionStore store, ChannelPoolFile pool,
        CancellationToken cancellation)
    {
        if (!SessionId.TryParse(session_id, out var session, out var problem)) return Problems.SessionId(problem);
        if (!RecommendationCount.TryParse(count, out var most)) return Problems.Count(count);
        var answer = await Recommending.AskAsync(
            recommender, store, pool.Current, session, most, cancellation);
        return Results.Json(answer, ApiJson.Readable.RecommendationsAnswer);
    }

    private static async Task<IResult> ForgetAsync(
        string session_id, ISessionStore store, CancellationToken cancellation)
    {
        if (!SessionId.TryParse(session_id, out var session, out var problem)) return Problems.SessionId(problem);
        return await store.ForgetAsync(session, cancellation) switch
        {
            (ForgettingKind.Forgotten, _) =>
                Results.Json(new ForgottenAnswer(session.Value, "forgotten"), ApiJson.Readable.ForgottenAnswer),
            (ForgettingKind.Sitting, var running) => Problems.AlreadyRunning(session, running),
            _ => Problems.SessionNotFound(session),
        };
    }
}
