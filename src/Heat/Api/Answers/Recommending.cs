using HeatUp.Channels.Recommendations;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Sessions;
using HeatUp;

namespace Heat.Api;

/// <summary>Answers questions for recommendations.</summary>
internal static class Recommending
{
    public const int CountDefault = 10;
    public const int CountMax = 100;

    /// <summary>What suits a session, with what must be known to judge it.</summary>
    public static async Task<RecommendationsAnswer> AskAsync(
        Recommender recommender, ISessionStore store, ChannelPool pool, SessionId session, int count,
        CancellationToken cancellation)
    {
        var past = await store.RecallAsync(session, cancellation);
        var best = recommender.Recommend(RecommendingAdvisor.TasteOf(past), pool, count);
        var model = recommender.Model;
        return new RecommendationsAnswer(session.Value, best.Count, [.. best.Select(RecommendationAnswer.Of)],
            new ModelAnswer(model.SessionCount, model.ChannelCount), NoteOn(best.Count, model));
    }

    private static string? NoteOn(int count, RecommendationModel model) => count == 0
        ? "The session follows every channel of the pool: there is nothing left to recommend."
        : model.IsEmpty
            ? "No history was weighed yet: these go by the session's categories and by how well known a channel is."
            : null;
}
