using HeatUp.Plans;

namespace HeatUp.Sessions;

/// <summary>
/// What happened in an hour of UTC, or in a part of it. Quarters of an hour are kept apart, because no zone's day or
/// hour begins within one; sessions and channels are numbers of a <see cref="NameTable"/>. Once it is closed it no
/// longer changes, and any thread may read it.
/// </summary>
internal sealed class HourTally
{
    public const long MicrosOfQuarter = 15L * 60 * 1_000_000;
    public const int Quarters = 4;
    public const long MicrosOfHour = Quarters * MicrosOfQuarter;

    // What a dictionary's entry takes, about.
    private const int EntryBytes = 48;

    // What it takes without any.
    private const int FixedBytes = 2_048;

    private HashSet<int>? sessions = [];
    private HashSet<ulong>? readings = [], plans = [];

    /// <summary>How many sittings began in each quarter.</summary>
    public int[] Sittings { get; } = new int[Quarters];

    /// <summary>What was tried in each quarter: first by quarter, then by kind of action.</summary>
    public Tried[] Actions { get; } = new Tried[Quarters * ActionKinds.Count];

    public Dictionary<int, ChannelCounts> Channels { get; } = [];

    public Dictionary<string, Tried> Origins { get; } = [];

    public Dictionary<(string Outcome, string Reason, int Kind), long> Refusals { get; } = [];

    public Dictionary<(string Status, string? Code), long> Ends { get; } = [];

    /// <summary>Plans that ended, by how many actions they have.</summary>
    public Dictionary<int, Tried> Lengths { get; } = [];

    /// <summary>The same by how many of these are joins.</summary>
    public Dictionary<int, Tried> Joins { get; } = [];

    /// <summary>The same by the kinds of their first actions.</summary>
    public Dictionary<string, Tried> Beginnings { get; } = [];

    public long ByModel { get; set; }

    public long DoneByModel { get; set; }

    public TokenUsage Tokens { get; set; }

    /// <summary>The sessions that did something or were refused something.</summary>
    public int[] Sessions { get; private set; } = [];

    /// <summary>Who read what: the session, then the channel, in 32 bits each.</summary>
    public ulong[] Readings { get; private set; } = [];

    /// <summary>The plans that ended, each as a hash.</summary>
    public ulong[] Plans { get; private set; } = [];

    /// <summary>How much memory it takes, about.</summary>
    public long Bytes => FixedBytes + sizeof(int) * Sessions.Length + sizeof(ulong) * (Readings.Length + Plans.Length)
        + EntryBytes * (Channels.Count + Refusals.Count + Ends.Count + Lengths.Count + Joins.Count + Beginnings.Count);

    public void Saw(int session) => sessions!.Add(session);

    public void Ended(ulong plan) => plans!.Add(plan);

    /// <summary>An action that was tried.</summary>
    /// <param name="at">When, in microseconds since 1970.</param>
    /// <param name="kind">A number of <see cref="ActionKinds"/>.</param>
    /// <param name="session">Who tried it.</param>
    /// <param name="channel">With which channel; null for none.</param>
    /// <param name="isDone">Whether it was done.</param>
    public void Add(long at, int kind, int session, int? channel, bool isDone)
    {
        sessions!.Add(session);
        var place = QuarterOf(at) * ActionKinds.Count + kind;
        Actions[place] = Actions[place].With(isDone);
        if (channel is not { } named) return;
        Channels[named] = Channels.GetValueOrDefault(named).With(kind, isDone);
        if (isDone && kind == ActionKinds.Read) readings!.Add((ulong)(uint)session << 32 | (uint)named);
    }

    public static int QuarterOf(long at) => (int)(at / MicrosOfQuarter % Quarters);

    public void Close()
    {
        (Sessions, Readings, Plans) = ([.. sessions!], [.. readings!], [.. plans!]);
        (sessions, readings, plans) = (null, null, null);
    }
}

/// <summary>How often something was tried, and how often it was done.</summary>
internal readonly record struct Tried(long Done, long Total)
{
    public Tried With(bool isDone) => new(Done + (isDone ? 1 : 0), Total + 1);

    public SuccessRate Rate(string name) => SuccessRate.Of(name, Done, Total);

    public static Tried operator +(Tried left, Tried right) => new(left.Done + right.Done, left.Total + right.Total);
}

/// <summary>What happened with a channel.</summary>
internal readonly record struct ChannelCounts(long Joins, long Reads, long Failed)
{
    public long Done => Joins + Reads;

    public ChannelCounts With(int kind, bool isDone) =>
        !isDone ? this with { Failed = Failed + 1 }
        : kind == ActionKinds.Join ? this with { Joins = Joins + 1 }
        : kind == ActionKinds.Read ? this with { Reads = Reads + 1 }
        : this;

    public static ChannelCounts operator +(ChannelCounts left, ChannelCounts right) =>
        new(left.Joins + right.Joins, left.Reads + right.Reads, left.Failed + right.Failed);
}

/// <summary>The kinds of action as small numbers, in the order in which they are shown.</summary>
internal static class ActionKinds
{
    public const int Join = 0, Read = 1, Idle = 2, Count = 3;

    public static IReadOnlyList<string> Words { get; } = [JoinChannel.Word, ReadMessages.Word, HeatUp.Plans.Idle.Word];

    /// <summary>The number of a word; -1 for any other.</summary>
    public static int Of(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("join_channel"u8) ? Join
        : word.SequenceEqual("read_messages"u8) ? Read
        : word.SequenceEqual("idle"u8) ? Idle : -1;
}
