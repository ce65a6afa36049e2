namespace HeatUp.Channels.Recommendations;

/// <summary>
/// Chooses how much EASE's weights are held down: fits without a part of what is known, and sees which value finds that
/// part best.
/// </summary>
internal static class LambdaChoice
{
    /// <summary>The values that are tried.</summary>
    public static IReadOnlyList<double> Grid { get; } = [1, 5, 20, 50, 200, 1_000];

    /// <summary>The value when there is too little to choose by.</summary>
    public const double Default = 1;

    /// <summary>The most columns that are tried: with all, each try would take as long as the model.</summary>
    public const int ColumnsMax = 1_000;

    /// <summary>The most rows of which a part is held out.</summary>
    public const int RowsMax = 5_000;

    private const int KnownMin = 3;
    private const int HeldOutEvery = 5;
    private const int ListLength = 20;

    /// <summary>
    /// The value of the grid that finds most of what was held out, earlier places counting more; of equal ones the
    /// least.
    /// </summary>
    public static double For(InteractionMatrix matrix, Seed seed, int threadCount)
    {
        var sample = BestKnown(matrix);
        var rows = new List<int[]>(sample.RowCount);
        var heldOut = new List<(int Row, int[] Columns)>();
        var every = Math.Max(1, sample.RowCount / RowsMax);
        for (var row = 0; row < sample.RowCount; row++)
        {
            var columns = sample.Row(row).ToArray();
            rows.Add(columns);
            if (columns.Length < KnownMin || row % every != 0 || heldOut.Count == RowsMax) continue;
            var test = HeldOut(columns, seed.Fork(row));
            heldOut.Add((row, test));
            rows[row] = [.. columns.Except(test)];
        }
        return heldOut.Count == 0
            ? Default
            : BestOf(InteractionMatrix.Of(sample.ColumnCount, rows), heldOut, threadCount);
    }

    private static double BestOf(
        InteractionMatrix training, List<(int Row, int[] Columns)> heldOut, int threadCount)
    {
        var (best, bestGain) = (Default, -1L);
        foreach (var lambda in Grid)
        {
            var gain = GainOf(EaseScorer.Fit(training, lambda, threadCount), training, heldOut);
            if (gain > bestGain) (best, bestGain) = (lambda, gain);
        }
        return best;
    }

    private static long GainOf(
        EaseScorer scorer, InteractionMatrix training, List<(int Row, int[] Columns)> heldOut)
    {
        var scores = new float[training.ColumnCount];
        var gain = 0L;
        foreach (var (row, columns) in heldOut)
        {
            scorer.Score(training.Row(row), scores);
            foreach (var known in training.Row(row)) scores[known] = float.NegativeInfinity;
            foreach (var (place, column) in TopList.Of(scores, ListLength).Index())
                if (columns.Contains(column))
                    gain += ListLength - place;
        }
        return gain;
    }

    private static int[] HeldOut(int[] columns, Seed seed)
    {
        var rng = seed.ToRng();
        var held = (columns.Length + HeldOutEvery - 1) / HeldOutEvery;
        var left = columns.ToList();
        var test = new int[held];
        for (var i = 0; i < held; i++)
        {
            var drawn = rng.Next(left.Count);
            test[i] = left[drawn];
            left.RemoveAt(drawn);
        }
        return test;
    }

    private static InteractionMatrix BestKnown(InteractionMatrix matrix)
    {
        if (matrix.ColumnCount <= ColumnsMax) return matrix;
        var chosen = Enumerable.Range(0, matrix.ColumnCount)
            .OrderByDescending(column => matrix.Popularity[column]).ThenBy(column => column).Take(ColumnsMax).Order();
        var numbers = new int[matrix.ColumnCount];
        Array.Fill(numbers, -1);
        foreach (var (number, column) in chosen.Index()) numbers[column] = number;
        return matrix.Renumbered(ColumnsMax, numbers);
    }
}
