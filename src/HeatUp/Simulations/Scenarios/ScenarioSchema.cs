using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HeatUp.Simulations;

/// <summary>The JSON schema of scenarios, for editors and other programs; it follows the code.</summary>
public static class ScenarioSchema
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>
    /// The schema (JSON Schema, draft 2020-12), indented, with line feeds. What it refuses <see cref="ScenarioFile"/>
    /// refuses too, but for what JSON Schema can't say: dates, time zones, and values that don't fit together.
    /// </summary>
    public static string ToJson() => new JsonObject
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["title"] = "A scenario of heat simulate",
        ["description"] = "What is simulated. Every key may be left out. Comments and trailing commas are allowed.",
        ["type"] = "object",
        ["properties"] = Properties(),
        ["additionalProperties"] = false,
        ["not"] = new JsonObject { ["required"] = new JsonArray("days", "end") },
        ["$defs"] = SchemaParts.Definitions(),
    }.ToJsonString(Readable);

    private static JsonObject Properties()
    {
        var defaults = JsonNode.Parse(ScenarioFile.ToJson(new Scenario()))!.AsObject();
        var properties = new JsonObject();
        foreach (var key in ScenarioKey.All)
        {
            var property = key.Schema();
            property.Insert(0, "description", key.Meaning);
            if (defaults.TryGetPropertyValue(key.Name, out var value)) property["default"] = value?.DeepClone();
            properties[key.Name] = property;
        }
        return properties;
    }
}
