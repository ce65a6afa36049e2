using System.Collections.Immutable;

namespace HeatUp.Channels;

/// <summary>
/// A file of channels as it was read: a JSON array of objects with <c>username</c> and, where known, <c>description,
/// category, subscribers, tgstat_url</c>, where it came from (<c>source, added_at</c>) and what the last look-up of its
/// name showed (<c>checked_at, invalid, invalid_since, invalid_detail</c>), or an object whose <c>channels</c> is that
/// array. UTF-8, with or without a byte order mark; comments, trailing commas and unknown fields are tolerated.
/// </summary>
public sealed class ChannelFile
{
    /// <summary>The largest file that is read, in bytes: 64 MiB.</summary>
    public const int BytesMax = 64 * 1024 * 1024;

    /// <summary>The most channels that are taken from a file; those after them are left out, with a warning.</summary>
    public const int ChannelsMax = 10_000;

    /// <summary>The most warnings about entries; the rest is counted in one more.</summary>
    public const int EntryWarningsMax = 50;

    private ChannelFile(string path, ChannelJson content, bool isBuiltin)
    {
        Path = path;
        IsBuiltin = isBuiltin;
        IsBroken = content.Fault is not null;
        IsMissing = content.IsMissing || isBuiltin;
        Entries = IsBroken ? [] : [.. content.Entries];
        Unread = IsBroken ? [] : [.. content.Unread];
        Around = content.Around;
        Channels = [.. Entries.Where(entry => entry.IsUsable).Select(entry => entry.Channel)];
        Warnings = IsBroken ? [$"Channels file {path}: {content.Fault}"] : [.. content.Warnings(path)];
    }

    /// <summary>Where it is, in full.</summary>
    public string Path { get; }

    /// <summary>
    /// Whether nothing could be read: the file is missing, no ordinary file, too big, not UTF-8 or not such JSON.
    /// </summary>
    public bool IsBroken { get; }

    /// <summary>Whether there is no such file.</summary>
    public bool IsMissing { get; }

    /// <summary>Whether the channels that come along stand in for the file, which is missing.</summary>
    public bool IsBuiltin { get; }

    /// <summary>
    /// The listed channels in the file's order, each once: of several that differ in case only, the first.
    /// </summary>
    public ImmutableArray<ListedChannel> Entries { get; }

    /// <summary>The channels that plans may use: those of the entries without a fault, in the file's order.</summary>
    public ImmutableArray<Channel> Channels { get; }

    /// <summary>
    /// The entries that name no channel, name one again or are too many, as they stand there: they are written back.
    /// </summary>
    internal ImmutableArray<string> Unread { get; }

    /// <summary>What stands beside the list in an object, which is written back too; null for a bare list.</summary>
    internal string? Around { get; }

    /// <summary>
    /// What is wrong: one line each that says in which file, where in it, and why. Empty for a good file.
    /// </summary>
    public ImmutableArray<string> Warnings { get; }

    /// <summary>
    /// Reads a file. Whatever it holds, and whether or not it is there, the answer comes: faults are its warnings.
    /// </summary>
    public static ChannelFile Read(ChannelsPlace place) => Read(place, out _);

    /// <summary>Reads the bytes of a file that lies elsewhere.</summary>
    /// <param name="path">What the warnings call it.</param>
    /// <param name="bytes">Its bytes.</param>
    public static ChannelFile Parse(string path, ReadOnlyMemory<byte> bytes) =>
        new(path, bytes.Length > BytesMax
            ? ChannelJson.Broken($"it has more than {BytesMax} bytes.", isMissing: false)
            : ChannelJson.Read(bytes), isBuiltin: false);

    /// <summary>The same, with the very bytes that were read; none of a file that can't be.</summary>
    public static ChannelFile Read(ChannelsPlace place, out ReadOnlyMemory<byte> bytes)
    {
        var fullPath = System.IO.Path.GetFullPath(place.Path);
        (bytes, var fault) = SmallFile.Read(fullPath, BytesMax);
        var isBuiltin = fault == SmallFile.Missing && place.HasBuiltin;
        if (isBuiltin) (bytes, fault) = (ChannelsPlace.Builtin, null);
        return new ChannelFile(
            fullPath,
            fault is null ? ChannelJson.Read(bytes) : ChannelJson.Broken(fault, fault == SmallFile.Missing),
            isBuiltin);
    }
}
