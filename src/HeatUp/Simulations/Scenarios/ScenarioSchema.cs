using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using HeatUp.Runs.Sandbox;

namespace HeatUp.Simulations;

/// <summary>The JSON schema of scenarios, for editors and other programs; it follows the code.</summary>
public static class ScenarioSchema
{
    /// <summary>
    /// The schema (JSON Schema, draft 2020-12), indented, with line feeds. What it refuses <see cref="ScenarioFile"/>
    /// refuses too, but for what JSON Schema can't say: dates, time zones, and values that don't fit together.
    /// </summary>
    public static string ToJson()
    {
        var exported = new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = Describe,
        };
        var schema = ScenarioJson.Contract.GetJsonSchemaAsNode(typeof(ScenarioKeys), exported).AsObject();
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "A scenario of heat simulate");
        schema.Insert(2, "description",
            "What is simulated. Every key may be left out. Comments and trailing commas are allowed.");
        schema["not"] = new JsonObject { ["required"] = new JsonArray("days", "end") };
        var thresholds = schema["properties"]!["thresholds"]!.AsObject();
        var inFull = thresholds["additionalProperties"]!["items"]!;
        var metrics = ScenarioLimits.Strings(Metric.All.Select(metric => metric.Name));
        thresholds["propertyNames"] = new JsonObject { ["enum"] = metrics };
        thresholds["properties"] = new JsonObject(
            Metric.All.Select(metric => KeyValuePair.Create<string, JsonNode?>(metric.Name, ThresholdsOf(metric))));
        thresholds["additionalProperties"] = false;
        schema["$defs"] = new JsonObject(Enum.GetValues<MetricKind>()
            .Select(kind => KeyValuePair.Create<string, JsonNode?>(
                DefinitionOf(kind), ThresholdsOf(kind, inFull))));
        return schema.ToJsonString(ScenarioJson.Contract);
    }

    /// <summary>Adds to a key's schema what its type doesn't say.</summary>
    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode node)
    {
        if (context.PropertyInfo is not { } property) return node;
        var schema = node.AsObject();
        // A key that may be left out is null in its object, which doesn't mean that it can be said to be null.
        if (!property.IsSetNullable && schema["type"] is JsonArray types) schema["type"] = types[0]!.DeepClone();
        if (property.PropertyType == typeof(FaultChances))
        {
            schema["type"] = new JsonArray("object", "string");
            schema["propertyNames"] = new JsonObject { ["enum"] = ScenarioLimits.Strings(SandboxFaults.Names) };
        }
        ScenarioLimits.Describe(property, schema);
        AddDefault(property, schema);
        return schema;
    }

    /// <summary>The default is what a new object has.</summary>
    private static void AddDefault(JsonPropertyInfo property, JsonObject schema)
    {
        if (property.IsRequired) return;
        var value = property.Get!(ScenarioJson.Contract.GetTypeInfo(property.DeclaringType).CreateObject!());
        if (value is not null || property.IsSetNullable)
            schema["default"] = JsonSerializer.SerializeToNode(value, property.PropertyType, ScenarioJson.Forms);
    }

    private static JsonObject ThresholdsOf(Metric metric) => new JsonObject
    {
        ["$ref"] = $"#/$defs/{DefinitionOf(metric.Kind)}",
        ["description"] = $"{char.ToUpperInvariant(metric.Meaning[0])}{metric.Meaning[1..]}.",
    };

    /// <summary>The list of thresholds that metrics of a kind have.</summary>
    private static JsonObject ThresholdsOf(MetricKind kind, JsonNode inFull)
    {
        var expression = new JsonObject
        {
            ["type"] = "string",
            ["pattern"] = ThresholdText.PatternOf(kind),
            ["description"] = $"An aggregation ({ThresholdText.AggregationsOf(kind)}), a comparison and a number, such "
                + $"as {ThresholdText.ExampleOf(kind)}.",
        };
        var whole = inFull.DeepClone();
        whole["properties"]![ThresholdKeys.ExpressionKey] = expression.DeepClone();
        return new JsonObject
        {
            ["type"] = "array",
            ["items"] = new JsonObject { ["anyOf"] = new JsonArray(expression, whole) },
        };
    }

    private static string DefinitionOf(MetricKind kind) => $"{kind.ToString().ToLowerInvariant()}_thresholds";
}
