using HeatUp.Plans;
using HeatUp.Simulations;

namespace HeatUp.Tests.Simulation;

public sealed class ScenarioOverridesTests
{
    private static readonly Scenario File = ScenarioFile.Parse("""
        {"sessions": 20, "days": 30, "seed": 5, "pool": "mine.json", "faults": {"offline": 0.5}, "sittings_per_day": 2,
         "arrive_over_days": 10, "thresholds": {"joins": ["count>1"], "success_rate": ["rate>0.5", "rate<1"]}}
        """).Scenario!;

    [Fact]
    public void WithoutOptionsTheScenarioStaysAsItIs() =>
        ScenarioFile.ToJson(Good(new())).ShouldBe(ScenarioFile.ToJson(File));

    [Fact]
    public void AnOptionGoesBeforeTheFile()
    {
        var scenario = Good(new()
        {
            Sessions = 7,
            Days = 12,
            Start = "2026-06-01",
            Seed = ulong.MaxValue,
            Planner = "llm",
            Faults = "private:0.1",
            SittingsPerDay = 0.25,
            NoHistory = true,
        });

        scenario.Sessions.ShouldBe(7);
        scenario.Days.ShouldBe(12);
        scenario.Start.ShouldBe(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
        scenario.Seed.Value.ShouldBe(ulong.MaxValue);
        scenario.Planner.ShouldBe(PlannerKind.Llm);
        scenario.Faults.ToString().ShouldBe("private:0.1");
        scenario.SittingsPerDay.ShouldBe(0.25);
        scenario.History.ShouldBeFalse();
        scenario.ArriveOverDays.ShouldBe(10);
        scenario.Pool.ShouldBe("mine.json");
    }

    [Fact]
    public void APoolOnTheCommandLineIsSeenFromTheCurrentFolder()
    {
        var scenario = Good(new() { Pool = "other.json" });

        scenario.Pool.ShouldBe(Path.GetFullPath("other.json"));
        ScenarioFile.PoolPath(scenario, "/somewhere/else.json").ShouldBe(scenario.Pool);
    }

    [Fact]
    public void ThresholdsTakeThePlaceOfThoseOfTheSameMetric() =>
        Good(new() { Thresholds = ["success_rate:rate > 0.9", "sittings: count>=1", "success_rate:rate<=1"] })
            .Thresholds.Select(threshold => $"{threshold.Metric.Name}:{threshold.Expression}")
            .ShouldBe(["sittings:count>=1", "joins:count>1", "success_rate:rate>0.9", "success_rate:rate<=1"]);

    [Fact]
    public void ProblemsNameTheOptionsAndComeAllAtOnce() => new ScenarioOverrides
    {
        Sessions = 0,
        Days = 5,
        Start = "tomorrow",
        Planner = "",
        Pool = " ",
        Faults = "offline:2",
        SittingsPerDay = double.NaN,
        Thresholds = ["rate>0.9", "sucess_rate:rate>0.9", "joins:rate>1", "success_rate:0.9"],
    }.ApplyTo(File).Problems.Select(problem => problem.Split("; did")[0]).ShouldBe([
        "--sessions must be a whole number from 1 to 10000000, not 0.",
        "--start must be a day or a moment of the years 2000 to 2999, in UTC unless it says otherwise, such as 2026-01-05 or "
            + "2026-01-05T08:00:00Z, not tomorrow.",
        "--planner must be builtin or llm, not nothing.",
        "--pool must be the path of a file of channels, not nothing.",
        "--faults: '2' is no probability of 'offline'; allowed are numbers from 0 to 1, such as 0.05.",
        "--sittings-per-day must be a number of more than 0 and at most 100, not NaN.",
        "--threshold must be a metric, a colon and an expression, such as success_rate:rate>0.95, not rate>0.9.",
        "--threshold: 'sucess_rate' is no metric",
        "--threshold: 'rate>1' does not fit the metric, a counter, which has count; write it like count>100.",
        "--threshold: '0.9' is no threshold; write an aggregation (rate), one of < <= > >= == != and a number, such as rate>0.95.",
    ]);

    [Fact]
    public void ARunThatGetsTooShortForItsArrivalsIsRefused() =>
        new ScenarioOverrides { Days = 9 }.ApplyTo(File).Problems.ShouldBe(
            ["--days must be at least 10, because the sessions arrive over so many days, not 9."]);

    [Fact]
    public void MassesAreRefusedWithWhatTheyWouldTake() =>
        new ScenarioOverrides { Sessions = 1_000_000_000, NoHistory = true }.ApplyTo(File).Problems.ShouldBe([
            "--sessions must be a whole number from 1 to 10000000, not 1000000000: for 30 days they would take about 1.4 TiB "
                + "of memory."]);

    private static Scenario Good(ScenarioOverrides overrides)
    {
        var reading = overrides.ApplyTo(File);
        reading.Problems.ShouldBeEmpty();
        return reading.Scenario.ShouldNotBeNull();
    }
}
