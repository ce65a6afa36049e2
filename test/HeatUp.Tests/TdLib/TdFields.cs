using System.Text.Json;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.TdLib;

/// <summary>
/// The fields of TDLib 1.8.67's objects, as far as the peer says them: what is always there, what may be left out, and
/// how each is written. A 64-bit number that may not fit a double is a text; a null is left out.
/// </summary>
internal static class TdFields
{
    private static readonly Dictionary<string, Dictionary<string, string>> Objects =
        File.ReadLines(Repository.File("test/HeatUp.Tests/TdLib/td-objects.txt"))
            .Select(line => line.Split(' '))
            .ToDictionary(
                line => line[0],
                line => line[1..].Select(field => field.Split(':')).ToDictionary(field => field[0], field => field[1]));

    /// <summary>What is wrong with an object, its parts included.</summary>
    public static IEnumerable<string> FaultsOf(JsonElement json, bool isOutermost = true)
    {
        if (json.ValueKind == JsonValueKind.Array) return json.EnumerateArray().SelectMany(item => FaultsOf(item, isOutermost: false));
        if (json.ValueKind != JsonValueKind.Object) return [];
        var type = json.TryGetProperty("@type", out var named) ? named.GetString()! : "(none)";
        if (!Objects.TryGetValue(type, out var fields)) return [$"{type} isn't known"];
        return
        [
            .. OwnFaults(type, json, fields, isOutermost),
            .. json.EnumerateObject().SelectMany(part => FaultsOf(part.Value, isOutermost: false)),
        ];
    }

    private static IEnumerable<string> OwnFaults(string type, JsonElement json, Dictionary<string, string> fields, bool isOutermost)
    {
        foreach (var (name, kind) in fields)
            if (!kind.EndsWith('?') && !json.TryGetProperty(name, out _))
                yield return $"{type}.{name} is missing";
        foreach (var part in json.EnumerateObject())
            if (part.Name.StartsWith('@'))
            {
                if (part.Name != "@type" && !isOutermost) yield return $"{type}.{part.Name} stands inside";
            }
            else if (!fields.TryGetValue(part.Name, out var kind)) yield return $"{type}.{part.Name} isn't known";
            else if (KindOf(part.Value) != kind.TrimEnd('?')) yield return $"{type}.{part.Name} is written as {KindOf(part.Value)}";
    }

    private static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "bool",
        JsonValueKind.Number => value.GetRawText().Contains('.', StringComparison.Ordinal) ? "double" : "int",
        var kind => kind.ToString().ToLowerInvariant(),
    };
}
