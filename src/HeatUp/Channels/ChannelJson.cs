using System.Text.Json;

namespace HeatUp.Channels;

/// <summary>
/// The JSON of a file of channels, read tolerantly: a fault of the whole, or channels and the faults of entries.
/// </summary>
internal sealed class ChannelJson
{
    private readonly HashSet<ChannelName> names = [];
    private readonly List<ListedChannel> entries = [];
    private readonly List<string> unread = [];
    private readonly List<string> remarks = [];
    private int remarksUnsaid;

    private ChannelJson() { }

    /// <summary>Why nothing could be read; null if it could.</summary>
    public string? Fault { get; private init; }

    public IReadOnlyList<ListedChannel> Entries => entries;

    /// <summary>The entries that name no channel, name one again or are too many, as they stand there.</summary>
    public IReadOnlyList<string> Unread => unread;

    /// <summary>What stands beside the list in an object, as JSON between the braces; null for a bare list.</summary>
    public string? Around { get; private set; }

    /// <summary>Whether the fault is that there is no file.</summary>
    public bool IsMissing { get; private init; }

    public static ChannelJson Broken(string fault, bool isMissing = false) =>
        new() { Fault = fault, IsMissing = isMissing };

    public static ChannelJson Read(ReadOnlyMemory<byte> bytes)
    {
        bytes = JsonText.WithoutMark(bytes);
        if (JsonText.EncodingFault(bytes.Span) is { } fault) return Broken(fault);
        try
        {
            using var document = JsonDocument.Parse(bytes, JsonText.Tolerant);
            return ListIn(document.RootElement) is { } list
                ? OfEntries(list, AroundIn(document.RootElement))
                : Broken($"it holds {JsonText.Show(document.RootElement)}, not a list of channels.");
        }
        catch (JsonException failure)
        {
            return Broken(JsonText.Fault(bytes.Span, failure));
        }
    }

    /// <summary>One line for each remark, with the file's path.</summary>
    public IEnumerable<string> Warnings(string path)
    {
        foreach (var remark in remarks) yield return $"Channels file {path}: {remark}";
        if (remarksUnsaid > 0) yield return $"Channels file {path}: {remarksUnsaid} more entries have such faults.";
    }

    private static JsonElement? ListIn(JsonElement root) => root.ValueKind switch
    {
        JsonValueKind.Array => root,
        JsonValueKind.Object when JsonText.Field(root, "channels") is { ValueKind: JsonValueKind.Array } list => list,
        _ => null,
    };

    private static string? AroundIn(JsonElement root) => root.ValueKind != JsonValueKind.Object
        ? null
        : string.Concat(root.EnumerateObject().Where(field => !field.NameEquals("channels"))
            .Select(field => $"{JsonSerializer.Serialize(field.Name)}: {field.Value.GetRawText()}, "));

    private static ChannelJson OfEntries(JsonElement list, string? around)
    {
        var content = new ChannelJson { Around = around };
        var number = 0;
        foreach (var entry in list.EnumerateArray())
        {
            if (content.entries.Count == ChannelFile.ChannelsMax) content.unread.Add(entry.GetRawText());
            else content.Add(++number, entry);
        }
        if (number < list.GetArrayLength())
            content.remarks.Add($"only its first {ChannelFile.ChannelsMax} channels are taken, up to entry {number}.");
        return content;
    }

    private void Add(int number, JsonElement json)
    {
        var (listed, fault) = ChannelEntry.Read(json);
        var isKnown = listed is not null && !names.Add(listed.Channel.Name);
        if (listed is null || isKnown) unread.Add(json.GetRawText());
        if (listed is null)
            Remark($"entry {number} is skipped, because {fault}: {JsonText.Show(json)}");
        else if (isKnown)
            Remark($"entry {number} is skipped, because {listed.Channel.Name} is there already.");
        else
            entries.Add(listed);
        if (listed is not null && fault is not null) Remark($"entry {number} ({listed.Channel.Name}): {fault}");
    }

    private void Remark(string remark)
    {
        if (remarks.Count < ChannelFile.EntryWarningsMax) remarks.Add(remark);
        else remarksUnsaid++;
    }
}
