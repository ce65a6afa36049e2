using HeatUp.Primitives;
using HeatUp.Simulations;

namespace HeatUp.Tests.Simulation;

public sealed class SignFlipsTests
{
    /// <summary>C. Darwin's pairs of maize, cross- and self-fertilized, in eighths of an inch.</summary>
    private static readonly double[] Maize = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];

    [Fact]
    public void FishersExampleGivesFishersNumber() =>
        SignFlips.PValue(Maize).ShouldBe(2 * 863 / 32_768.0, "The Design of Experiments counts 863 on one side");

    [Theory]
    [InlineData(1, new double[0])]
    [InlineData(1, new double[] { 0, 0, 0 })]
    [InlineData(1, new double[] { 5 })]
    [InlineData(0.0625, new double[] { 1, 2, 3, 4, 5 })]
    [InlineData(0.0625, new double[] { -1, -2, -3, -4, -5 })]
    [InlineData(0.0625, new double[] { 0, 1, 2, 3, 4, 5, 0 })]
    [InlineData(1, new double[] { 1, -1 })]
    [InlineData(0.0625, new[] { 0.1, 0.1, 0.1, 0.1, 0.1 })]
    public void SmallCasesAreCounted(double expected, double[] differences) => SignFlips.PValue(differences).ShouldBe(expected);

    [Fact]
    public void OfManyValuesASampleIsTakenThatIsTheSameEachTime()
    {
        double[] same = [.. Enumerable.Repeat(1.0, 40)];
        double[] mixed = [.. Enumerable.Range(0, 30).Select(i => i % 5 == 0 ? -1.0 : i % 3)];

        SignFlips.PValue(same).ShouldBe(1 / 100_000.0);
        SignFlips.PValue(mixed).ShouldBe(SignFlips.PValue(mixed));
        SignFlips.LeastPValue([1, -1, 1, -1, 1]).ShouldBe(0.0625);
    }

    [Fact]
    public void ASampleOfSignsAgreesWithAllOfThem()
    {
        double[] exact = [.. Maize, 3, -20, 17, 5, -1];
        SignFlips.PValue([.. exact, 1e-9]).ShouldBe(SignFlips.PValue(exact), tolerance: 0.005);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(10)]
    [InlineData(20)]
    public void AnIntervalHoldsTheCentreAsOftenAsItSays(int count)
    {
        const int times = 400;
        var rng = new Seed(5).Fork(count).ToRng();
        var held = 0;
        for (var time = 0; time < times; time++)
        {
            var values = new double[count];
            // Symmetric about 3, and not normal.
            for (var i = 0; i < count; i++) values[i] = 3 + (rng.NextDouble() - rng.NextDouble()) * (i + 1);
            var (low, high) = SignFlips.Interval(values)!.Value;
            if (low <= 3 && 3 <= high) held++;
        }

        (held / (double)times).ShouldBeInRange(0.93, 0.995);
    }

    [Fact]
    public void TooFewValuesBoundNoInterval()
    {
        SignFlips.Interval([1, 2, 3, 4, 5]).ShouldBeNull();
        SignFlips.Interval([1, 2, 3, 4, 5, 6]).ShouldBe((1, 6));
    }

    [Fact]
    public void HolmsCorrectionIsStepwise()
    {
        Holm.Adjust([0.01, 0.04, 0.03, 0.005]).ShouldBe([0.03, 0.06, 0.06, 0.02], tolerance: 1e-12);
        Holm.Adjust([0.9, 0.8]).ShouldBe([1, 1]);
        Holm.Adjust([]).ShouldBeEmpty();
    }
}
