namespace HeatUp.Channels.Recommendations;

/// <summary>
/// The classic to compare with: a column's score is the sum of the cosines between it and those of the row's columns
/// that are among its nearest neighbours.
/// </summary>
internal sealed class NeighbourScorer : IItemScorer
{
    private readonly (int Column, float Cosine)[][] followers;

    /// <summary>Finds each column's neighbours.</summary>
    /// <param name="matrix">What is known.</param>
    /// <param name="neighbours">How many a column has at most.</param>
    public NeighbourScorer(InteractionMatrix matrix, int neighbours)
    {
        var together = CountsOf(matrix);
        var lists = new List<(int, float)>[matrix.ColumnCount];
        for (var i = 0; i < lists.Length; i++) lists[i] = [];
        for (var column = 0; column < lists.Length; column++)
            foreach (var (other, cosine) in Nearest(column, together[column], matrix.Popularity, neighbours))
                lists[other].Add((column, cosine));
        followers = [.. lists.Select(list => list.ToArray())];
    }

    /// <inheritdoc/>
    public void Score(ReadOnlySpan<int> known, Span<float> scores)
    {
        scores.Clear();
        foreach (var column in known)
            foreach (var (other, cosine) in followers[column])
                scores[other] += cosine;
    }

    private static Dictionary<int, int>[] CountsOf(InteractionMatrix matrix)
    {
        var together = new Dictionary<int, int>[matrix.ColumnCount];
        for (var i = 0; i < together.Length; i++) together[i] = [];
        for (var row = 0; row < matrix.RowCount; row++)
            foreach (var one in matrix.Row(row))
                foreach (var other in matrix.Row(row))
                    if (one != other)
                        together[one][other] = together[one].GetValueOrDefault(other) + 1;
        return together;
    }

    private static IEnumerable<(int Column, float Cosine)> Nearest(
        int column, Dictionary<int, int> together, int[] popularity, int count) => together
        .Select(pair => (pair.Key, Cosine: pair.Value / Math.Sqrt((double)popularity[column] * popularity[pair.Key])))
        .OrderByDescending(pair => pair.Cosine).ThenBy(pair => pair.Key)
        .Take(count).Select(pair => (pair.Key, (float)pair.Cosine));
}
