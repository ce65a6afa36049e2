using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace HeatUp.Simulations;

/// <summary>What differs in how two runs were made, key by key.</summary>
internal static class RuleDifferences
{
    private const string Seed = "seed";

    // The first twelve digits tell two hashes apart for people.
    private const int HashShown = 12;

    /// <summary>The differences: the program's and the channels' first, then the scenario's keys in their order.
    /// </summary>
    public static ImmutableArray<RuleDifference> Between(RunResults a, RunResults b, bool withSeed)
    {
        var (one, other) = (KeysOf(a.Manifest, withSeed), KeysOf(b.Manifest, withSeed));
        return
        [
            .. one.Keys.Union(other.Keys)
                .Select(key => new RuleDifference(key, one.GetValueOrDefault(key), other.GetValueOrDefault(key)))
                .Where(rule => rule.A != rule.B),
        ];
    }

    private static OrderedDictionary<string, string> KeysOf(Manifest manifest, bool withSeed)
    {
        var keys = new OrderedDictionary<string, string>
        {
            ["version"] = manifest.Version,
            ["channels"] = manifest.PoolHash[..Math.Min(HashShown, manifest.PoolHash.Length)],
        };
        if (manifest.Model is { } model) keys["model"] = model;
        Add(keys, "", manifest.Scenario);
        if (!withSeed) keys.Remove(Seed);
        return keys;
    }

    private static void Add(OrderedDictionary<string, string> keys, string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
            foreach (var field in value.EnumerateObject())
                Add(keys, name.Length == 0 ? field.Name : $"{name}.{field.Name}", field.Value);
        else if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().Any(IsObject))
            foreach (var (index, item) in value.EnumerateArray().Index())
                Add(keys, string.Create(CultureInfo.InvariantCulture, $"{name}[{index}]"), item);
        else if (value.ValueKind != JsonValueKind.Null)
            keys[name] = value.ValueKind == JsonValueKind.Array
                ? string.Join(", ", value.EnumerateArray().Select(item => item.ToString()))
                : value.ValueKind is JsonValueKind.True or JsonValueKind.False
                    ? value.GetRawText()
                    : value.ToString();
    }

    private static bool IsObject(JsonElement element) => element.ValueKind == JsonValueKind.Object;
}
