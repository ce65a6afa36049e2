using System.Text;
using System.Text.Unicode;
using HeatUp.Channels;

namespace HeatUp.Sessions;

/// <summary>
/// Gives sessions and channels small numbers, in the order in which they are met. One caller at a time.
/// </summary>
internal sealed class NameTable
{
    /// <summary>Stands for what is no channel's name.</summary>
    public const int NoChannel = -1;

    private readonly Dictionary<string, int> sessions = [], spellings = [];
    private readonly Dictionary<ChannelName, int> channels = [];
    private readonly List<ChannelName> names = [];
    private int next;

    /// <summary>A session's number.</summary>
    /// <param name="utf8">Its name.</param>
    public int SessionOf(ReadOnlySpan<byte> utf8)
    {
        var found = sessions.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> room = stackalloc char[SessionId.LengthMax * 2];
        // What isn't UTF-8, or is too long for us, another program wrote.
        if (Utf8.ToUtf16(utf8, room, out _, out var length) != System.Buffers.OperationStatus.Done)
            return Number(Encoding.UTF8.GetString(utf8));
        return found.TryGetValue(room[..length], out var number) ? number : Number(room[..length].ToString());
    }

    /// <summary>A channel's number; <see cref="NoChannel"/> if the text is none's name.</summary>
    public int ChannelOf(ReadOnlySpan<char> spelling)
    {
        var found = spellings.GetAlternateLookup<ReadOnlySpan<char>>();
        if (found.TryGetValue(spelling, out var known)) return known;
        var text = spelling.ToString();
        var number = ChannelName.TryParse(text, out var name) ? ChannelOf(name) : NoChannel;
        // Whatever is no name may be anything, and is not kept.
        if (number != NoChannel) spellings[text] = number;
        return number;
    }

    public int ChannelOf(ChannelName name)
    {
        if (channels.TryGetValue(name, out var number)) return number;
        names.Add(name);
        return channels[name] = names.Count - 1;
    }

    public ChannelName NameOf(int channel) => names[channel];

    /// <summary>Lets go of a session's name. Its number is not given to another.</summary>
    public void Forget(SessionId session) => sessions.Remove(session.Value);

    private int Number(string session) =>
        sessions.TryGetValue(session, out var number) ? number : sessions[session] = next++;
}
