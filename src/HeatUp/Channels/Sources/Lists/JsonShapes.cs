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
        "fields", "attributes", "properties", "entity", "object", "source", "document", "config", "settings", "options", "params", "query", "request", "summary", "header", "headers", "filter",
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

    /// <summary>What a value says: of an array the first that is in use, of an object all of it, as it stands.</summary>
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
        var columns = json.EnumerateObject().Select(field => (Name: JsonShapes.NameOf(field), Cells: CellsOf(field.Value)))
            .ToList();
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
            JsonValueKind.Object when column.EnumerateObject().All(cell => JsonShapes.NameOf(cell).All(char.IsAsciiDigit)) =>
                [.. column.EnumerateObject().Select(cell => cell.Value)],
            _ => null,
        };
        return cells?.Exists(cell => cell.ValueKind is JsonValueKind.Array or JsonValueKind.Object) == false ? cells : null;
    }
}
