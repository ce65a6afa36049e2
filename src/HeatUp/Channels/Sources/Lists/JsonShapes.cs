using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using HeatUp.Primitives;

namespace HeatUp.Channels.Sources.Lists;

/// <summary>Pieces of JSON as texts, and keys under which lists stand.</summary>
internal static class JsonShapes
{
    /// <summary>How deep the fields of an entry may lie in objects.</summary>
    public const int DepthMax = 2;

    private static readonly HashSet<string> Containers = new(StringComparer.OrdinalIgnoreCase)
    {
        "response", "result", "results", "data", "dataset", "channel", "channels", "chat", "chats", "group", "groups",
        "item", "items", "list", "lists", "payload", "body", "entry", "entries", "record", "records", "rows", "value",
        "values", "objects", "nodes", "edges", "node", "hits", "docs", "content", "meta", "metadata", "info", "stats",
        "page", "pages", "pagination", "paging", "links", "count", "total", "status", "error", "errors", "users",
        "fields", "attributes", "properties", "entity", "object", "source", "document", "config", "settings",
        "options", "params", "query", "request", "summary", "header", "headers", "filter", "supergroup", "outputs",
    };

    /// <summary>Whether a key is a place for lists and no channel's name.</summary>
    public static bool IsContainer(string key) => Containers.Contains(key);

    /// <summary>A field's name; empty if it is broken text.</summary>
    public static string NameOf(JsonProperty field)
    {
        try
        {
            return field.Name;
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    /// <summary>What a value says: of an array the first in use, of an object all of it, as it stands.</summary>
    public static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => JsonText.Of(value) ?? "",
        JsonValueKind.Null or JsonValueKind.Undefined => "",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Array => OfArray(value),
        JsonValueKind.Object => value.EnumerateObject().Where(field => FieldNames.MayName(FieldNames.Of(NameOf(field))))
            .Select(field => TextOf(field.Value)).FirstOrDefault(text => text.Length > 0) ?? value.GetRawText(),
        _ => value.GetRawText(),
    };

    private static string OfArray(JsonElement array)
    {
        foreach (var element in array.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Object) return TextOf(element);
            if (JsonText.Field(element, "active") is { ValueKind: JsonValueKind.False }) continue;
            return JsonText.Field(element, "username") is { } name ? TextOf(name) : element.GetRawText();
        }
        return "";
    }
}

/// <summary>Objects that hold a table by its columns, as some programs write them.</summary>
internal static class JsonColumns
{
    /// <summary>
    /// The rows, the first of which names the columns, of an object whose fields are columns: arrays of one length, or
    /// objects with the rows' numbers as keys. Null if it is no such object.
    /// </summary>
    public static IEnumerable<TableList.Row>? RowsOf(JsonElement json)
    {
        if (ApartOf(json) is { } apart) return apart;
        var columns = json.EnumerateObject()
            .Select(field => (Name: JsonShapes.NameOf(field), Cells: CellsOf(field.Value))).ToList();
        if (columns.Count == 0 || columns.Exists(column => column.Cells is null)) return null;
        var height = columns[0].Cells!.Count;
        var isTable = columns.TrueForAll(column => column.Cells!.Count == height)
            && columns.Exists(column => FieldNames.MayName(FieldNames.Of(column.Name)))
            && (columns.Count > 1 || json.EnumerateObject().First().Value.ValueKind == JsonValueKind.Object);
        if (!isTable || height == 0) return null;
        return Enumerable.Range(-1, height + 1).Select(row => new TableList.Row(row + 1,
            [.. columns.Select(column => row < 0 ? column.Name : JsonShapes.TextOf(column.Cells![row]))]));
    }

    /// <summary>The rows of an object that names its columns in one field and has its rows in another.</summary>
    private static IEnumerable<TableList.Row>? ApartOf(JsonElement json)
    {
        var names = Named(json, "columns", "fields", "header", "headers", "cols");
        var rows = Named(json, "data", "rows", "values", "items", "records");
        if (names is null || rows is not [{ ValueKind: JsonValueKind.Array } first, ..]
            || first.GetArrayLength() != names.Count
            || !names.Exists(name => FieldNames.MayName(FieldNames.Of(TextOf(name)))))
            return null;
        return rows.Where(row => row.ValueKind == JsonValueKind.Array)
            .Select(row => row.EnumerateArray().Select(JsonShapes.TextOf)).Prepend(names.Select(TextOf))
            .Select((row, at) => new TableList.Row(at, [.. row]));

        static string TextOf(JsonElement name) => JsonShapes.TextOf(
            name.ValueKind != JsonValueKind.Object ? name
            : JsonText.Field(name, "name") ?? JsonText.Field(name, "label") ?? JsonText.Field(name, "id") ?? name);
    }

    private static List<JsonElement>? Named(JsonElement json, params string[] keys) => keys
        .Select(key => JsonText.Field(json, key)).FirstOrDefault(field => field is { ValueKind: JsonValueKind.Array })
        ?.EnumerateArray().ToList();

    private static List<JsonElement>? CellsOf(JsonElement column)
    {
        var cells = column.ValueKind switch
        {
            JsonValueKind.Array => column.EnumerateArray().ToList(),
            JsonValueKind.Object when column.EnumerateObject().All(IsNumbered) =>
                [.. column.EnumerateObject().Select(cell => cell.Value)],
            _ => null,
        };
        return cells?.TrueForAll(cell => cell.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object)) == true
            ? cells
            : null;
    }

    private static bool IsNumbered(JsonProperty cell) => JsonShapes.NameOf(cell).All(char.IsAsciiDigit);
}

/// <summary>A text of JSON as a whole; or, if it is broken, the objects in it that are not.</summary>
internal static partial class JsonPieces
{
    /// <summary>How often a broken text may be gone through, in its lengths, to look for whole objects.</summary>
    private const int PassesMax = 8;

    /// <summary>The values in a text.</summary>
    public static IEnumerable<JsonElement> In(string text, Remarks remarks)
    {
        text = WithoutNaN(text);
        var utf8 = Encoding.UTF8.GetBytes(text);
        var (whole, fault) = Parse(utf8);
        var values = whole is { } one ? [one]
            : LooseStart(text) is { } start && ReadLoose(text, start) is var (several, end, _) && end == text.Length
                ? several : [];
        foreach (var value in values) yield return value;
        if (values.Count > 0) yield break;
        var hasAny = false;
        foreach (var piece in Pieces(utf8))
        {
            if (!hasAny) remarks.PassOver(PassedOverReason.Unreadable, $"{fault} Only what is whole is taken.");
            hasAny = true;
            yield return piece;
        }
    }

    /// <summary>Why a text is no JSON; null if it is.</summary>
    public static string? FaultOf(string text) => Parse(Encoding.UTF8.GetBytes(text)).Fault;

    /// <summary>With nulls for what pandas writes where there is no value.</summary>
    public static string WithoutNaN(string text) => text.Contains("nan", StringComparison.OrdinalIgnoreCase)
        ? NaN().Replace(text, "${before}null") : text;

    [GeneratedRegex(@"(?<before>[:\[,]\s*)(?:NaN|nan)(?=\s*[,\]}])", RegexOptions.ExplicitCapture)]
    private static partial Regex NaN();

    /// <summary>
    /// Whether a text, as far as it goes, is a list or an object as programs write it in their own languages, perhaps
    /// as the value of a variable.
    /// </summary>
    public static bool IsLoose(string head) => LooseStart(head) is { } start
        && ReadLoose(head, start) is var (values, end, isCut)
        && (isCut ? head.Length >= ListLimits.HeadLength : values.Count > 0 && end == head.Length);

    /// <summary>
    /// The values from a place on, one after another; where the last ends, what may follow it included; and whether
    /// another is cut off.
    /// </summary>
    private static (List<JsonElement> Values, int End, bool IsCut) ReadLoose(string text, int start)
    {
        var values = new List<JsonElement>();
        while (true)
        {
            while (start < text.Length && " \t\r\n;,)".Contains(text[start])) start++;
            if (start == text.Length || text[start] is not ('{' or '[')) return (values, start, false);
            var found = LooseJson.Read(text, start, out var value, out var end);
            if (found != Found.Value) return (values, start, found == Found.CutOff);
            values.Add(value);
            start = end;
        }
    }

    /// <summary>Where the value begins: at the beginning, or after the name of a variable.</summary>
    private static int? LooseStart(string text) =>
        Assignment().Match(text) is { Success: true } match ? match.Length : null;

    [GeneratedRegex(@"^\s*(?:(?:#|//)[^\r\n]*[\r\n]\s*)*(?:(?:(?:export|default|const|let|var)\s+)*[\w.$]{1,80}\s*"
        + @"(?::\s*[\w\[\], .]{1,80})?=\s*|[\w$.]{1,80}\()?(?=[\[{])")]
    private static partial Regex Assignment();

    private static (JsonElement? Json, string? Fault) Parse(byte[] utf8)
    {
        try
        {
            return (JsonElement.Parse(utf8, JsonText.Tolerant), null);
        }
        catch (JsonException failure)
        {
            return (null, JsonText.Fault(utf8, failure));
        }
    }

    private static IEnumerable<JsonElement> Pieces(byte[] utf8)
    {
        var budget = (long)PassesMax * utf8.Length;
        for (var at = 0; at < utf8.Length && budget > 0;)
        {
            var next = utf8.AsSpan(at).IndexOf((byte)'{');
            if (next < 0) yield break;
            at += next;
            var (piece, length) = PieceAt(utf8, at);
            budget -= length;
            at += piece is null ? 1 : length;
            if (piece is { } whole) yield return whole;
        }
    }

    /// <summary>The object at a place, and its length; or null, and how far it was read.</summary>
    private static (JsonElement? Json, int Length) PieceAt(byte[] utf8, int at)
    {
        var reader = new Utf8JsonReader(utf8.AsSpan(at), new JsonReaderOptions
        {
            AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip,
        });
        try
        {
            do reader.Read();
            while (reader.CurrentDepth > 0 || reader.TokenType == JsonTokenType.StartObject);
            var length = (int)reader.BytesConsumed;
            return (JsonElement.Parse(utf8.AsSpan(at, length), JsonText.Tolerant), length);
        }
        catch (JsonException)
        {
            return (null, (int)reader.BytesConsumed);
        }
    }
}
