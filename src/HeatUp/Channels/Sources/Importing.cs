using System.Text;
using System.Text.Json;
using CsvHelper;

namespace HeatUp.Channels.Sources;

/// <summary>Reads a file's channels in one of the formats, each as it comes.</summary>
/// <param name="stream">The file.</param>
/// <param name="category">The category of channels that name none.</param>
/// <param name="take">Takes a channel; false to end.</param>
/// <param name="remarks">Takes what is wrong with single entries.</param>
internal sealed class Importing(ImportStream stream, string? category, Func<Channel, bool> take, Remarks remarks)
{
    public async Task ReadAsync(ImportFormat format, CancellationToken cancellation)
    {
        if (format == ImportFormat.Json)
        {
            await ReadJsonAsync(cancellation);
            return;
        }
        if (format == ImportFormat.Csv)
        {
            await ReadCsvAsync(cancellation);
            return;
        }
        using var reader = new StreamReader(stream, stream.Encoding, detectEncodingFromByteOrderMarks: true);
        await ReadLinesAsync(new ImportLines(reader), format == ImportFormat.Ndjson ? OfJson : OfLinks, cancellation);
    }

    private async Task ReadLinesAsync(
        ImportLines lines, Func<string, long, bool> read, CancellationToken cancellation)
    {
        while (await lines.ReadAsync(cancellation) is var (text, isTooLong))
        {
            if (isTooLong)
                remarks.Add($"line {lines.Number} is left out: it has more than {ImportLines.LengthMax} characters.");
            else if (!string.IsNullOrWhiteSpace(text) && !read(text, lines.Number)) return;
        }
    }

    private bool OfLinks(string line, long number)
    {
        foreach (var (name, text) in ImportLinks.In(line))
            if (name is null)
                remarks.Add($"line {number}: {ForeignText.Clean(text, 60)} leads to no public channel.");
            else if (!take(new(name.Value, null, category, null, TgstatItems.LinkTo(name.Value))))
                return false;
        return true;
    }

    private bool OfJson(string line, long number)
    {
        try
        {
            using var json = JsonDocument.Parse(line.TrimEnd().TrimEnd(','), JsonText.Tolerant);
            return Take(json.RootElement, $"line {number}");
        }
        catch (JsonException)
        {
            remarks.Add($"line {number} is left out: it is not JSON: {ForeignText.Clean(line, 60)}");
            return true;
        }
    }

    private async Task ReadJsonAsync(CancellationToken cancellation)
    {
        var utf8 = await AllAsUtf8Async(cancellation);
        if (JsonText.EncodingFault(utf8.Span) is { } fault) throw new ImportException(fault);
        try
        {
            using var json = JsonDocument.Parse(utf8, JsonText.Tolerant);
            var list = ListIn(json.RootElement) ?? throw new ImportException(
                $"it holds {JsonText.Show(json.RootElement)}, not a list of channels.");
            var number = 0;
            foreach (var entry in list.EnumerateArray())
                if (!Take(entry, $"entry {++number}"))
                    return;
        }
        catch (JsonException failure)
        {
            throw new ImportException(JsonText.Fault(utf8.Span, failure));
        }
    }

    private async Task<ReadOnlyMemory<byte>> AllAsUtf8Async(CancellationToken cancellation)
    {
        using var all = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await stream.ReadAsync(buffer.AsMemory(), cancellation) is > 0 and var length)
        {
            all.Write(buffer, 0, length);
            if (all.Length > ChannelFile.BytesMax)
                throw new ImportException($"it has more than {ChannelFile.BytesMax} bytes, the most that is read of "
                    + "JSON as a whole. With an entry on each line (NDJSON) it may have any size.");
        }
        var bytes = all.GetBuffer().AsMemory(0, (int)all.Length);
        return JsonText.WithoutMark(stream.Encoding == Encoding.UTF8 ? bytes
            : Encoding.Convert(stream.Encoding, Encoding.UTF8, all.GetBuffer(), 0, (int)all.Length));
    }

    /// <summary>The list itself, or in an object: of a file of channels, or of a reply of TGStat's.</summary>
    private static JsonElement? ListIn(JsonElement root) => root.ValueKind switch
    {
        JsonValueKind.Array => root,
        JsonValueKind.Object when JsonText.Field(root, "channels") is { ValueKind: JsonValueKind.Array } list => list,
        JsonValueKind.Object when JsonText.Field(root, "items") is { ValueKind: JsonValueKind.Array } list => list,
        JsonValueKind.Object when JsonText.Field(root, "response") is { } response => ListIn(response),
        _ => null,
    };

    private bool Take(JsonElement entry, string place)
    {
        var fields = new Dictionary<string, string>();
        if (JsonText.Of(entry) is { } name) fields[ImportFields.Username] = name;
        else if (entry.ValueKind == JsonValueKind.Object)
            foreach (var field in entry.EnumerateObject())
                if (ImportFields.Of(field.Name) is { } known)
                    ImportFields.Put(fields, known, TextOf(field.Value) ?? "");
        return Take(fields, place, () => JsonText.Show(entry));
    }

    private static string? TextOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number ? value.GetRawText() : JsonText.Of(value);

    private bool Take(Dictionary<string, string> fields, string place, Func<string> show)
    {
        var (channel, fault) = ImportFields.Read(fields, category);
        if (channel is not null) return take(channel);
        remarks.Add($"{place} is left out: {fault}: {show()}");
        return true;
    }

    private async Task ReadCsvAsync(CancellationToken cancellation)
    {
        await using var csv = CsvReader.Create(stream, new CsvReaderOptions
        {
            // The first line is read like the others: it may name no columns.
            HasHeader = false,
            TrackLineNumbers = true,
            TrimWhitespace = true,
            MaxRecordSize = ImportLines.LengthMax,
            Encoding = stream.Encoding == Encoding.UTF8 ? null : stream.Encoding,
        });
        try
        {
            if (!await csv.ReadAsync(cancellation)) throw new ImportException("it is empty.");
            var columns = ColumnsIn(csv);
            while (await csv.ReadAsync(cancellation))
                if (!Take(csv, columns))
                    return;
        }
        catch (CsvFormatException failure)
        {
            throw new ImportException($"the entry at line {Math.Max(1, failure.LineNumber)} has more than "
                + $"{ImportLines.LengthMax} bytes. Is there a quotation mark that is never closed?");
        }
    }

    /// <summary>Which field each column holds, by the first line.</summary>
    private string?[] ColumnsIn(CsvReader csv)
    {
        var cells = csv.Current.ToArray();
        if (ImportFields.IsHeader(cells)) return [.. cells.Select(ImportFields.Of)];
        var named = Array.FindIndex(cells, cell => ImportLinks.TryParse(cell, out _));
        if (named < 0)
            throw new ImportException("no column of it holds the channels. Its first line must name the columns: "
                + "username (or link), description, category, subscribers. It is: "
                + ForeignText.Clean(csv.Current.ToString(), 80));
        remarks.Add($"its first line names no columns: of each line, only the channel in column {named + 1} is taken.");
        string?[] columns = [.. cells.Select((_, column) => column == named ? ImportFields.Username : null)];
        Take(csv, columns);
        return columns;
    }

    private bool Take(CsvReader csv, string?[] columns)
    {
        var fields = new Dictionary<string, string>();
        for (var column = 0; column < Math.Min(columns.Length, csv.FieldCount); column++)
            if (columns[column] is { } field)
                ImportFields.Put(fields, field, csv.GetString(column));
        return Take(fields, $"line {csv.LineNumber}", () => ForeignText.Clean(csv.Current.ToString(), 60));
    }
}
