using System.Text;
using System.Text.Json;

namespace HeatUp.Channels.Sources.Lists;

/// <summary>How a file lists channels.</summary>
public enum ImportFormat
{
    /// <summary>A table; between its columns commas, semicolons, tabs or bars.</summary>
    Csv,

    /// <summary>JSON of any shape.</summary>
    Json,

    /// <summary>An object or a name of JSON on each line.</summary>
    Ndjson,

    /// <summary>Any text: its links and <c>@names</c> are taken; and single words, if it is a list of them.</summary>
    Links,

    /// <summary>A page.</summary>
    Html,
}

/// <summary>Finds out how a file lists channels.</summary>
internal static class ImportFormats
{
    /// <summary>The format: by what the file begins with, and where that doesn't tell, by its name's ending.</summary>
    public static ImportFormat Guess(string fileName, string head)
    {
        var ending = Path.GetExtension(fileName).ToLowerInvariant();
        if (HtmlList.Is(head) || ending is ".html" or ".htm" or ".xhtml") return ImportFormat.Html;
        var isCalledJson = ending is ".json" or ".ndjson" or ".jsonl";
        if (IsJson(head) || isCalledJson && (BeginsAsJson(head) || !IsHeaded(head) && !HasRefs(head)))
            return IsNdjson(head, ending) ? ImportFormat.Ndjson : ImportFormat.Json;
        return ending switch
        {
            ".csv" or ".tsv" => IsTable(head, needsColumns: false) ? ImportFormat.Csv : ImportFormat.Links,
            ".txt" or ".md" => IsTable(head, needsColumns: true) ? ImportFormat.Csv : ImportFormat.Links,
            _ => IsHeaded(head) ? ImportFormat.Csv : ImportFormat.Links,
        };
    }

    private static bool HasRefs(string head) => TelegramRefs.In(head).Any();

    private static bool BeginsAsJson(string head) => head.AsSpan().TrimStart() is ['{' or '[' or '"', ..];

    /// <summary>Whether a beginning is one of JSON, as far as it goes.</summary>
    private static bool IsJson(string head)
    {
        if (!BeginsAsJson(head)) return false;
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(head), isFinalBlock: false, new(new JsonReaderOptions
        {
            AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, AllowMultipleValues = true,
        }));
        var tokens = 0;
        try
        {
            for (; reader.Read(); tokens++) { }
            return tokens > 0;
        }
        catch (JsonException)
        {
            // What breaks later is still JSON, and no text.
            return tokens > 3;
        }
    }

    /// <summary>Whether each line is a whole, by the first, and by what the next begins with.</summary>
    private static bool IsNdjson(string head, string ending)
    {
        var lines = TableList.LinesOf(head).Take(2).Select(line => line.Trim().TrimStart('\u001E')).ToList();
        if (lines.Count == 0) return false;
        var isWhole = JsonPieces.FaultOf(lines[0].TrimEnd(',')) is null;
        var isCut = lines[0].Length >= ListLimits.HeadLength / 2;
        if (ending is ".ndjson" or ".jsonl")
            return isWhole || isCut || lines.Count < 2 || JsonPieces.FaultOf(lines[1]) is null;
        return isWhole && lines is [['{' or '"', ..], ['{' or '"' or '[', ..]];
    }

    private static bool IsTable(string head, bool needsColumns)
    {
        if (TableList.LinesOf(head).FirstOrDefault() is not { } first) return !needsColumns;
        if (first.StartsWith("sep=", StringComparison.OrdinalIgnoreCase)) return true;
        var cells = RowSplitter.SplitLoosely(first, TableList.SeparatorOf(head));
        return needsColumns ? cells.Count > 1 && IsHeaded(head) : cells.Count > 1 || !TextList.IsOfWords(head)
            || TableList.IsHeader(cells);
    }

    private static bool IsHeaded(string head) => TableList.LinesOf(head).FirstOrDefault() is { } first
        && TableList.IsHeader(RowSplitter.SplitLoosely(first, TableList.SeparatorOf(head)));
}
