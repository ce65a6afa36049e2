using Heat.Api;
using HeatUp;
using HeatUp.Channels;
using HeatUp.Channels.Recommendations;
using HeatUp.Plans;
using HeatUp.Sessions;

namespace Heat;

/// <summary>Makes models of a store's history, and answers questions with them.</summary>
internal static class Recommending
{
    public const int CountDefault = 10;
    public const int CountMax = 100;

    /// <summary>All that sessions of a store follow and have read.</summary>
    public static async Task<Interactions> InteractionsOfAsync(ISessionStore store, CancellationToken cancellation)
    {
        var interactions = new Interactions();
        await foreach (var (session, channel) in store.InteractionsAsync(cancellation))
            interactions.Add(session, channel);
        return interactions;
    }

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
