using System.Collections;
using CsCheck;
using HeatUp.Plans;
using HeatUp.Runs.Sandbox;
using HeatUp.Simulations;

namespace HeatUp.Tests.Simulation;

/// <summary>Scenarios as they are written.</summary>
public sealed class ScenarioJsonTests
{
    private static readonly Gen<double> Chances = Gen.OneOf(Gen.Double[0, 1], Gen.Const(1e-7), Gen.Const(0.0));

    private static readonly Gen<SandboxFaults> AllFaults = Gen.Select(
        Gen.Shuffle(SandboxFaults.Names.ToArray(), 0, 10), Chances.Array[10],
        (names, chances) => Faults(string.Join(',', names.Zip(chances, (name, chance) => $"{name}:{chance:R}"))));

    private static readonly Gen<ZoneShare[]> Zones = Gen.Select(
        Gen.Shuffle(new[] { "UTC", "UTC+3", "UTC-03:30", "Europe/Moscow", "Asia/Kolkata" }, 1, 5),
        Gen.Double[1e-9, ZoneShare.ShareMax].Array[5],
        (zones, shares) => zones.Zip(shares, (zone, share) => new ZoneShare(zone, share)).ToArray());

    private static readonly Gen<Threshold> AnyThreshold = Gen.Select(
        Gen.Int[0, Metric.All.Length - 1].Select(index => Metric.All[index]), Gen.Int[0, 4], Chances, Gen.Double[0, 100],
        Gen.Enum<Comparison>(), Gen.Bool,
        (metric, choice, bound, percent, comparison, abort) =>
            new Threshold(metric, AggregationOf(metric.Kind, choice, percent), comparison, bound, abort));

    private static readonly Gen<TokenPrices> Prices = Gen.Select(
        Gen.Double[0, 100], Gen.Double[0, 100], Gen.Double[0, 100],
        (input, cached, output) => new TokenPrices(input, cached, output, "EUR"));

    private static readonly Gen<Scenario> Scenarios =
        from size in Gen.Select(Gen.Int[1, Scenario.SessionsMax], Gen.Int[1, Scenario.DaysMax], Gen.Int[0, 100])
        from start in Gen.Long[0, TimeSpan.TicksPerDay * 365_000]
        from chance in Gen.Select(Gen.ULong, AllFaults, Gen.Bool, Gen.Enum<PlannerKind>())
        from pool in Gen.Null(Gen.Const("Каналы \"мои\".json"))
        from sittings in Gen.Nullable(Gen.Double[0.001, Scenario.SittingsPerDayMax])
        from zones in Zones
        from model in Gen.Select(Gen.Null(Prices), Gen.Nullable(Gen.Long[1, long.MaxValue]))
        from thresholds in AnyThreshold.Array[0, 6]
        select new Scenario
        {
            Sessions = size.Item1,
            Days = size.Item2,
            ArriveOverDays = size.Item2 * size.Item3 / 100,
            Start = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(start),
            Seed = new Seed(chance.Item1),
            Faults = chance.Item2,
            History = chance.Item3,
            Planner = chance.Item4,
            Pool = pool,
            SittingsPerDay = sittings,
            TimeZones = [.. zones],
            Prices = model.Item1,
            MaxTokens = model.Item2,
            Thresholds = Threshold.InOrder(thresholds),
        };

    [Fact]
    public void AScenarioReadsAsItWasWritten() => Scenarios.Sample(scenario =>
    {
        var json = ScenarioFile.ToJson(scenario);

        var reading = ScenarioFile.Parse(json);

        reading.Problems.ShouldBeEmpty();
        Values(reading.Scenario!).ShouldBe(Values(scenario));
        ScenarioFile.ToJson(reading.Scenario!).ShouldBe(json);
    });

    [Fact]
    public void EveryKeyIsWrittenInAFixedOrder() => ScenarioFile.ToJson(new Scenario()).ShouldBe("""
        {
          "sessions": 1000,
          "days": 7,
          "start": "2026-01-05T00:00:00Z",
          "seed": 1,
          "planner": "builtin",
          "pool": null,
          "faults": {},
          "arrive_over_days": 0,
          "sittings_per_day": null,
          "time_zones": {
            "UTC+3": 0.6,
            "UTC+5": 0.2,
            "UTC+2": 0.1,
            "UTC+1": 0.1
          },
          "recommendations": false,
          "history": true,
          "prices": null,
          "max_tokens": null,
          "thresholds": {}
        }
        """.ReplaceLineEndings("\n"));

    [Fact]
    public void WhatSaysTheSameIsWrittenTheSame()
    {
        const string one = """
            {"end": "2026-01-12", "faults": "offline:0.10,private:0.2", "sessions": 1e3,
             "thresholds": {"tokens": [{"threshold": " count < 5 "}], "joins": ["count===1.0"]}}
            """;
        const string other = """
            {"thresholds": {"joins": ["count == 1"], "tokens": ["count<5"]}, "sessions": 1000,
             "faults": {"private": 2e-1, "offline": 0.1}, "days": 7, "start": "2026-01-05T03:00+03:00"}
            """;

        ScenarioFile.ToJson(ScenarioFile.Parse(one).Scenario!).ShouldBe(ScenarioFile.ToJson(ScenarioFile.Parse(other).Scenario!));
    }

    /// <summary>Every property as a text, whatever properties there are.</summary>
    private static IEnumerable<string> Values(Scenario scenario) => typeof(Scenario).GetProperties()
        .Where(property => property.GetMethod!.IsStatic == false)
        .Select(property => $"{property.Name}: {Text(property.GetValue(scenario))}");

    private static string Text(object? value) => value switch
    {
        string text => text,
        DateTimeOffset time => time.ToString("O"),
        IEnumerable list => string.Join(" | ", list.Cast<object>()),
        _ => $"{value}",
    };

    private static SandboxFaults Faults(string text) =>
        SandboxFaults.TryParse(text, out var faults, out var problem) ? faults : throw new InvalidOperationException(problem);

    private static Aggregation AggregationOf(MetricKind kind, int choice, double percent) => kind switch
    {
        MetricKind.Counter => new(AggregationKind.Count),
        MetricKind.Rate => new(AggregationKind.Rate),
        _ when choice == 4 => new(AggregationKind.Percentile, percent),
        _ => new(AggregationKind.Average + choice),
    };
}
