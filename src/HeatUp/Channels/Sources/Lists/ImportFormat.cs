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
        if (XmlList.Is(head) || HtmlList.Is(head) || ending is ".html" or ".htm" or ".xhtml") return ImportFormat.Html;
        var isCalledJson = ending is ".json" or ".ndjson" or ".jsonl";
        if (IsJson(head) || isCalledJson && (BeginsAsJson(head) || !IsHeaded(head) && !HasRefs(head)))
            return IsNdjson(head, ending) ? ImportFormat.Ndjson : ImportFormat.Json;
        if (JsonPieces.IsLoose(head)) return ImportFormat.Json;
        if (SqlList.Is(head) || KeyedText.Is(head)) return ImportFormat.Links;
        return ending switch
        {
            ".csv" or ".tsv" => IsTable(head, needsColumns: false) ? ImportFormat.Csv : ImportFormat.Links,
            ".txt" or ".md" => IsTable(head, needsColumns: true) ? ImportFormat.Csv : ImportFormat.Links,
            _ => IsHeaded(head) || HasBareNames(head) ? ImportFormat.Csv : ImportFormat.Links,
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
        if (IsOfRefs(head)) return false;
        if (first.StartsWith("sep=", StringComparison.OrdinalIgnoreCase)) return true;
        var cells = RowSplitter.SplitLoosely(first, TableList.SeparatorOf(head));
        return needsColumns
            ? cells.Count > 1 && (IsHeaded(head) || HasBareNames(head))
            : IsHeaded(head) || HasBareNames(head)
                || (HasRefs(head) ? cells.Count > 1 && !IsProse(head)
                    : !TextList.IsOfNames(head, haveSigns: cells.Count > 1));
    }

    /// <summary>Whether all cells below the first line hold channels, in several columns.</summary>
    private static bool IsOfRefs(string head)
    {
        var rows = TableList.RowsOf(head, ListLimits.SampleMax);
        return rows.Skip(1).Any(row => row.Cells.Count > 1) && TableList.Known(rows[0].Cells) == 0
            && rows[1..].TrueForAll(row =>
                row.Cells.All(cell => cell.Length == 0 || TelegramRefs.Whole(cell)?.Name is not null));
    }

    /// <summary>Whether lines without a head have columns, one of names without any sign, and others.</summary>
    private static bool HasBareNames(string head)
    {
        if (HasRefs(head)) return false;
        var rows = TableList.RowsOf(head, ListLimits.SampleMax);
        if (rows.Count < 2 || rows.Exists(row => row.Cells.Count != rows[0].Cells.Count)
            || TableList.BareColumn(rows) is not { } bare) return false;
        return Enumerable.Range(0, rows[0].Cells.Count).Where(column => column != bare)
            .Select(column => rows.ConvertAll(row => row.Cells[column]).FindAll(cell => !NoValue.IsIn(cell)))
            .Any(cells => cells.Exists(cell => !EntryReader.IsHandle(cell) || EntryReader.NameOf(cell) is null)
                || cells.Count > 1 && !cells.Exists(EntryReader.IsSigned));
    }

    private static bool IsHeaded(string head)
    {
        var rows = TableList.RowsOf(head, 2 * ListLimits.HeaderLinesMax);
        return rows.Exists(row => TableList.IsHeader(row.Cells) && (row == rows[0] || TableList.Exact(row.Cells) > 1))
            && !IsProse(head);
    }

    /// <summary>
    /// Whether a beginning with commas in it is read better as a text: under its columns no channel is found, or
    /// without columns fewer than its lines name.
    /// </summary>
    private static bool IsProse(string head)
    {
        var lines = TableList.LinesOf(head).Take(ListLimits.SampleMax).ToList();
        // The last line of a beginning may be cut.
        if (head.Length >= ListLimits.HeadLength && lines.Count is > 1 and < ListLimits.SampleMax)
            lines.RemoveAt(lines.Count - 1);
        var named = lines.Count(line => TelegramRefs.In(line).Any(found => found.Name is not null));
        var (taken, separator, remarks) = (0, TableList.SeparatorOf(head), new Remarks());
        if (named == 0 || TableList.Exact(RowSplitter.SplitLoosely(lines[0], separator)) > 1) return false;
        var table = new TableList(() => new(category: null, _ => taken++, remarks), remarks);
        try
        {
            foreach (var line in lines) table.Add(new(1, RowSplitter.SplitLoosely(line, separator)));
            table.Complete();
        }
        catch (ImportException)
        {
            return true;
        }
        return table.HasColumns ? taken == 0 && !remarks.PassedOver.Any(IsOfChannel) : taken < named;

        static bool IsOfChannel(PassedOver passed) =>
            passed.Reason is not (PassedOverReason.NotPublic or PassedOverReason.NotAName);
    }
}
