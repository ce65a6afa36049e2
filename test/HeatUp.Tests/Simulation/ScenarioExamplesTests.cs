using HeatUp.Plans;
using HeatUp.Simulations;
using HeatUp.Tests.House;

namespace HeatUp.Tests.Simulation;

/// <summary>The scenarios that come with Heat Up.</summary>
public sealed class ScenarioExamplesTests
{
    /// <summary>The most session days of an example, so that it takes a second or two.</summary>
    private const int SessionDaysMax = 7_000;

    public static TheoryData<string> Examples => [.. Tree.Files(".json", "docs/scenarios")];

    [Theory]
    [MemberData(nameof(Examples))]
    public void AnExampleIsAGoodScenarioAndASmallOne(string file)
    {
        var reading = ScenarioFile.Read(Path.Combine(Tree.Root, file));

        reading.Problems.ShouldBeEmpty();
        (reading.Scenario!.Sessions * reading.Scenario.Days).ShouldBeLessThanOrEqualTo(SessionDaysMax);
        reading.Scenario.Thresholds.ShouldNotBeEmpty();
        Tree.Text(file).ShouldContain($"docs/scenarios/{Path.GetFileName(file)}");
        Tree.Text(file).ShouldContain("\"$schema\": \"../scenario.schema.json\"");
    }

    [Fact]
    public void TheExamplesShowWhatAScenarioCanSay()
    {
        Examples.Select(row => Path.GetFileName(row.Data))
            .ShouldBe(["growing.json", "large-pool.json", "llm.json", "rough-seas.json", "week.json"]);
        Example("week").Sessions.ShouldBe(1_000);
        Example("rough-seas").Faults.ToString().ShouldNotBeEmpty();
        Example("growing").ArriveOverDays.ShouldBeGreaterThan(0);
        Example("llm").ShouldSatisfyAllConditions(
            scenario => scenario.Planner.ShouldBe(PlannerKind.Llm),
            scenario => scenario.Prices.ShouldNotBeNull(),
            scenario => scenario.MaxTokens.ShouldNotBeNull());
    }

    private static Scenario Example(string name) =>
        ScenarioFile.Read(Path.Combine(Tree.Root, "docs", "scenarios", $"{name}.json")).Scenario!;
}
