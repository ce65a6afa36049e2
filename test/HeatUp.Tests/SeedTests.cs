namespace HeatUp.Tests;

public sealed class SeedTests
{
    [Fact]
    public void TheSameSeedAndPurposeGiveTheSameNumbersInEveryVersion()
    {
        var rng = new Seed(7).Fork("waits").Fork(SessionId.Parse("alice")).Fork(3).ToRng();

        // These figures are a contract: a seed that somebody wrote down must replay in the next version too.
        new[] { rng.Next(1000), rng.Next(1000), rng.Next(1000) }.ShouldBe([219, 217, 298]);
    }

    [Fact]
    public void ForksByDifferentPurposesDiffer() =>
        new[]
        {
            new Seed(7).Fork("a"), new Seed(7).Fork("b"), new Seed(8).Fork("a"),
            new Seed(7).Fork(1), new Seed(7).Fork(2),
        }.Distinct().Count().ShouldBe(5);

    [Fact]
    public void DrawsFillTheirRangeEvenly()
    {
        var rng = new Seed(1).ToRng();
        var counts = new int[10];
        for (var i = 0; i < 100_000; i++) counts[rng.Between(0, 9)]++;

        counts.ShouldAllBe(count => count > 9_500 && count < 10_500);
    }
}
