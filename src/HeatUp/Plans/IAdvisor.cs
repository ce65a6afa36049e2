using HeatUp.Channels;
using HeatUp.Channels.Recommendations;

namespace HeatUp.Plans;

/// <summary>Says what may suit a session before its sitting is planned. Thread-safe.</summary>
public interface IAdvisor
{
    /// <summary>
    /// Channels of the pool that the session doesn't follow, the best first; empty if there is no advice. At once: a
    /// sitting waits for it.
    /// </summary>
    IReadOnlyList<ChannelName> Suggest(Recollection past, ChannelPool pool);
}

/// <summary>Advises what a recommender recommends; nothing while its model is empty.</summary>
/// <param name="recommender">Who knows what goes together.</param>
public sealed class RecommendingAdvisor(Recommender recommender) : IAdvisor
{
    /// <summary>How many channels it suggests at most.</summary>
    public const int SuggestedMax = 40;

    /// <inheritdoc/>
    public IReadOnlyList<ChannelName> Suggest(Recollection past, ChannelPool pool) => recommender.Model.IsEmpty
        ? []
        : [.. recommender.Recommend(TasteOf(past), pool, SuggestedMax).Select(one => one.Channel)];

    /// <summary>What a recollection says of a session's taste.</summary>
    public static Taste TasteOf(Recollection past) => new(
        [.. past.Joined.Select(membership => membership.Channel)],
        [.. past.Recent.Where(action => action.Kind == ReadMessages.Word).Select(action => action.Channel)
            .OfType<ChannelName>()]);
}
