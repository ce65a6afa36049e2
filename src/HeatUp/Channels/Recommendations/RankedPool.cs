using System.Collections.Frozen;

namespace HeatUp.Channels.Recommendations;

/// <summary>What a recommendation needs of a pool and a model, worked out once for both.</summary>
internal sealed class RankedPool
{
    /// <summary>How many channels of a category are called its best known.</summary>
    private const int BestKnownMax = 10;

    private readonly FrozenDictionary<ChannelName, int> indexes;
    private readonly int[] columns;
    private readonly int[] categories;
    private readonly float[] fames;
    private readonly bool[] bestKnown;

    public RankedPool(RecommendationModel model, ChannelPool pool)
    {
        (Model, Pool) = (model, pool);
        indexes = pool.All.Index().ToFrozenDictionary(entry => entry.Item.Name, entry => entry.Index);
        columns = [.. pool.All.Select(channel => model.ColumnOf(channel.Name))];
        var numbers = pool.Categories.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        categories = [.. pool.All.Select(channel => numbers[channel.Category])];
        fames = FamesOf(model, pool);
        bestKnown = new bool[columns.Length];
        foreach (var ofCategory in Enumerable.Range(0, columns.Length).GroupBy(channel => categories[channel]))
            foreach (var channel in ofCategory.OrderByDescending(channel => fames[channel]).Take(BestKnownMax))
                bestKnown[channel] = fames[channel] > 0;
    }

    public RecommendationModel Model { get; }

    public ChannelPool Pool { get; }

    public int Count => columns.Length;

    /// <summary>The channel's place in the pool; -1 if it isn't there.</summary>
    public int IndexOf(ChannelName channel) => indexes.GetValueOrDefault(channel, -1);

    /// <summary>The channel's column in the model; -1 if it has none.</summary>
    public int ColumnOf(int channel) => columns[channel];

    public int CategoryOf(int channel) => categories[channel];

    /// <summary>How well known a channel is, 0 to 1.</summary>
    public float FameOf(int channel) => fames[channel];

    /// <summary>Whether it is one of the best known of its category.</summary>
    public bool IsBestKnown(int channel) => bestKnown[channel];

    /// <summary>Half by its subscribers, half by the sessions that have it, as far as there are any.</summary>
    private static float[] FamesOf(RecommendationModel model, ChannelPool pool)
    {
        var outside = Scaled([.. pool.All.Select(channel => channel.Subscribers ?? 0)]);
        var inside = Scaled([.. pool.All.Select(channel => (long)model.PopularityOf(channel.Name))]);
        return [.. outside.Zip(inside, (left, right) => (float)((left + right) / 2))];
    }

    private static double[] Scaled(long[] counts)
    {
        var most = Math.Log(1 + (double)counts.DefaultIfEmpty().Max());
        return [.. counts.Select(count => most == 0 ? 0 : Math.Log(1 + (double)count) / most)];
    }
}
