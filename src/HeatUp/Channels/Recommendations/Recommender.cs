namespace HeatUp.Channels.Recommendations;

/// <summary>
/// Recommends channels of a pool to a session: by what sessions with the same channels follow, and where little is
/// known by its categories and by how well known a channel is. Thread-safe: while a new model is made, the old one
/// answers.
/// </summary>
public sealed class Recommender
{
    private volatile RecommendationModel model = RecommendationModel.Empty;
    private volatile RankedPool? latest;

    /// <summary>The model that answers now; from the next question on the one that is set.</summary>
    public RecommendationModel Model
    {
        get => model;
        set => model = value;
    }

    /// <summary>
    /// The channels that suit a session best, the best first; of equal ones the first in canonical order. None that it
    /// follows, and none outside the pool.
    /// </summary>
    /// <param name="taste">What is known of the session.</param>
    /// <param name="pool">What may be recommended.</param>
    /// <param name="count">How many at most.</param>
    public IReadOnlyList<Recommendation> Recommend(Taste taste, ChannelPool pool, int count)
    {
        var ranked = RankedOf(pool);
        return new Ranking(ranked, taste).Best(count);
    }

    private RankedPool RankedOf(ChannelPool pool)
    {
        // Both change seldom; until then all questions share one.
        var (now, ranked) = (model, latest);
        if (ranked is null || ranked.Pool != pool || ranked.Model != now) latest = ranked = new RankedPool(now, pool);
        return ranked;
    }
}
