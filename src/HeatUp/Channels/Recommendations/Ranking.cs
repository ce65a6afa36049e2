namespace HeatUp.Channels.Recommendations;

/// <summary>One session's view of a pool.</summary>
internal sealed class Ranking
{
    /// <summary>
    /// How much fame and category count beside what others follow: enough to rank channels of which nothing else is
    /// known, and to decide between equals.
    /// </summary>
    private const float ColdShare = 0.1f;

    /// <summary>What a channel of a category that the session doesn't have is worth beside one that it has.</summary>
    private const float OtherCategoryShare = 0.2f;

    private readonly RankedPool pool;
    private readonly IReadOnlyCollection<ChannelName> joined;
    private readonly int[] known;
    private readonly float[] categoryShares;
    private readonly float[] columnScores;

    public Ranking(RankedPool pool, Taste taste)
    {
        this.pool = pool;
        joined = taste.Joined;
        var likes = taste.Joined.Concat(taste.Read).ToHashSet();
        known = [.. likes.Select(pool.Model.ColumnOf).Where(column => column >= 0).Order()];
        columnScores = new float[pool.Model.ChannelCount];
        pool.Model.Score(known, columnScores);
        categoryShares = SharesOf(likes);
    }

    public List<Recommendation> Best(int count)
    {
        var scores = new float[pool.Count];
        for (var i = 0; i < scores.Length; i++) scores[i] = OfOthers(i) + Cold(i);
        foreach (var channel in joined)
            if (pool.IndexOf(channel) is >= 0 and var followed)
                scores[followed] = float.NegativeInfinity;
        return [.. TopList.Of(scores, count)
            .Select(i => new Recommendation(pool.Pool.All[i].Name, scores[i], ReasonFor(i)))];
    }

    private float OfOthers(int channel) => pool.ColumnOf(channel) is >= 0 and var column ? columnScores[column] : 0;

    private float Cold(int channel) => ColdShare * pool.FameOf(channel) * (categoryShares.Length == 0
        ? 1
        : OtherCategoryShare + (1 - OtherCategoryShare) * categoryShares[pool.CategoryOf(channel)]);

    /// <summary>How the channels that it likes divide among the categories; empty if it likes none.</summary>
    private float[] SharesOf(HashSet<ChannelName> likes)
    {
        var categories = likes.Select(pool.Pool.Find).OfType<Channel>().Select(channel => channel.Category).ToList();
        if (categories.Count == 0) return [];
        var shares = new float[pool.Pool.Categories.Length];
        foreach (var (category, count) in categories.CountBy(category => category))
            shares[pool.Pool.Categories.IndexOf(category)] = (float)count / categories.Count;
        return shares;
    }

    private string ReasonFor(int channel)
    {
        if (OfOthers(channel) >= Cold(channel) && SpeakersFor(pool.ColumnOf(channel)) is { Count: > 0 } speakers)
            return $"Sessions that follow {string.Join(" and ", speakers)} also follow it.";
        var category = pool.Pool.All[channel].Category;
        var who = pool.IsBestKnown(channel) ? $"One of the best known in {category}" : $"A channel in {category}";
        return $"{who}{Liking(pool.CategoryOf(channel))}.";
    }

    private string Liking(int category)
    {
        if (categoryShares.Length == 0) return ", for a session of which little is known";
        var share = categoryShares[category];
        if (share == 0) return ", which would be new to this session";
        // Of several that it reads alike, none is the one that it reads most.
        var isMost = categoryShares.Count(other => other >= share) == 1;
        return isMost ? ", which this session reads most" : ", which this session reads, too";
    }

    /// <summary>The two channels of the session that speak most for a column, if they do.</summary>
    private List<ChannelName> SpeakersFor(int column) => column < 0
        ? []
        : [.. known.Where(from => pool.Model.Weight(from, column) > 0)
            .OrderByDescending(from => pool.Model.Weight(from, column)).ThenBy(from => from)
            .Take(2).Select(pool.Model.ChannelOf)];
}
