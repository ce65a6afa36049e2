using HeatUp.Simulations;

namespace HeatUp.Tests.Simulation;

public sealed class HistogramTests
{
    [Theory]
    [InlineData(100, 55, 55)]
    [InlineData(100, 0, 1)]
    [InlineData(100, 0.5, 1)]
    [InlineData(100, 29, 29)]
    [InlineData(100, 57, 57)]
    [InlineData(100, 100, 100)]
    [InlineData(1000, 99.9, 999)]
    [InlineData(1000, 99.95, 1000)]
    [InlineData(1000, 32.1, 321)]
    [InlineData(3, 50, 2)]
    public void APercentileIsTheNearestRank(int most, double percent, double value)
    {
        var histogram = new Histogram(most);
        for (var number = 1; number <= most; number++) histogram.Add(number);

        histogram.Percentile(percent).ShouldBe(value);
    }

    [Fact]
    public void EveryWholePercentileOfOneToAHundredIsItself()
    {
        var histogram = new Histogram(100);
        for (var number = 1; number <= 100; number++) histogram.Add(number);

        for (var percent = 1; percent <= 100; percent++) histogram.Percentile(percent).ShouldBe(percent);
    }
}
