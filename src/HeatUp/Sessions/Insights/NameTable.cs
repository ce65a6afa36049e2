using System.Buffers.Binary;
using System.Security.Cryptography;
using HeatUp.Channels;

namespace HeatUp.Sessions;

/// <summary>
/// Gives sessions and channels small numbers, in the order in which they are met. Of a session only a hash is kept, so
/// that no name stays in memory that was forgotten. One caller at a time.
/// </summary>
internal sealed class NameTable
{
    /// <summary>Stands for what is no channel's name.</summary>
    public const int NoChannel = -1;

    // What an entry of a dictionary or a short text takes, about.
    private const int EntryBytes = 64;

    private readonly Dictionary<UInt128, int> sessions = [];
    private readonly Dictionary<string, int> spellings = [];
    private readonly Dictionary<ChannelName, int> channels = [];
    private readonly List<ChannelName> names = [];

    /// <summary>How much memory it takes, about.</summary>
    public long Bytes => EntryBytes * ((long)sessions.Count + 2 * spellings.Count + 2 * channels.Count);

    /// <summary>A session's number.</summary>
    /// <param name="utf8">Its name.</param>
    public int SessionOf(ReadOnlySpan<byte> utf8)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8, hash);
        var key = BinaryPrimitives.ReadUInt128LittleEndian(hash);
        return sessions.TryGetValue(key, out var number) ? number : sessions[key] = sessions.Count;
    }

    /// <summary>A channel's number; <see cref="NoChannel"/> if the text is none's name.</summary>
    public int ChannelOf(string? spelling)
    {
        if (spelling is not null && spellings.TryGetValue(spelling, out var known)) return known;
        // Whatever is no name may be anything, and is not kept.
        return ChannelName.TryParse(spelling, out var name) ? spellings[spelling] = ChannelOf(name) : NoChannel;
    }

    public int ChannelOf(ChannelName name)
    {
        if (channels.TryGetValue(name, out var number)) return number;
        names.Add(name);
        return channels[name] = names.Count - 1;
    }

    public ChannelName NameOf(int channel) => names[channel];
}
