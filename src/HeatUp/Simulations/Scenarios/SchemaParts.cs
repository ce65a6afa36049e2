using System.Text.Json.Nodes;
using HeatUp.Plans;
using HeatUp.Runs.Sandbox;

namespace HeatUp.Simulations;

/// <summary>The JSON schemas of a scenario's values.</summary>
internal static class SchemaParts
{
    private const string Number = @"([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?";

    public static JsonObject Text() => new() { ["type"] = "string" };

    public static JsonObject TextOrNull() => new() { ["type"] = OrNull("string"), ["minLength"] = 1 };

    public static JsonObject Flag() => new() { ["type"] = "boolean" };

    public static JsonObject Whole(long low, ulong high) =>
        new() { ["type"] = "integer", ["minimum"] = low, ["maximum"] = high };

    public static JsonObject MaxTokens() => new() { ["type"] = OrNull("integer"), ["minimum"] = 1 };

    public static JsonObject Day() => new() { ["type"] = "string", ["format"] = "date" };

    public static JsonObject Moment() => new()
    {
        ["type"] = "string",
        ["pattern"] = @"^2[0-9]{3}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{0,7})?)?"
            + "(Z|[+-][0-9]{2}:[0-9]{2})?)?$",
    };

    public static JsonObject Planner() => Choice(PlannerKind.Builtin.Word(), PlannerKind.Llm.Word());

    public static JsonObject TelegramMode() => Choice("sandbox");

    public static JsonObject SittingsPerDay() => new()
    {
        ["type"] = OrNull("number"),
        ["exclusiveMinimum"] = 0,
        ["maximum"] = Scenario.SittingsPerDayMax,
    };

    public static JsonObject Faults() => new()
    {
        ["type"] = new JsonArray("object", "string"),
        ["propertyNames"] = new JsonObject { ["enum"] = Names(SandboxFaults.Names) },
        ["additionalProperties"] = new JsonObject { ["type"] = "number", ["minimum"] = 0, ["maximum"] = 1 },
    };

    public static JsonObject Zones() => new()
    {
        ["type"] = "object",
        ["minProperties"] = 1,
        ["additionalProperties"] = new JsonObject
        {
            ["type"] = "number",
            ["exclusiveMinimum"] = 0,
            ["maximum"] = ZoneShare.ShareMax,
        },
    };

    public static JsonObject Prices() => new()
    {
        ["type"] = OrNull("object"),
        ["properties"] = new JsonObject
        {
            ["input"] = Price("Tokens sent."),
            ["cached"] = Price("Tokens sent that the provider had in its cache."),
            ["output"] = Price("Tokens received."),
            ["currency"] = new JsonObject
            {
                ["type"] = "string",
                ["pattern"] = "^[A-Z]{3}$",
                ["default"] = TokenPrices.CurrencyDefault,
            },
        },
        ["required"] = Names(ScenarioParts.PriceKeysNeeded),
        ["additionalProperties"] = false,
    };

    public static JsonObject Thresholds() => new()
    {
        ["type"] = "object",
        ["propertyNames"] = new JsonObject { ["enum"] = Names(Metric.All.Select(metric => metric.Name)) },
        ["properties"] = new JsonObject(Metric.All.Select(metric => KeyValuePair.Create<string, JsonNode?>(
            metric.Name, ThresholdsOf(metric)))),
        ["additionalProperties"] = false,
    };

    /// <summary>The lists of thresholds that metrics of each kind have.</summary>
    public static JsonObject Definitions() => new(Enum.GetValues<MetricKind>().Select(kind =>
        KeyValuePair.Create<string, JsonNode?>(DefinitionOf(kind), ThresholdListOf(kind))));

    /// <summary>The pattern of the expressions for a kind of metric.</summary>
    public static string PatternOf(MetricKind kind)
    {
        var aggregation = kind switch
        {
            MetricKind.Counter => "count",
            MetricKind.Rate => "rate",
            _ => $@"(avg|min|med|max|p\({Number}\))",
        };
        return $@"^\s*{aggregation}\s*(<=?|>=?|===?|!=)\s*[+-]?{Number}\s*$";
    }

    private static JsonObject ThresholdsOf(Metric metric) => new()
    {
        ["$ref"] = $"#/$defs/{DefinitionOf(metric.Kind)}",
        ["description"] = $"{char.ToUpperInvariant(metric.Meaning[0])}{metric.Meaning[1..]}.",
    };

    private static JsonObject ThresholdListOf(MetricKind kind) => new()
    {
        ["type"] = "array",
        ["items"] = new JsonObject { ["anyOf"] = new JsonArray(ExpressionOf(kind), InFull(ExpressionOf(kind))) },
    };

    private static JsonObject ExpressionOf(MetricKind kind) => new()
    {
        ["type"] = "string",
        ["pattern"] = PatternOf(kind),
        ["description"] = $"An aggregation ({ThresholdText.AggregationsOf(kind)}), a comparison and a number, such as "
            + $"{ThresholdText.ExampleOf(kind)}.",
    };

    private static JsonObject InFull(JsonObject expression) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            [ScenarioParts.ThresholdKey] = expression,
            [ScenarioParts.AbortKey] = new JsonObject
            {
                ["type"] = "boolean",
                ["default"] = false,
                ["description"] = "Whether the run ends as soon as this fails.",
            },
            [ScenarioParts.UnmeasuredKey] = new JsonObject
            {
                ["enum"] = new JsonArray(ScenarioParts.Pass, ScenarioParts.Fail),
                ["default"] = ScenarioParts.Fail,
                ["description"] = "What comes of it if there was nothing to measure.",
            },
        },
        ["required"] = new JsonArray(ScenarioParts.ThresholdKey),
        ["additionalProperties"] = false,
    };

    private static string DefinitionOf(MetricKind kind) => $"{kind.ToString().ToLowerInvariant()}_thresholds";

    private static JsonObject Price(string meaning) => new()
    {
        ["type"] = "number",
        ["minimum"] = 0,
        ["maximum"] = TokenPrices.Max,
        ["description"] = meaning,
    };

    private static JsonObject Choice(params string[] words) => new() { ["type"] = "string", ["enum"] = Names(words) };

    private static JsonArray OrNull(string type) => new(type, "null");

    private static JsonArray Names(IEnumerable<string> names) =>
        new([.. names.Select(name => (JsonNode?)JsonValue.Create(name))]);
}
