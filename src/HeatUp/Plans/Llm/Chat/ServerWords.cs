using System.Text.Json;
using System.Text.RegularExpressions;

namespace HeatUp.Plans.Llm;

/// <summary>Finds in an error's body what a server says to people, whatever the body's shape.</summary>
internal static partial class ServerWords
{
    private const int DepthMax = 10;
    private const int ItemsMax = 3;

    /// <summary>What is an error, by its name.</summary>
    private static readonly string[] ErrorNames = ["error", "errors", "err", "exception", "fault"];

    /// <summary>How the name of what is said to people ends; the best first.</summary>
    private static readonly string[] SaidNames =
        ["message", "msg", "detail", "description", "reason", "title", "details", "string"];

    /// <summary>The same of what is said to programs.</summary>
    private static readonly string[] CodeNames = ["type", "code", "status"];

    /// <summary>Under what a router or a gateway puts the answer of whom it asked.</summary>
    private static readonly string[] BelowNames = ["metadata", "raw", "upstreamdetails"];

    /// <summary>The words of a body; empty if it has none.</summary>
    public static string Of(string body) => Of(body, DepthMax);

    /// <summary>The words of a piece of JSON; empty if it has none.</summary>
    public static string Of(JsonElement json) => Of(json, DepthMax);

    /// <summary>The words for people of what may be something else than an error; empty if it has none.</summary>
    public static string SaidBy(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object ? Said(json, DepthMax) : "";

    private static string Of(string text, int depthLeft)
    {
        var trimmed = text.Trim().TrimStart('\uFEFF');
        if (trimmed.StartsWith('<')) return OfPage(trimmed);
        var json = ChatStream.IsStream(trimmed) || trimmed is ['{' or '[' or '"', ..]
            ? ChatStream.PiecesOf(trimmed) is [.., var last] ? Of(last, depthLeft) : ""
            : "";
        // "[400]: No" is no list.
        return json.Any(char.IsLetter) ? json : trimmed;
    }

    private static string OfPage(string page)
    {
        var heading = Heading().Match(page);
        var text = heading.Success && !string.IsNullOrWhiteSpace(heading.Groups[2].Value)
            ? heading.Groups[2].Value
            : Invisible().Replace(page, " ");
        return System.Net.WebUtility.HtmlDecode(Tag().Replace(text, " ")).Trim();
    }

    private static string Of(JsonElement json, int depthLeft) => json.ValueKind switch
    {
        _ when depthLeft == 0 => "",
        JsonValueKind.String => Of(ChatJson.Text(json) ?? "", depthLeft - 1),
        JsonValueKind.Number => json.GetRawText(),
        JsonValueKind.Array => string.Join("; ", json.EnumerateArray().Take(ItemsMax)
            .Select(item => Of(item, depthLeft - 1)).Where(words => words.Length > 0).Distinct()),
        JsonValueKind.Object => OfObject(json, depthLeft),
        _ => "",
    };

    private static string OfObject(JsonElement json, int depthLeft)
    {
        var words = Said(json, depthLeft);
        if (words.Length == 0) words = First(json, CodeNames, depthLeft);
        // A validator says separately what it is about.
        return ChatJson.Field(json, "loc") is { ValueKind: JsonValueKind.Array } place
            ? $"{string.Join('.', place.EnumerateArray().Select(part => Of(part, 1)))}: {words}"
            : words;
    }

    /// <summary>
    /// The error, what is said of it, and what is said by whom a router asked; if there is none of it, what stands
    /// deeper.
    /// </summary>
    private static string Said(JsonElement json, int depthLeft)
    {
        string[] words =
        [
            First(json, ErrorNames, depthLeft), First(json, SaidNames, depthLeft), First(json, BelowNames, depthLeft),
        ];
        var said = string.Join(": ", words.Where(one => one.Any(char.IsLetter)).Distinct());
        return said.Length > 0 ? said : ChatJson.Fields(json)
            .Where(field => field.Value.ValueKind == JsonValueKind.Object
                || (field.Value.ValueKind == JsonValueKind.Array && depthLeft < DepthMax))
            .Select(field => field.Value.ValueKind == JsonValueKind.Array ? Of(field.Value, depthLeft - 1)
                : depthLeft > 1 ? Said(field.Value, depthLeft - 1) : "")
            .FirstOrDefault(below => below.Length > 0) ?? "";
    }

    private static string First(JsonElement json, string[] names, int depthLeft) => names
        .SelectMany(name => ChatJson.Fields(json).Where(field =>
            names == SaidNames ? field.Name.EndsWith(name, StringComparison.Ordinal) : field.Name == name))
        .Select(field => Of(field.Value, depthLeft - 1))
        .FirstOrDefault(words => words.Length > 0) ?? "";

    [GeneratedRegex("<(title|h1|h2)\\b[^>]*>(.*?)</\\1>", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Heading();

    [GeneratedRegex("<(script|style|head)\\b.*?</\\1>", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Invisible();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}
