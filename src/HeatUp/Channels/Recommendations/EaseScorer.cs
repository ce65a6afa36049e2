using System.Numerics;
using System.Runtime.InteropServices;

namespace HeatUp.Channels.Recommendations;

/// <summary>
/// EASE^R (Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019): for each column the weights of all
/// others from which it is told best, in closed form. With G = X'X and P = (G + lambda I)^-1 the weight of i for j is
/// -P(i,j) / P(j,j), and 0 of each for itself.
/// </summary>
internal sealed class EaseScorer : IItemScorer
{
    private readonly float[] weights;
    private readonly int size;

    private EaseScorer(float[] weights, int size) => (this.weights, this.size) = (weights, size);

    /// <summary>Fits the weights.</summary>
    /// <param name="matrix">What is known; at most <see cref="ColumnsMax"/> columns.</param>
    /// <param name="lambda">How much the weights are held down; more than 0.</param>
    /// <param name="threadCount">How many threads fit; the result is the same on any number.</param>
    public static EaseScorer Fit(InteractionMatrix matrix, double lambda, int threadCount)
    {
        var inverse = GramOf(matrix, threadCount);
        var size = matrix.ColumnCount;
        for (var i = 0; i < size; i++) inverse[i, i] += lambda;
        inverse.Invert();
        return new EaseScorer(WeightsOf(inverse), size);
    }

    /// <summary>The most columns: their weights fill an array.</summary>
    public const int ColumnsMax = 16_384;

    /// <inheritdoc/>
    public void Score(ReadOnlySpan<int> known, Span<float> scores)
    {
        scores.Clear();
        foreach (var column in known) Add(WeightsFrom(column), scores);
    }

    /// <summary>How much a column speaks for another.</summary>
    public float Weight(int from, int to) => weights[from * size + to];

    private static void Add(ReadOnlySpan<float> weights, Span<float> scores)
    {
        // Value by value, so that the width of the machine's vectors doesn't show.
        var many = MemoryMarshal.Cast<float, Vector<float>>(scores);
        var others = MemoryMarshal.Cast<float, Vector<float>>(weights);
        for (var i = 0; i < many.Length; i++) many[i] += others[i];
        for (var i = many.Length * Vector<float>.Count; i < scores.Length; i++) scores[i] += weights[i];
    }

    private ReadOnlySpan<float> WeightsFrom(int column) => weights.AsSpan(column * size, size);

    private static SymmetricInverse GramOf(InteractionMatrix matrix, int threadCount)
    {
        // Whole numbers: they add up to the same in any order.
        var gram = new SymmetricInverse(matrix.ColumnCount, threadCount);
        for (var row = 0; row < matrix.RowCount; row++)
        {
            var columns = matrix.Row(row);
            for (var i = 0; i < columns.Length; i++)
                for (var j = 0; j <= i; j++)
                    gram[columns[i], columns[j]]++;
        }
        return gram;
    }

    private static float[] WeightsOf(SymmetricInverse inverse)
    {
        var size = inverse.Size;
        var weights = new float[size * size];
        var scales = new double[size];
        for (var i = 0; i < size; i++) scales[i] = -1 / inverse[i, i];
        for (var i = 0; i < size; i++)
            for (var j = 0; j < size; j++)
                weights[i * size + j] = i == j ? 0 : (float)(inverse[i, j] * scales[j]);
        return weights;
    }
}
