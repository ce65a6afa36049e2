using System.Text;
using System.Text.Json;

namespace HeatUp.Channels.Sources;

/// <summary>How a file lists channels.</summary>
public enum ImportFormat
{
    /// <summary>A table whose first line names its columns; between them commas, semicolons, tabs or bars.</summary>
    Csv,

    /// <summary>A JSON array of objects or names, or an object that has one.</summary>
    Json,

    /// <summary>An object or a name of JSON on each line.</summary>
    Ndjson,

    /// <summary>Any text, of which the <c>t.me</c> links and <c>@names</c> are taken.</summary>
    Links,
}

/// <summary>Finds out how a file lists channels.</summary>
internal static class ImportFormats
{
    /// <summary>The format by the name's ending, and where that doesn't tell, by the first characters.</summary>
    public static ImportFormat Guess(string fileName, string head) =>
        Path.GetExtension(fileName).ToLowerInvariant() switch
        {
            ".csv" or ".tsv" => ImportFormat.Csv,
            ".ndjson" or ".jsonl" => ImportFormat.Ndjson,
            ".txt" or ".md" or ".html" or ".htm" => ImportFormat.Links,
            ".json" when GuessByContent(head) != ImportFormat.Ndjson => ImportFormat.Json,
            _ => GuessByContent(head),
        };

    private static ImportFormat GuessByContent(string head)
    {
        head = head.TrimStart();
        if (head.StartsWith('[')) return ImportFormat.Json;
        var firstLine = head.Split('\n')[0];
        if (head.StartsWith('{') || head.StartsWith('"'))
            return IsJson(firstLine) && head.Length > firstLine.Length ? ImportFormat.Ndjson : ImportFormat.Json;
        return ImportFields.IsHeader(firstLine.Split(ImportFields.Separators)) ? ImportFormat.Csv : ImportFormat.Links;
    }

    private static bool IsJson(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(Encoding.UTF8.GetBytes(line));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
