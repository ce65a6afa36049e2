using System.Text.Json;

namespace HeatUp.Channels;

/// <summary>
/// The JSON of a file of channels, read tolerantly: a fault of the whole, or channels and the faults of entries.
/// </summary>
internal sealed class ChannelJson
{
    private readonly HashSet<ChannelName> names = [];
    private readonly List<Channel> channels = [];
    private readonly List<string> remarks = [];
    private int remarksUnsaid;

    private ChannelJson() { }

    /// <summary>Why nothing could be read; null if it could.</summary>
    public string? Fault { get; private init; }

    public IReadOnlyList<Channel> Channels => channels;

    public static ChannelJson Broken(string fault) => new() { Fault = fault };

    public static ChannelJson Read(ReadOnlyMemory<byte> bytes)
    {
        bytes = JsonText.WithoutMark(bytes);
        if (JsonText.EncodingFault(bytes.Span) is { } fault) return Broken(fault);
        try
        {
            using var document = JsonDocument.Parse(bytes, JsonText.Tolerant);
            return ListIn(document.RootElement) is { } list
                ? OfEntries(list)
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

    private static ChannelJson OfEntries(JsonElement list)
    {
        var content = new ChannelJson();
        var number = 0;
        foreach (var entry in list.EnumerateArray())
        {
            content.Add(++number, entry);
            if (content.channels.Count < ChannelFile.ChannelsMax || number == list.GetArrayLength()) continue;
            content.remarks.Add($"only its first {ChannelFile.ChannelsMax} channels are taken, up to entry {number}.");
            break;
        }
        return content;
    }

    private void Add(int number, JsonElement json)
    {
        var (channel, fault) = ChannelEntry.Read(json);
        if (channel is null)
            Remark($"entry {number} is skipped, because {fault}: {JsonText.Show(json)}");
        else if (!names.Add(channel.Name))
            Remark($"entry {number} is skipped, because {channel.Name} is there already.");
        else
            channels.Add(channel);
        if (channel is not null && fault is not null) Remark($"entry {number} ({channel.Name}): {fault}");
    }

    private void Remark(string remark)
    {
        if (remarks.Count < ChannelFile.EntryWarningsMax) remarks.Add(remark);
        else remarksUnsaid++;
    }
}
