using System.Collections.Frozen;

namespace HeatUp.Channels.Recommendations;

/// <summary>
/// What the sessions' history says of which channels go together. Immutable; the same interactions make the same model,
/// to the bit, on any number of threads.
/// </summary>
public sealed class RecommendationModel
{
    /// <summary>
    /// The most channels that are weighed against each other, those with most sessions. The others are still
    /// recommended, by category and fame. While 6,000 are fitted beside a model of 6,000, they take 0.6 GB.
    /// </summary>
    public const int ChannelsMax = 6_000;

    private static readonly Seed Trials = new(0x4EA7);

    private readonly ChannelName[] channels;
    private readonly FrozenDictionary<ChannelName, int> columns;
    private readonly int[] popularity;
    private readonly EaseScorer? scorer;

    private RecommendationModel(
        ChannelName[] channels, int[] popularity, EaseScorer? scorer, double lambda, int sessions)
    {
        (this.channels, this.popularity, this.scorer) = (channels, popularity, scorer);
        (Lambda, SessionCount) = (lambda, sessions);
        columns = channels.Index().ToFrozenDictionary(entry => entry.Item, entry => entry.Index);
    }

    /// <summary>The model of no history.</summary>
    public static RecommendationModel Empty { get; } = new([], [], null, LambdaChoice.Default, 0);

    /// <summary>How many sessions it was made from.</summary>
    public int SessionCount { get; }

    /// <summary>How many channels it weighs.</summary>
    public int ChannelCount => channels.Length;

    /// <summary>How much the weights are held down, chosen by validation.</summary>
    public double Lambda { get; }

    /// <summary>Whether there is nothing in it.</summary>
    public bool IsEmpty => scorer is null;

    /// <summary>Makes a model; with 5,000 channels it takes seconds.</summary>
    /// <param name="interactions">Who follows or reads what.</param>
    /// <param name="threadCount">How many threads make it; 1 or more. It is the same on any number.</param>
    public static RecommendationModel Of(Interactions interactions, int threadCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threadCount, 1);
        if (interactions.ChannelCount == 0) return Empty;
        var (channels, matrix) = interactions.ToMatrix(ChannelsMax);
        var lambda = LambdaChoice.For(matrix, Trials, threadCount);
        var scorer = EaseScorer.Fit(matrix, lambda, threadCount);
        return new RecommendationModel(channels, matrix.Popularity, scorer, lambda, matrix.RowCount);
    }

    /// <summary>The column of a channel; -1 if it is none of the model's.</summary>
    internal int ColumnOf(ChannelName channel) => columns.GetValueOrDefault(channel, -1);

    internal ChannelName ChannelOf(int column) => channels[column];

    /// <summary>How many sessions have a channel.</summary>
    internal int PopularityOf(ChannelName channel) => ColumnOf(channel) is >= 0 and var column ? popularity[column] : 0;

    /// <summary>Scores every column by those that are known.</summary>
    internal void Score(ReadOnlySpan<int> known, Span<float> scores) => scorer?.Score(known, scores);

    internal float Weight(int from, int to) => scorer?.Weight(from, to) ?? 0;
}
