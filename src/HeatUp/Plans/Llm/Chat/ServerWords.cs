using System.Text.Json;
using System.Text.RegularExpressions;

namespace HeatUp.Plans.Llm;

/// <summary>Finds in an error's body what a server says to people, whatever the body's shape.</summary>
internal static partial class ServerWords
{
    private const int DepthMax = 6;
    private const int ItemsMax = 3;

    private static readonly string[] Names =
    [
        "error", "message", "msg", "detail", "details", "errors", "error_message", "error_description", "description",
        "title", "reason", "status_msg", "type", "code", "status",
    ];

    /// <summary>The words of a body; empty if it has none.</summary>
    public static string Of(string body)
    {
        var trimmed = body.Trim().TrimStart('\uFEFF');
        if (trimmed is ['{' or '[' or '"', ..] && ChatJson.Values(trimmed) is [var json, ..]) return Of(json);
        if (!trimmed.StartsWith('<')) return trimmed;
        var heading = Heading().Match(trimmed);
        var text = heading.Success && !string.IsNullOrWhiteSpace(heading.Groups[2].Value)
            ? heading.Groups[2].Value
            : Invisible().Replace(trimmed, " ");
        return System.Net.WebUtility.HtmlDecode(Tag().Replace(text, " ")).Trim();
    }

    /// <summary>The words of a piece of JSON; empty if it has none.</summary>
    public static string Of(JsonElement json) => Of(json, DepthMax);

    private static string Of(JsonElement json, int depthLeft) => json.ValueKind switch
    {
        _ when depthLeft == 0 => "",
        JsonValueKind.String => (ChatJson.Text(json) ?? "").Trim(),
        JsonValueKind.Number => json.GetRawText(),
        JsonValueKind.Array => string.Join("; ", json.EnumerateArray().Take(ItemsMax)
            .Select(item => Of(item, depthLeft - 1)).Where(words => words.Length > 0).Distinct()),
        JsonValueKind.Object => OfObject(json, depthLeft),
        _ => "",
    };

    private static string OfObject(JsonElement json, int depthLeft)
    {
        var words = Names.Select(name => ChatJson.Field(json, name) is { } field ? Of(field, depthLeft - 1) : "")
            .FirstOrDefault(words => words.Length > 0) ?? "";
        // A validator says separately what it is about.
        if (ChatJson.Field(json, "loc") is { ValueKind: JsonValueKind.Array } place)
            words = $"{string.Join('.', place.EnumerateArray().Select(part => Of(part, 1)))}: {words}";
        // A router's own words are about the router; below them are those of whom it asked.
        if (ChatJson.Field(json, "metadata") is { } metadata && ChatJson.Field(metadata, "raw") is { } raw)
        {
            var below = raw.ValueKind == JsonValueKind.String ? Of(ChatJson.Text(raw) ?? "") : Of(raw, depthLeft - 1);
            if (below.Length > 0) words = $"{words}: {below}";
        }
        return words;
    }

    [GeneratedRegex("<(title|h1|h2)\\b[^>]*>(.*?)</\\1>", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Heading();

    [GeneratedRegex("<(script|style|head)\\b.*?</\\1>", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Invisible();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}
