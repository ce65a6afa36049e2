namespace HeatUp.Channels.Recommendations;

/// <summary>Says of every column how well it goes with those of a row. Thread-safe.</summary>
internal interface IItemScorer
{
    /// <summary>Writes the score of each column; greater is better.</summary>
    /// <param name="known">The row's columns, ascending.</param>
    /// <param name="scores">One for each column.</param>
    void Score(ReadOnlySpan<int> known, Span<float> scores);
}

/// <summary>What most rows have is best for everybody.</summary>
internal sealed class PopularityScorer(InteractionMatrix matrix) : IItemScorer
{
    /// <inheritdoc/>
    public void Score(ReadOnlySpan<int> known, Span<float> scores)
    {
        for (var i = 0; i < scores.Length; i++) scores[i] = matrix.Popularity[i];
    }
}
