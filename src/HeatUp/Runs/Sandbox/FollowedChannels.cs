namespace HeatUp.Runs.Sandbox;

/// <summary>
/// The channels that a session follows, each with the time (UTC) until which it is read. An array: ten thousand
/// sessions hold one each.
/// </summary>
internal struct FollowedChannels(int capacity)
{
    private const int Growth = 4;

    private (SandboxChannel Channel, DateTime ReadUntil)[] followed = new (SandboxChannel, DateTime)[capacity];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Where a channel stands in the list; -1 if it isn't followed.</summary>
    public readonly int IndexOf(SandboxChannel? channel)
    {
        for (var i = 0; i < Count; i++)
            if (ReferenceEquals(followed[i].Channel, channel))
                return i;
        return -1;
    }

    /// <summary>Follows one more, read until now.</summary>
    public void Add(SandboxChannel channel, DateTime now)
    {
        if (Count == followed.Length) Array.Resize(ref followed, Count + Growth);
        followed[Count++] = (channel, now);
    }

    /// <summary>
    /// Marks the channel at this place read until now, and answers how many of its unread posts, at most
    /// <paramref name="most"/>, were looked at. Looking at the newest post marks all older ones read too, as with
    /// real clients.
    /// </summary>
    public readonly int Read(int index, DateTime now, int most)
    {
        ref var entry = ref followed[index];
        var posts = entry.Channel.Posts.CountBetween(entry.ReadUntil, now, most);
        if (now > entry.ReadUntil) entry.ReadUntil = now;
        return posts;
    }

    /// <summary>How many posts of the channel at this place are unread, at most <paramref name="most"/>.</summary>
    public readonly int Unread(int index, DateTime now, int most) =>
        followed[index].Channel.Posts.CountBetween(followed[index].ReadUntil, now, most);
}
