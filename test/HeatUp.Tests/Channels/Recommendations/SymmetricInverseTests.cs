using HeatUp.Channels.Recommendations;

namespace HeatUp.Tests.Channels.Recommendations;

public sealed class SymmetricInverseTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(95)]
    [InlineData(96)]
    [InlineData(97)]
    [InlineData(300)]
    public void AMatrixTimesItsInverseIsOne(int size)
    {
        var inverse = Filled(size, threads: 2);
        var matrix = Filled(size, threads: 1);

        inverse.Invert();

        for (var i = 0; i < size; i++)
            for (var j = 0; j < size; j++)
            {
                var sum = 0.0;
                for (var k = 0; k < size; k++) sum += matrix[Math.Max(i, k), Math.Min(i, k)] * inverse[k, j];
                sum.ShouldBe(i == j ? 1 : 0, 1e-12);
            }
    }

    [Fact]
    public void AnyNumberOfThreadsGivesTheSameBits()
    {
        var (one, many) = (Filled(400, 1), Filled(400, 7));

        one.Invert();
        many.Invert();

        for (var i = 0; i < 400; i++)
            for (var j = 0; j < 400; j++)
                BitConverter.DoubleToInt64Bits(many[i, j]).ShouldBe(BitConverter.DoubleToInt64Bits(one[i, j]));
    }

    [Fact]
    public void WhatIsNotPositiveDefiniteIsRefused()
    {
        var matrix = new SymmetricInverse(2, 1) ;
        (matrix[0, 0], matrix[1, 0], matrix[1, 1]) = (1, 2, 1);

        Should.Throw<ArithmeticException>(matrix.Invert);
    }

    private static SymmetricInverse Filled(int size, int threads)
    {
        var rng = new Seed(9).ToRng();
        var matrix = new SymmetricInverse(size, threads);
        for (var i = 0; i < size; i++)
            for (var j = 0; j <= i; j++)
                matrix[i, j] = i == j ? size + rng.NextDouble() : rng.NextDouble();
        return matrix;
    }
}
