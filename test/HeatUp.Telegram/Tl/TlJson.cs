using System.Text.Json.Nodes;

namespace HeatUp.Telegram.Tl;

/// <summary>TL as JSON, for whoever wants to look at it.</summary>
internal static class TlJson
{
    public static JsonObject Of(TlObject written)
    {
        var json = new JsonObject { ["_"] = written.Name };
        foreach (var (name, value) in written) json[name] = Value(value);
        return json;
    }

    private static JsonNode? Value(object value) => value switch
    {
        TlObject inner => Of(inner),
        byte[] bytes => Convert.ToHexStringLower(bytes),
        string text => text,
        int number => number,
        long number => number,
        double number => number,
        bool truth => truth,
        IEnumerable<object> list => new JsonArray([.. list.Select(Value)]),
        _ => value.ToString(),
    };
}
