using System.Text;
using System.Text.Json;

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
        "options", "params", "query", "request", "summary", "header", "headers", "filter",
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
internal static class JsonPieces
{
    /// <summary>How often a broken text may be gone through, in its lengths, to look for whole objects.</summary>
    private const int PassesMax = 8;

    /// <summary>The documents in a text, each to be disposed of by the caller.</summary>
    public static IEnumerable<JsonDocument> In(string text, Remarks remarks)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var (whole, fault) = Parse(utf8);
        if (whole is not null)
        {
            yield return whole;
            yield break;
        }
        var hasAny = false;
        foreach (var piece in Pieces(utf8))
        {
            if (!hasAny) remarks.PassOver(PassedOverReason.Unreadable, $"{fault} Only what is whole is taken.");
            hasAny = true;
            yield return piece;
        }
    }

    /// <summary>Why a text is no JSON; null if it is.</summary>
    public static string? FaultOf(string text)
    {
        var (whole, fault) = Parse(Encoding.UTF8.GetBytes(text));
        whole?.Dispose();
        return fault;
    }

    private static (JsonDocument? Json, string? Fault) Parse(byte[] utf8)
    {
        try
        {
            return (JsonDocument.Parse(utf8, JsonText.Tolerant), null);
        }
        catch (JsonException failure)
        {
            return (null, JsonText.Fault(utf8, failure));
        }
    }

    private static IEnumerable<JsonDocument> Pieces(byte[] utf8)
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
            if (piece is not null) yield return piece;
        }
    }

    /// <summary>The object at a place, and its length; or null, and how far it was read.</summary>
    private static (JsonDocument? Json, int Length) PieceAt(byte[] utf8, int at)
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
            return (JsonDocument.Parse(utf8.AsMemory(at, length), JsonText.Tolerant), length);
        }
        catch (JsonException)
        {
            return (null, (int)reader.BytesConsumed);
        }
    }
}
