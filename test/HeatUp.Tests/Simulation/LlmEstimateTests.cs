using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Simulations;
using HeatUp.Tests.Plans;

namespace HeatUp.Tests.Simulation;

public sealed class LlmEstimateTests
{
    private static readonly Scenario Scenario = new() { Sessions = 100, Days = 10, SittingsPerDay = 2 };
    private static readonly ChannelPool Pool = Some.PoolOf(20, "News", "Science");
    private static readonly TokenPrices Prices = new(2, 0.5, 10, "EUR");

    [Fact]
    public void AKnownPopulationIsReckonedFromItsOwnPrompts()
    {
        var estimate = LlmEstimate.Of(Scenario, Pool, Prices, 64, TimeSpan.FromSeconds(3));

        estimate.Sittings.ShouldBe(2_000);
        var shared = Prompt.SystemMessage(Pool).Length / 3;
        estimate.Tokens.Output.ShouldBe(600_000);
        estimate.Tokens.Cached.ShouldBe(1_999 * shared);
        var own = (estimate.Tokens.Input - 2_000 * shared) / 2_000.0;
        own.ShouldBeInRange(100, 500, "a session's facts are a few lines");
        var cost = ((2_000 * own + shared) * 2 + 1_999 * shared * 0.5 + 600_000 * 10) / 1e6;
        estimate.Cost.ShouldNotBeNull().ShouldBe(cost, 1e-6);
        estimate.CostUncached.ShouldNotBeNull().ShouldBe((estimate.Tokens.Input * 2 + 6_000_000) / 1e6, 1e-6);
        estimate.Duration.ShouldBe(TimeSpan.FromSeconds(3 * 32), "2,000 calls are 32 rounds of 64");
    }

    [Fact]
    public void ItIsToldInAFewSentences() =>
        LlmEstimate.Of(Scenario, Pool, Prices, 64, TimeSpan.FromSeconds(3)).ToString().ShouldMatch(
            "^About 2,000 sittings, with one call to the language model each. About [0-9,]{9} tokens sent and 600,000 "
            + "received; [0-9]{2} % of those sent are the same in every call, and cached if the provider caches "
            + "prompts. A repaired plan takes a second call.\n"
            + "That costs about [0-9]+.[0-9]{2} EUR, or [0-9]+.[0-9]{2} EUR without a cache.\n"
            + "With 64 calls at once, 3 s each, it takes about 96 seconds.$");

    [Fact]
    public void WithoutPricesTheCostIsUnknown()
    {
        var estimate = LlmEstimate.Of(Scenario, Pool, null, 1, TimeSpan.FromSeconds(3));

        estimate.Cost.ShouldBeNull();
        estimate.ToString().ShouldContain("What that costs is unknown: the scenario has no prices.");
        estimate.ToString().ShouldEndWith("One call after the other, 3 s each, it takes about 100 minutes.");
    }

    [Fact]
    public void WhoArrivesLaterHasFewerSittings() =>
        LlmEstimate.Of(Scenario with { ArriveOverDays = 10 }, Pool, null, 1, TimeSpan.Zero).Sittings.ShouldBe(1_000);

    [Fact]
    public void TheReckonedSittingsAreThoseThatASimulationHas()
    {
        var scenario = new Scenario { Sessions = 300, Days = 10 };
        using var simulation = new HeatUp.Simulations.Simulation(scenario, Pool, null, 1);
        while (!simulation.IsOver) simulation.RunEpoch(TestContext.Current.CancellationToken);

        var reckoned = LlmEstimate.Of(scenario, Pool, null, 1, TimeSpan.Zero).Sittings;
        ((double)simulation.Sittings / reckoned).ShouldBeInRange(0.9, 1.1);
    }
}
