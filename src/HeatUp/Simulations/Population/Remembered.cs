using System.Collections;
using System.Diagnostics;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;

namespace HeatUp.Simulations;

/// <summary>What one simulated session remembers: some hundred bytes.</summary>
internal sealed class Remembered
{
    private Following[] joined = [];
    private Recent[] recent = [];
    private int joinedCount;
    private int actions;
    private long lastActivity;

    /// <summary>How many sittings began.</summary>
    public int Sittings { get; set; }

    /// <summary>The run that is open; null if none.</summary>
    public RunId? Open { get; set; }

    /// <summary>The places in the pool of the channels that it follows.</summary>
    public IEnumerable<short> Followed => joined.Take(joinedCount).Select(following => following.Channel);

    /// <summary>Keeps an action that was done, and counts what it means for the joins.</summary>
    public void Remember(Step step, ChannelNumbers channels, JoinCount joins)
    {
        var at = StoredTime.Kept(step.EndedAt).UtcTicks;
        var channel = ActionJson.ChannelOf(step.Action) is { } name ? channels.Of(name) : (short)-1;
        if (step.Action is JoinChannel && Join(channel, at)) joins.Kept++;
        if (step.Action is ReadMessages && Read(channel, at)) joins.ReadLater++;
        if (recent.Length == 0) recent = new Recent[Recollection.RecentMax];
        recent[actions % recent.Length] = new Recent(at, channel, KindOf(step.Action));
        actions++;
        lastActivity = at;
    }

    /// <summary>
    /// The recollection, as a store answers it, but good until the next action only: what most plans never look at is
    /// made when it is looked at.
    /// </summary>
    public Recollection Recall(SessionId session, ChannelNumbers channels) => new(
        session, Sittings, actions, actions == 0 ? null : At(lastActivity), Memberships(channels),
        new View<RecentAction>(this, channels, Math.Min(actions, recent.Length), RecentAt))
    {
        Running = Open,
    };

    /// <summary>The memberships, the newest first, until the next action.</summary>
    public IReadOnlyList<Membership> Memberships(ChannelNumbers channels) =>
        new View<Membership>(this, channels, joinedCount, MembershipAt);

    private static Membership MembershipAt(Remembered memory, ChannelNumbers channels, int index)
    {
        ref readonly var following = ref memory.joined[memory.joinedCount - 1 - index];
        return new Membership(
            channels[following.Channel], At(following.JoinedAt),
            following.LastReadAt == 0 ? null : At(following.LastReadAt));
    }

    private static RecentAction RecentAt(Remembered memory, ChannelNumbers channels, int index)
    {
        var action = memory.recent[(memory.actions - 1 - index) % memory.recent.Length];
        return new RecentAction(
            WordOf(action.Kind), action.Channel < 0 ? null : channels[action.Channel], At(action.At));
    }

    private static DateTimeOffset At(long ticks) => new(new DateTime(ticks, DateTimeKind.Utc));

    private static byte KindOf(PlannedAction action) => action switch
    {
        JoinChannel => 0,
        ReadMessages => 1,
        Idle => 2,
        _ => throw new UnreachableException(),
    };

    private static string WordOf(byte kind) => kind switch
    {
        0 => JoinChannel.Word,
        1 => ReadMessages.Word,
        _ => Idle.Word,
    };

    /// <summary>True if it is followed only from now on.</summary>
    private bool Join(short channel, long at)
    {
        if (IndexOf(channel) >= 0) return false;
        if (joinedCount == joined.Length) Array.Resize(ref joined, Math.Max(4, joined.Length * 3 / 2));
        joined[joinedCount++] = new Following(channel, false, Sittings, at, 0);
        return true;
    }

    /// <summary>True if it is the first reading in a later sitting than that which joined the channel.</summary>
    private bool Read(short channel, long at)
    {
        if (IndexOf(channel) is not (>= 0 and var index)) return false;
        ref var following = ref joined[index];
        var isFirstLater = !following.IsReadLater && Sittings > following.JoinedIn;
        following = following with { LastReadAt = at, IsReadLater = following.IsReadLater || isFirstLater };
        return isFirstLater;
    }

    private int IndexOf(short channel)
    {
        for (var i = 0; i < joinedCount; i++)
            if (joined[i].Channel == channel)
                return i;
        return -1;
    }

    /// <summary>A list that is read where it lies.</summary>
    private sealed class View<T>(
        Remembered memory, ChannelNumbers channels, int count, Func<Remembered, ChannelNumbers, int, T> at)
        : IReadOnlyList<T>
    {
        private readonly int actions = memory.actions;

        public int Count => count;

        public T this[int index]
        {
            get
            {
                ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)count);
                return memory.actions == actions
                    ? at(memory, channels, index)
                    : throw new InvalidOperationException("The session has acted since this was recalled.");
            }
        }

        public IEnumerator<T> GetEnumerator()
        {
            for (var i = 0; i < count; i++) yield return this[i];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private readonly record struct Following(
        short Channel, bool IsReadLater, int JoinedIn, long JoinedAt, long LastReadAt);

    private readonly record struct Recent(long At, short Channel, byte Kind);
}

/// <summary>What became of the joins of many sessions.</summary>
internal sealed class JoinCount
{
    /// <summary>How many channels the sessions follow, each counted for each.</summary>
    public long Kept { get; set; }

    /// <summary>How many of them were read again in a later sitting than that which joined them.</summary>
    public long ReadLater { get; set; }
}

/// <summary>Small numbers in place of the names of a pool's channels.</summary>
internal sealed class ChannelNumbers
{
    private readonly Dictionary<ChannelName, short> numbers = [];
    private readonly ChannelName[] names;

    public ChannelNumbers(ChannelPool pool)
    {
        names = [.. pool.All.Select(channel => channel.Name)];
        for (short i = 0; i < names.Length; i++) numbers[names[i]] = i;
    }

    public int Count => names.Length;

    public ChannelName this[int number] => names[number];

    /// <summary>The number of a channel of the pool.</summary>
    public short Of(ChannelName name) => numbers[name];
}
