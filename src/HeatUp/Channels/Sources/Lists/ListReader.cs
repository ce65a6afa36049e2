namespace HeatUp.Channels.Sources.Lists;

/// <summary>Reads a list of channels in any of the formats; what a value is, is told alike in all of them.</summary>
/// <param name="text">The file.</param>
/// <param name="category">The category of channels that name none.</param>
/// <param name="take">Takes a channel.</param>
/// <param name="remarks">Takes what is wrong with single entries.</param>
internal sealed class ListReader(ListText text, string? category, Action<Channel> take, Remarks remarks)
{
    /// <exception cref="ImportException">The file as a whole is no list of channels.</exception>
    public async Task ReadAsync(ImportFormat format, CancellationToken cancellation)
    {
        if (text.Head.AsSpan().Trim().IsEmpty) throw new ImportException("it is empty.");
        var lines = new ListLines(text);
        switch (format)
        {
            case ImportFormat.Csv:
                await new TableList(NewReader(), remarks).ReadAsync(
                    lines, TableList.SeparatorOf(text.Head), cancellation);
                break;
            case ImportFormat.Json:
                ReadJson(await text.ReadAllAsync("JSON", cancellation));
                break;
            case ImportFormat.Ndjson:
                await new JsonList(NewReader, remarks).ReadLinesAsync(lines, cancellation);
                break;
            case ImportFormat.Html:
                new HtmlList(NewText(""), NewReader, remarks).Read(await text.ReadAllAsync("HTML", cancellation));
                break;
            default:
                await NewText(text.Head).ReadAsync(lines, cancellation);
                break;
        }
    }

    /// <summary>Reads JSON; where its shape names nothing, what its texts say.</summary>
    private void ReadJson(string json)
    {
        if (new JsonList(NewReader, remarks).ReadAll(json) > 0) return;
        if (!json.Split('\n').Any(line => TelegramRefs.In(line).Any()))
            throw new ImportException(JsonPieces.FaultOf(json)
                ?? $"it holds {ForeignText.Clean(json[..Math.Min(json.Length, 4 * 80)], 80)}, not a list of channels.");
        var texts = NewText("");
        var number = 0;
        foreach (var line in json.Split('\n')) texts.Read(line, ++number);
    }

    private EntryReader NewReader() => new(category, take, remarks);

    private TextList NewText(string head) => new(head, category, take, remarks);
}
