using System.Text.Json.Nodes;
using HeatUp.Runs.Sandbox;
using HeatUp.Simulations;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Simulation;

public sealed class ScenarioSchemaTests
{
    private static readonly JsonNode Schema = JsonNode.Parse(ScenarioSchema.ToJson())!;

    [Fact]
    public void ThePublishedSchemaIsWhatTheCodeSays() =>
        Approved.Match("../../../docs/scenario.schema.json", ScenarioSchema.ToJson());

    [Fact]
    public void EveryKeyIsDescribed() =>
        Schema["properties"]!.AsObject().ShouldAllBe(key => key.Value!["description"]!.GetValue<string>().EndsWith('.'));

    [Fact]
    public void EveryKeyThatIsWrittenHasItsDefault()
    {
        var defaults = JsonNode.Parse(ScenarioFile.ToJson(new Scenario()))!.AsObject();

        Schema["properties"]!.AsObject().Select(key => key.Key).Except(["$schema", "end", "changes", "telegram_mode"])
            .ShouldBe(defaults.Select(key => key.Key), ignoreOrder: true);
        foreach (var (key, value) in defaults)
            JsonNode.DeepEquals(Schema["properties"]![key]!["default"], value).ShouldBeTrue(key);
    }

    [Fact]
    public void MetricsAndFaultsAreListed()
    {
        var properties = Schema["properties"]!;

        Names(properties["thresholds"]!).ShouldBe(Metric.All.Select(metric => metric.Name));
        Names(properties["faults"]!).Count().ShouldBe(Enum.GetValues<SandboxFault>().Length);
    }

    private static IEnumerable<string> Names(JsonNode ofObject) =>
        ofObject["propertyNames"]!["enum"]!.AsArray().Select(name => name!.GetValue<string>());
}
