using HeatUp.Channels;

namespace HeatUp.Plans;

/// <summary>
/// What is remembered of a session when its next sitting is planned. A plan is good only for the recollection it was
/// made from.
/// </summary>
/// <param name="Session">Whose.</param>
/// <param name="Sittings">How many sittings began so far, those that retention has since removed included.</param>
/// <param name="TotalActions">How many actions the history holds.</param>
/// <param name="LastActivity">When the newest of them was done; null if none is remembered.</param>
/// <param name="Joined">The channels it is member of, the newest first.</param>
/// <param name="Recent">The newest actions, the newest first, at most <see cref="RecentMax"/>.</param>
public sealed record Recollection(
    SessionId Session,
    int Sittings,
    int TotalActions,
    DateTimeOffset? LastActivity,
    IReadOnlyList<Membership> Joined,
    IReadOnlyList<RecentAction> Recent)
{
    /// <summary>The most actions in <see cref="Recent"/>.</summary>
    public const int RecentMax = 5;

    /// <summary>
    /// The sitting that goes on meanwhile, in whatever process: what it does isn't all remembered yet. Null if none
    /// does.
    /// </summary>
    public RunId? Running { get; init; }

    /// <summary>The number of the sitting that is planned now; the first is 1.</summary>
    public int NextSitting => Sittings + 1;

    /// <summary>Whether nothing at all is known of the session.</summary>
    public bool IsNew => Sittings == 0 && TotalActions == 0 && Joined.Count == 0;

    /// <summary>Whether the session is member of this channel.</summary>
    public bool HasJoined(ChannelName channel)
    {
        // By index: an enumerator of an interface is an allocation, and every plan comes through here.
        for (var i = 0; i < Joined.Count; i++)
            if (Joined[i].Channel == channel)
                return true;
        return false;
    }

    /// <summary>
    /// The same, of a session that follows these channels, though nothing here may know since when.
    /// </summary>
    internal Recollection WithFollowed(IReadOnlyList<ChannelName> channels, DateTimeOffset now)
    {
        var others = channels.Where(channel => !HasJoined(channel))
            .Select(channel => new Membership(channel, now, null));
        return this with { Joined = [.. Joined.Where(one => channels.Contains(one.Channel)), .. others] };
    }

    /// <summary>The recollection of a session of which nothing is known.</summary>
    public static Recollection OfNobody(SessionId session) => new(session, 0, 0, null, [], []);
}

/// <summary>That a session follows a channel.</summary>
/// <param name="Channel">Which one.</param>
/// <param name="JoinedAt">Since when.</param>
/// <param name="LastReadAt">When it last read there; null if never.</param>
public readonly record struct Membership(ChannelName Channel, DateTimeOffset JoinedAt, DateTimeOffset? LastReadAt);

/// <summary>An action of the history, as the next plan needs it.</summary>
/// <param name="Kind">The action's word, such as <c>join_channel</c>.</param>
/// <param name="Channel">The channel, if it has one with a readable name.</param>
/// <param name="At">When it was done.</param>
public readonly record struct RecentAction(string Kind, ChannelName? Channel, DateTimeOffset At);
