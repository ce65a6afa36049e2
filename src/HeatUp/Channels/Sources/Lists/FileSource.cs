using System.Runtime.CompilerServices;

namespace HeatUp.Channels.Sources.Lists;

/// <summary>A file that lists channels, or a stream that does. It is read once, and never held as a whole.</summary>
/// <param name="path">The file; what a person calls it, if it is opened by <paramref name="open"/>.</param>
/// <param name="open">Opens it; null to open the file.</param>
public sealed class FileSource(string path, Func<Stream>? open = null) : IChannelSource
{
    /// <summary>How to read it; null to find out.</summary>
    public ImportFormat? Format { get; init; }

    /// <summary>The category of channels that name none; null for none.</summary>
    public string? Category { get; init; }

    /// <summary>Hears, now and then, how many bytes have been read.</summary>
    public Action<long>? OnProgress { get; init; }

    /// <summary>Such as <c>import:channels.csv</c>.</summary>
    public string Name => ForeignText.Clean($"import:{Title}", ListedChannel.SourceLengthMax);

    private string Title => Path.GetFileName(path) is { Length: > 0 } name ? name : path;

    /// <inheritdoc/>
    public async IAsyncEnumerable<SourcePart> FetchAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        yield return await ReadAsync(cancellation);
    }

    private async Task<SourcePart> ReadAsync(CancellationToken cancellation)
    {
        var taken = new Dictionary<ChannelName, Channel>();
        var remarks = new Remarks();
        try
        {
            await using var text = await ListText.OpenAsync(Open(), cancellation);
            var reader = new ListReader(text, Category, Take, remarks);
            await reader.ReadAsync(Format ?? ImportFormats.Guess(Title, text.Head), cancellation);
            if (text.GuessedEncoding is { } encoding)
                remarks.Add($"it is not UTF-8; it is read as {encoding}, which is likeliest.");
            if (text.UnreadableCount > 0)
                remarks.Add($"{text.UnreadableCount} characters of it can't be read, and are left out.");

            void Take(Channel channel)
            {
                if (!taken.TryAdd(channel.Name, channel)) remarks.PassOver(PassedOverReason.NamedAgain, null);
                OnProgress?.Invoke(text.BytesRead);
                if (taken.Count > ChannelFile.ChannelsMax)
                    throw new ImportException($"it names more than {ChannelFile.ChannelsMax} channels, the most that "
                        + "a file of channels can hold. Leave out those that nobody is to visit.");
            }
        }
        catch (Exception failure) when (failure is ImportException or IOException or UnauthorizedAccessException)
        {
            return PartOf([], remarks, $"{path} can't be imported: {FileTrouble.Of(failure)}");
        }
        return PartOf(
            taken.Values, remarks, taken.Count > 0 ? null : $"{path} can't be imported: it names no channel.");
    }

    private SourcePart PartOf(IEnumerable<Channel> channels, Remarks remarks, string? failure) =>
        new(Title, [.. channels], remarks.All, failure) { PassedOver = remarks.PassedOver };

    private Stream Open() => open is not null ? open() : Directory.Exists(path)
        ? throw new ImportException("it is a directory.")
        : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}

/// <summary>A file can't be imported: the end of a sentence that begins with its name.</summary>
internal sealed class ImportException(string message) : Exception(message);

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
                await new TableList(NewReader, remarks).ReadAsync(
                    lines, TableList.SeparatorOf(text.Head), cancellation);
                break;
            case ImportFormat.Json:
                ReadJson(await text.ReadAllAsync("JSON", cancellation));
                break;
            case ImportFormat.Ndjson:
                await new JsonList(NewReader, remarks).ReadLinesAsync(lines, cancellation);
                break;
            case ImportFormat.Html:
                ReadPage(await text.ReadAllAsync("HTML", cancellation));
                break;
            case var _ when SqlList.Is(text.Head):
                ReadDump((await text.ReadAllAsync("SQL", cancellation)).ReplaceLineEndings("\n"));
                break;
            case var _ when KeyedText.Is(text.Head):
                await new KeyedText(NewReader(), remarks).ReadAsync(lines, cancellation);
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

    /// <summary>Reads a page; of XML that isn't one, what its elements say.</summary>
    private void ReadPage(string page)
    {
        if (XmlList.JsonOf(page) is { } json && new JsonList(NewReader, remarks).ReadAll(json) > 0) return;
        new HtmlList(NewText(""), NewReader, remarks).Read(page);
    }

    /// <summary>Reads a dump; where its tables name nothing, what its texts say.</summary>
    private void ReadDump(string dump)
    {
        if (new SqlList(NewReader, remarks).Read(dump) > 0) return;
        var texts = NewText("");
        var number = 0;
        foreach (var line in dump.Split('\n')) texts.Read(line, ++number);
    }

    private EntryReader NewReader() => new(category, take, remarks);

    private TextList NewText(string head) => new(head, category, take, remarks, NewReader);
}
