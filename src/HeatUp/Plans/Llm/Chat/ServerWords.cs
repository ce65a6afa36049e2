using System.Text.Json;
using System.Text.RegularExpressions;

namespace HeatUp.Plans.Llm;

/// <summary>Finds in an error's body what a server says to people, whatever the body's shape.</summary>
internal sealed class ServerWords
{
    /// <summary>The most characters of a text that are looked at: an error may repeat the request.</summary>
    private const int LengthMax = 64 * 1024;

    /// <summary>The most pieces of JSON that are looked at, and the most fields of one of them.</summary>
    private const int VisitsMax = 1_000;

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

    // Servers send what they like: a search that goes back would take minutes on some of it.
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.IgnoreCase
        | RegexOptions.CultureInvariant | RegexOptions.Singleline;

    private static readonly Regex Heading = new(@"<(?:title|h1|h2)\b[^>]*>(.*?)</(?:title|h1|h2)>", Linear);
    private static readonly Regex Invisible = new(@"<(?:script|style|head)\b.*?</(?:script|style|head)>", Linear);
    private static readonly Regex Tag = new("<[^>]*>", Linear);

    private int visitsLeft = VisitsMax;

    private ServerWords()
    {
    }

    /// <summary>The words of a body; empty if it has none.</summary>
    public static string Of(string body) => new ServerWords().OfText(body, DepthMax);

    /// <summary>The words of a piece of JSON; empty if it has none.</summary>
    public static string Of(JsonElement json) => new ServerWords().Look(json, DepthMax).Words;

    /// <summary>The words for people of what may be something else than an error; empty if it has none.</summary>
    public static string SaidBy(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object ? new ServerWords().Look(json, DepthMax).Said : "";

    private string OfText(string text, int depthLeft)
    {
        var trimmed = text.Trim().TrimStart('\uFEFF');
        if (trimmed.Length > LengthMax) trimmed = trimmed[..LengthMax];
        if (trimmed.StartsWith('<')) return OfPage(trimmed);
        var json = ChatStream.IsStream(trimmed) || trimmed is ['{' or '[' or '"', ..]
            ? ChatStream.PiecesOf(trimmed) is [.., var last] ? Look(last, depthLeft).Words : ""
            : "";
        // "[400]: No" is no list.
        return json.Any(char.IsLetter) ? json : trimmed;
    }

    private static string OfPage(string page)
    {
        var heading = Heading.Match(page);
        var text = heading.Success && !string.IsNullOrWhiteSpace(heading.Groups[1].Value)
            ? heading.Groups[1].Value
            : Invisible.Replace(page, " ");
        return System.Net.WebUtility.HtmlDecode(Tag.Replace(text, " ")).Trim();
    }

    /// <summary>What a piece of JSON says to people; and its words, those for programs if it says nothing.</summary>
    private (string Said, string Words) Look(JsonElement json, int depthLeft)
    {
        if (depthLeft == 0 || visitsLeft == 0) return ("", "");
        visitsLeft--;
        if (json.ValueKind == JsonValueKind.Object) return LookInto(json, depthLeft);
        var words = json.ValueKind switch
        {
            JsonValueKind.String => OfText(ChatJson.Text(json) ?? "", depthLeft - 1),
            JsonValueKind.Number => json.GetRawText(),
            JsonValueKind.Array => string.Join("; ", json.EnumerateArray().Take(ItemsMax)
                .Select(item => Look(item, depthLeft - 1).Words).Where(item => item.Length > 0).Distinct()),
            _ => "",
        };
        return (words, words);
    }

    /// <summary>
    /// The error, what is said of it, and what is said by whom a router asked; if there is none of it, what stands
    /// deeper. Each field is looked at once.
    /// </summary>
    private (string Said, string Words) LookInto(JsonElement json, int depthLeft)
    {
        var fields = ChatJson.Fields(json).Take(VisitsMax)
            .Select(field => (field.Name, Kind: field.Value.ValueKind, Look: new Lazy<(string Said, string Words)>(
                () => Look(field.Value, depthLeft - 1), isThreadSafe: false)))
            .ToList();
        string[] parts = [First(ErrorNames, IsNamed), First(SaidNames, EndsWith), First(BelowNames, IsNamed)];
        var said = string.Join(": ", parts.Where(part => part.Any(char.IsLetter)).Distinct());
        if (said.Length == 0)
            said = fields
                .Where(field => field.Kind == JsonValueKind.Object
                    || (field.Kind == JsonValueKind.Array && depthLeft < DepthMax))
                .Select(field => field.Look.Value.Said)
                .FirstOrDefault(below => below.Length > 0) ?? "";
        var words = said.Length > 0 ? said : First(CodeNames, IsNamed);
        // A validator says separately what it is about.
        return ChatJson.Field(json, "loc") is { ValueKind: JsonValueKind.Array } place
            ? (said, $"{string.Join('.', place.EnumerateArray().Take(DepthMax).Select(PartOfPlace))}: {words}")
            : (said, words);

        string PartOfPlace(JsonElement part) => Look(part, 1).Words;

        string First(string[] names, Func<string, string, bool> fits) => names
            .SelectMany(name => fields.Where(field => fits(field.Name, name)))
            .Select(field => field.Look.Value.Words)
            .FirstOrDefault(found => found.Length > 0) ?? "";
    }

    private static bool IsNamed(string field, string name) => field == name;

    private static bool EndsWith(string field, string name) => field.EndsWith(name, StringComparison.Ordinal);
}
