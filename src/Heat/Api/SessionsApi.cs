using HeatUp;
using HeatUp.Channels;
using HeatUp.Channels.Recommendations;
using HeatUp.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Heat.Api;

/// <summary>Sessions: who was active, what one did, and forgetting one.</summary>
internal static class SessionsApi
{
    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/sessions").WithTags("Sessions");
        api.MapGet("", Active).WithName("sessions")
            .WithSummary("The sessions that did something in the last days")
            .ProducesProblems(400, 401, 503);
        api.MapGet("/{session_id}/history", HistoryAsync).WithName("history")
            .WithSummary("What a session did in the last days, newest first, with a summary")
            .ProducesProblems(400, 401, 503);
        api.MapGet("/{session_id}/recommendations", RecommendAsync).WithName("recommendations")
            .WithSummary("Channels that may suit a session, the best first, each with a reason")
            .ProducesProblems(400, 401, 503);
        api.MapDelete("/{session_id}", ForgetAsync).WithName("forget")
            .WithSummary("Forget a session: its history, memberships and runs")
            .ProducesProblems(400, 401, 404, 409, 503);
    }

    private static Results<Answer<SessionsAnswer>, ProblemResult> Active(
        string? days, ISessionStore store, TimeProvider clock, CancellationToken cancellation) =>
        Days.TryParse(days, out var back)
            ? new Answer<SessionsAnswer>(
                SessionsAnswer.Of(back, store.ActiveSessionsAsync(clock.GetUtcNow().AddDays(-back), cancellation)))
            : Problems.Days(days);

    private static async Task<Results<HistoryResult, ProblemResult>> HistoryAsync(
        string session_id, string? days, ISessionStore store, TimeProvider clock, CancellationToken cancellation)
    {
        if (!SessionId.TryParse(session_id, out var session, out var problem)) return Problems.SessionId(problem);
        if (!Days.TryParse(days, out var back)) return Problems.Days(days);
        // The store writes the answer itself: no row becomes an object on its way from the disk to the wire.
        var answer = new HistoryResult();
        await store.WriteHistoryAsync(session, clock.GetUtcNow().AddDays(-back), answer, cancellation);
        return answer;
    }

    private static async Task<Results<Answer<RecommendationsAnswer>, ProblemResult>> RecommendAsync(
        string session_id, string? count, Recommender recommender, ISessionStore store, ChannelPoolFile pool,
        CancellationToken cancellation)
    {
        if (!SessionId.TryParse(session_id, out var session, out var problem)) return Problems.SessionId(problem);
        if (!RecommendationCount.TryParse(count, out var most)) return Problems.Count(count);
        return new Answer<RecommendationsAnswer>(await Recommending.AskAsync(
            recommender, store, pool.Current, session, most, cancellation));
    }

    private static async Task<Results<Answer<ForgottenAnswer>, ProblemResult>> ForgetAsync(
        string session_id, ISessionStore store, CancellationToken cancellation)
    {
        if (!SessionId.TryParse(session_id, out var session, out var problem)) return Problems.SessionId(problem);
        return await store.ForgetAsync(session, cancellation) switch
        {
            (ForgettingKind.Forgotten, _) =>
                new Answer<ForgottenAnswer>(new(session.Value, "forgotten")),
            (ForgettingKind.Sitting, var running) => Problems.AlreadyRunning(session, running),
            _ => Problems.SessionNotFound(session),
        };
    }
}
