using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace HeatUp.Channels.Recommendations;

/// <summary>
/// A symmetric positive definite matrix that becomes its own inverse, in its own memory: 8 bytes for each of n x n
/// values and hardly more. The same values give the same bits on any number of threads and on every machine: each
/// sum has one order, and the fused multiply-add rounds as IEEE 754 says.
/// </summary>
/// <remarks>
/// MathNet.Numerics can do this, too: measured on 2 cores, its Cholesky inverse of 3,000 columns took 30 seconds
/// and kept three matrices, so that 5,000 would take minutes and most of the memory that a model may take. This is
/// the textbook's blocked way: factor L of A = L L', its inverse N = L'^-1 beside it in the upper half, then N N'.
/// All of it is products of the form C = A B' with rows that lie one after the other in memory.
/// </remarks>
internal sealed class SymmetricInverse
{
    /// <summary>Rows and columns of a block: a multiple of the kernel's 4 rows and 3 columns.</summary>
    public const int Block = 96;

    /// <summary>How far the rows of two blocks are multiplied before the next two: both fit a core's cache.</summary>
    private const int Chunk = 192;

    /// <summary>A cache line, so that a block's rows don't fall on each other's places in the cache.</summary>
    private const int Skew = 8;

    private readonly double[] values;
    private readonly double[][] inverses;
    private readonly int blocks;
    private readonly int stride;
    private readonly ParallelOptions parallel;

    /// <summary>A matrix of zeros, to be filled.</summary>
    /// <param name="size">Rows and columns.</param>
    /// <param name="threadCount">How many threads invert it.</param>
    public SymmetricInverse(int size, int threadCount)
    {
        Size = size;
        blocks = (size + Block - 1) / Block;
        stride = blocks * Block + Skew;
        values = new double[(long)stride * blocks * Block];
        inverses = new double[blocks][];
        parallel = new ParallelOptions { MaxDegreeOfParallelism = threadCount };
        for (var i = size; i < blocks * Block; i++) values[At(i, i)] = 1;
    }

    /// <summary>Rows and columns.</summary>
    public int Size { get; }

    /// <summary>A value of the lower half: <paramref name="row"/> is not less than <paramref name="column"/>.</summary>
    public ref double this[int row, int column] => ref values[At(row, column)];

    /// <summary>Inverts the matrix, of which only the lower half is read; then both halves are there.</summary>
    /// <exception cref="ArithmeticException">It isn't positive definite.</exception>
    public void Invert()
    {
        for (var k = 0; k < blocks; k++) Factor(k);
        Parallel.For(0, blocks, parallel, InvertRow);
        var diagonal = new double[blocks][];
        Parallel.For(0, blocks, parallel, i => diagonal[i] = MultiplyRow(i));
        for (var i = 0; i < blocks; i++) Put(diagonal[i], i, i);
        Parallel.For(0, blocks, parallel, Mirror);
    }

    private long At(int row, int column) => (long)row * stride + column;

    private ref double BlockAt(int row, int column) => ref values[At(row * Block, column * Block)];

    /// <summary>The factor's block column, from what is left of it to the left.</summary>
    private void Factor(int k)
    {
        var tile = Rest(k, k);
        FactorTile(tile);
        inverses[k] = InverseOfLower(tile);
        Parallel.For(k + 1, blocks, parallel, i =>
        {
            var rest = Rest(i, k);
            var solved = new double[Block * Block];
            AddProduct(ref rest[0], Block, ref inverses[k][0], Block, Block, solved);
            Put(solved, i, k);
        });
    }

    /// <summary>A block less the products of the factor's rows up to it.</summary>
    private double[] Rest(int i, int k)
    {
        var tile = new double[Block * Block];
        AddProduct(ref BlockAt(i, 0), stride, ref BlockAt(k, 0), stride, k * Block, tile);
        ref var block = ref BlockAt(i, k);
        for (var row = 0; row < Block; row++)
            for (var column = 0; column < Block; column++)
            {
                ref var value = ref tile[row * Block + column];
                value = Unsafe.Add(ref block, (nint)row * stride + column) - value;
            }
        return tile;
    }

    /// <summary>A row of blocks of the upper half: the transposed inverse of the factor.</summary>
    private void InvertRow(int j)
    {
        Put(Transposed(inverses[j]), j, j);
        for (var i = j + 1; i < blocks; i++)
        {
            var sum = new double[Block * Block];
            AddProduct(ref BlockAt(j, j), stride, ref BlockAt(i, j), stride, (i - j) * Block, sum);
            for (var n = 0; n < sum.Length; n++) sum[n] = -sum[n];
            var solved = new double[Block * Block];
            AddProduct(ref sum[0], Block, ref inverses[i][0], Block, Block, solved);
            Put(solved, j, i);
        }
    }

    /// <summary>A row of blocks of the result's lower half; its last, on the diagonal, is still in use.</summary>
    private double[] MultiplyRow(int i)
    {
        var depth = (blocks - i) * Block;
        for (var j = 0; j <= i; j++)
        {
            var product = new double[Block * Block];
            AddProduct(ref BlockAt(i, i), stride, ref BlockAt(j, i), stride, depth, product);
            if (j == i) return product;
            Put(product, i, j);
        }
        throw new InvalidOperationException("A row of blocks ends on the diagonal.");
    }

    private void Mirror(int i)
    {
        for (var row = i * Block; row < (i + 1) * Block; row++)
            for (var column = 0; column < row; column++)
                values[At(column, row)] = values[At(row, column)];
    }

    private void Put(double[] tile, int row, int column)
    {
        for (var i = 0; i < Block; i++)
            tile.AsSpan(i * Block, Block).CopyTo(
                MemoryMarshal.CreateSpan(ref values[At(row * Block + i, column * Block)], Block));
    }

    /// <summary>Cholesky's factor of a block, in place; zeros above the diagonal.</summary>
    private static void FactorTile(double[] tile)
    {
        for (var i = 0; i < Block; i++)
        {
            var row = tile.AsSpan(i * Block, Block);
            for (var j = 0; j <= i; j++)
            {
                var sum = row[j];
                for (var k = 0; k < j; k++) sum -= row[k] * tile[j * Block + k];
                if (j < i) row[j] = sum / tile[j * Block + j];
                else if (sum > 0) row[j] = Math.Sqrt(sum);
                else throw new ArithmeticException("The matrix isn't positive definite.");
            }
            row[(i + 1)..].Clear();
        }
    }

    private static double[] InverseOfLower(double[] lower)
    {
        var inverse = new double[Block * Block];
        for (var column = 0; column < Block; column++)
            for (var i = column; i < Block; i++)
            {
                var sum = i == column ? 1.0 : 0;
                for (var k = column; k < i; k++) sum -= lower[i * Block + k] * inverse[k * Block + column];
                inverse[i * Block + column] = sum / lower[i * Block + i];
            }
        return inverse;
    }

    private static double[] Transposed(double[] tile)
    {
        var transposed = new double[tile.Length];
        for (var i = 0; i < Block; i++)
            for (var j = 0; j < Block; j++)
                transposed[j * Block + i] = tile[i * Block + j];
        return transposed;
    }

    /// <summary>Adds A B' to a block, where A and B are blocks that go on to the right.</summary>
    private static void AddProduct(
        ref double a, int strideOfA, ref double b, int strideOfB, int depth, double[] sums)
    {
        for (var from = 0; from < depth; from += Chunk)
        {
            var length = Math.Min(Chunk, depth - from);
            for (var i = 0; i < Block; i += 4)
                for (var j = 0; j < Block; j += 3)
                    AddFourByThree(
                        ref Unsafe.Add(ref a, (nint)i * strideOfA + from), strideOfA,
                        ref Unsafe.Add(ref b, (nint)j * strideOfB + from), strideOfB, length,
                        ref sums[i * Block + j]);
        }
    }

    /// <summary>As many sums as registers hold, so that each value that is loaded is used often.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddFourByThree(
        ref double a, nint strideOfA, ref double b, nint strideOfB, int length, ref double sums)
    {
        ref var a1 = ref Unsafe.Add(ref a, strideOfA);
        ref var a2 = ref Unsafe.Add(ref a, 2 * strideOfA);
        ref var a3 = ref Unsafe.Add(ref a, 3 * strideOfA);
        ref var b1 = ref Unsafe.Add(ref b, strideOfB);
        ref var b2 = ref Unsafe.Add(ref b, 2 * strideOfB);
        Vector256<double> s00 = default, s01 = default, s02 = default, s10 = default, s11 = default, s12 = default;
        Vector256<double> s20 = default, s21 = default, s22 = default, s30 = default, s31 = default, s32 = default;
        for (nuint k = 0; k < (nuint)length; k += (nuint)Vector256<double>.Count)
        {
            var (v0, v1, v2) =
                (Vector256.LoadUnsafe(ref b, k), Vector256.LoadUnsafe(ref b1, k), Vector256.LoadUnsafe(ref b2, k));
            var u = Vector256.LoadUnsafe(ref a, k);
            s00 = Vector256.FusedMultiplyAdd(u, v0, s00);
            s01 = Vector256.FusedMultiplyAdd(u, v1, s01);
            s02 = Vector256.FusedMultiplyAdd(u, v2, s02);
            u = Vector256.LoadUnsafe(ref a1, k);
            s10 = Vector256.FusedMultiplyAdd(u, v0, s10);
            s11 = Vector256.FusedMultiplyAdd(u, v1, s11);
            s12 = Vector256.FusedMultiplyAdd(u, v2, s12);
            u = Vector256.LoadUnsafe(ref a2, k);
            s20 = Vector256.FusedMultiplyAdd(u, v0, s20);
            s21 = Vector256.FusedMultiplyAdd(u, v1, s21);
            s22 = Vector256.FusedMultiplyAdd(u, v2, s22);
            u = Vector256.LoadUnsafe(ref a3, k);
            s30 = Vector256.FusedMultiplyAdd(u, v0, s30);
            s31 = Vector256.FusedMultiplyAdd(u, v1, s31);
            s32 = Vector256.FusedMultiplyAdd(u, v2, s32);
        }
        AddThree(ref sums, s00, s01, s02);
        AddThree(ref Unsafe.Add(ref sums, Block), s10, s11, s12);
        AddThree(ref Unsafe.Add(ref sums, 2 * Block), s20, s21, s22);
        AddThree(ref Unsafe.Add(ref sums, 3 * Block), s30, s31, s32);
    }

    private static void AddThree(
        ref double sums, Vector256<double> first, Vector256<double> second, Vector256<double> third)
    {
        sums += Sum(first);
        Unsafe.Add(ref sums, 1) += Sum(second);
        Unsafe.Add(ref sums, 2) += Sum(third);
    }

    /// <summary>In an order of our own: that of Vector256.Sum is the machine's.</summary>
    private static double Sum(Vector256<double> values) =>
        values.GetElement(0) + values.GetElement(1) + (values.GetElement(2) + values.GetElement(3));
}
