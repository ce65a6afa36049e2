using HeatUp.Telegram.Messages;
using HeatUp.Telegram.Tl;
using HeatUp.Telegram.World;

namespace HeatUp.Telegram.Methods;

/// <summary>What clients are told unasked, and what they ask for if they think that they have missed something.</summary>
internal sealed class News(TelegramWorld world, TelegramServer server)
{
    /// <summary>In how many seconds a client asks again about a channel that it looks at.</summary>
    private const int AskAgainAfter = 30;

    public void AddTo(MethodTable table)
    {
        table.Add("updates.getState", _ => State());
        table.Add("updates.getDifference", Missed);
        table.Add("updates.getChannelDifference", Difference);
    }

    /// <summary>Nothing but channels changes here, so that an account's own news never move.</summary>
    public TlObject State() => new("updates.state") { { "pts", 1 }, { "date", world.Now } };

    /// <summary>Several changes at once.</summary>
    public TlObject Of(IEnumerable<TlObject> changes, IEnumerable<TlObject> chats) => new("updates")
    {
        { "updates", changes.ToList() }, { "chats", chats.ToList() }, { "date", world.Now },
    };

    /// <summary>Tells who follows a channel and is online that it has a new post.</summary>
    public void OfPost(Channel channel, Post post)
    {
        foreach (var device in world.Devices.Where(device => device.Account?.Follows(channel) is true))
            Tell(device, Of(
                [
                    new("updateNewChannelMessage")
                    {
                        { "message", ChannelMethods.MessageOf(channel, post) }, { "pts", post.Id }, { "pts_count", 1 },
                    },
                ],
                [ChannelMethods.ChatOf(channel, device.Account!)]));
    }

    /// <summary>Tells an account's devices that it has joined or left a channel.</summary>
    public void OfChannel(Channel channel, Account account, Session? but = null)
    {
        foreach (var device in world.Devices.Where(device => device.Account == account))
            Tell(device, Of([ChannelMethods.UpdateOf(channel)], [ChannelMethods.ChatOf(channel, account)]), but);
    }

    /// <summary>Tells an account's other devices how far it has read.</summary>
    public void OfReading(Channel channel, Account account, Membership membership, Session? but = null)
    {
        foreach (var device in world.Devices.Where(device => device.Account == account))
            Tell(device, Of(
                [
                    new("updateReadChannelInbox")
                    {
                        { "channel_id", channel.Id }, { "max_id", membership.ReadUpTo },
                        { "still_unread_count", channel.Newest - membership.ReadUpTo }, { "pts", channel.Changes },
                    },
                ],
                [ChannelMethods.ChatOf(channel, account)]), but);
    }

    /// <summary>Tells a device that its QR code was scanned: it asks for its login then.</summary>
    public void OfScan(Device device) => Tell(device, new TlObject("updateShort")
    {
        { "update", new TlObject("updateLoginToken") }, { "date", world.Now },
    });

    /// <summary>Tells an account's devices to ask anew for what holds for it, such as that it is frozen.</summary>
    public void OfConfig(Account account)
    {
        foreach (var device in world.Devices.Where(device => device.Account == account))
            Tell(device, new TlObject("updateShort") { { "update", new TlObject("updateConfig") }, { "date", world.Now } });
    }

    /// <summary>Whatever is said goes out in the order in which it happened; nobody waits for it.</summary>
    private void Tell(Device device, TlObject said, Session? but = null)
    {
        foreach (var session in server.Sessions.Of(device).Where(session => session != but))
            _ = server.Messages.TellAsync(session, said);
    }

    /// <summary>
    /// What a client has missed since it was here: the channels that its account has joined or left meanwhile, and those
    /// with newer posts, about which it must ask. Seconds are too rough for "since", so that the last one is told again.
    /// </summary>
    private object Missed(Call call)
    {
        var since = call.Query.Int("date");
        var changed = world.Channels
            .Where(channel => call.Account.Memberships.GetValueOrDefault(channel.Id)?.ChangedAt >= since).ToList();
        var moved = world.Channels
            .Where(channel => call.Account.Follows(channel) && channel.Posts.Any(post => post.Date >= since)).ToList();
        if (changed.Count + moved.Count == 0) return new TlObject("updates.differenceEmpty") { { "date", world.Now } };
        return new TlObject("updates.difference")
        {
            { "other_updates", changed.Select(ChannelMethods.UpdateOf).Concat(moved.Select(TooLong)).ToList() },
            { "chats", changed.Union(moved).Select(channel => ChannelMethods.ChatOf(channel, call.Account)).ToList() },
            { "state", State() },
        };
    }

    private static TlObject TooLong(Channel channel) => new("updateChannelTooLong")
    {
        { "channel_id", channel.Id }, { "pts", channel.Changes },
    };

    private object Difference(Call call)
    {
        var channel = world.Channel(call.Query.Object("channel")!.Long("channel_id"))
            ?? throw new RpcError(400, "CHANNEL_INVALID");
        var missed = channel.Posts.Skip(call.Query.Int("pts")).ToList();
        var answer = new TlObject(missed.Count == 0 ? "updates.channelDifferenceEmpty" : "updates.channelDifference")
        {
            { "final", true }, { "pts", channel.Changes }, { "timeout", AskAgainAfter },
        };
        if (missed.Count == 0) return answer;
        answer.Add("new_messages", missed.Select(post => ChannelMethods.MessageOf(channel, post)).ToList());
        answer.Add("chats", new[] { ChannelMethods.ChatOf(channel, call.Account) });
        return answer;
    }
}
