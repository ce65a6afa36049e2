using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace HeatUp.Simulations;

/// <summary>What a key's value must be beyond its type, where ranges and words don't say it.</summary>
/// <param name="texts">
/// What is allowed, for people: the end of a sentence; for the value, then for its entries, then for theirs.
/// </param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AllowedAttribute(params string[] texts) : Attribute
{
    public string[] Texts { get; } = texts;

    /// <summary>Why, for people; null where that needs no words.</summary>
    public string? Because { get; init; }

    /// <summary>What is lacking where the key is missing that must be there, for people.</summary>
    public string? Lack { get; init; }

    /// <summary>Whether an object must have entries.</summary>
    public bool NotEmpty { get; init; }

    /// <summary>A regular expression that a whole text matches.</summary>
    public string? Pattern { get; init; }
}

/// <summary>The limits of keys: what their attributes say.</summary>
internal static class ScenarioLimits
{
    /// <summary>What is allowed at a depth of a key's value, for people: the end of a sentence.</summary>
    public static string AllowedOf(JsonPropertyInfo key, Type type, int depth)
    {
        if (Of<AllowedAttribute>(key)?.Texts.ElementAtOrDefault(depth) is { } text) return text;
        if (type == typeof(bool)) return "true or false";
        if (type == typeof(DateTimeOffset)) return MomentConverter.Allowed;
        var (range, low, high) = RangeOf(key)!.Value;
        var number = type == typeof(double) || type == typeof(double?) ? "a number" : "a whole number";
        return range.MinimumIsExclusive ? $"{number} of more than {low} and at most {high}"
            : high is null ? $"{number}, {low} or more"
            : $"{number} from {low} to {high}";
    }

    /// <summary>Whether a value that is no object or array is within the limits of its key.</summary>
    public static bool Holds(JsonPropertyInfo key, object value)
    {
        if (!All(key).OfType<ValidationAttribute>().All(limit => limit.IsValid(value))) return false;
        if (value is not string text || Of<AllowedAttribute>(key)?.Pattern is not { } pattern) return true;
        // A $ alone would let a line feed follow.
        return Regex.Match(text, pattern) is { Success: true } match && match.Length == text.Length;
    }

    /// <summary>Says the limits of a key in its JSON schema, and the meaning before them.</summary>
    public static void Describe(JsonPropertyInfo key, JsonObject schema)
    {
        if (Of<AllowedAttribute>(key) is { NotEmpty: true }) schema["minProperties"] = 1;
        if (Of<AllowedAttribute>(key)?.Pattern is { } pattern)
        {
            schema.Remove("format"); // The pattern says more.
            schema["pattern"] = pattern;
        }
        if (Of<AllowedValuesAttribute>(key) is { } words) schema["enum"] = Strings(words.Values.Cast<string>());
        if (RangeOf(key) is var (range, low, high))
        {
            var number = schema["additionalProperties"]?.AsObject() ?? schema;
            number[range.MinimumIsExclusive ? "exclusiveMinimum" : "minimum"] = JsonNode.Parse(low);
            if (high is not null) number["maximum"] = JsonNode.Parse(high);
        }
        if (Of<DescriptionAttribute>(key) is { } said) schema.Insert(0, "description", said.Description);
    }

    /// <summary>A key's attribute of this type; null if it has none.</summary>
    public static T? Of<T>(JsonPropertyInfo key) where T : Attribute => All(key).OfType<T>().SingleOrDefault();

    public static JsonArray Strings(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static object[] All(JsonPropertyInfo key) => key.AttributeProvider!.GetCustomAttributes(false);

    private static (RangeAttribute Range, string Low, string? High)? RangeOf(JsonPropertyInfo key) =>
        Of<RangeAttribute>(key) is not { } range ? null
        : (range, Text(range.Minimum), range.Maximum is double.PositiveInfinity ? null : Text(range.Maximum));

    private static string Text(object bound) => Convert.ToString(bound, CultureInfo.InvariantCulture)!;
}
