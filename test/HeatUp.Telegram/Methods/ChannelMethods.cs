using HeatUp.Telegram.Tl;
using HeatUp.Telegram.World;

namespace HeatUp.Telegram.Methods;

/// <summary>Finding channels, joining and reading them.</summary>
internal sealed class ChannelMethods(TelegramWorld world, News news)
{
    public void AddTo(MethodTable table)
    {
        table.Add("contacts.resolveUsername", Resolve);
        table.Add("channels.getChannels", call => Chats(
            [.. call.Query.All<TlObject>("id").Select(id => Find(id.Long("channel_id")))], call.Account));
        table.Add("channels.joinChannel", Join);
        table.Add("channels.getFullChannel", Full);
        table.Add("channels.readHistory", Read);
        table.Add("channels.getMessages", call => Messages(call, Asked(call), Numbered(call)));
        table.Add("channels.getChannelRecommendations", call => Chats(
            [.. world.Channels.Where(other => other.Id != Asked(call).Id)], call.Account));
        table.Add("messages.getHistory", History);
        table.Add("messages.getMessagesViews", Views);
        table.Add("messages.getPeerDialogs", PeerDialogs);
        table.Add("messages.getDialogs", Dialogs);
        table.Add("messages.getPinnedDialogs", call => DialogsOf([], call.Account));
        table.Add("messages.getPeerSettings", _ => new TlObject("messages.peerSettings")
        {
            { "settings", new TlObject("peerSettings") },
        });
    }

    /// <summary>A channel as an account sees it.</summary>
    public static TlObject ChatOf(Channel channel, Account account)
    {
        var follows = account.Follows(channel);
        var chat = new TlObject("channel")
        {
            { "broadcast", true }, { "left", !follows }, { "id", channel.Id }, { "access_hash", channel.AccessHash },
            { "title", channel.Title }, { "date", channel.CreatedAt }, { "participants_count", channel.Members },
        };
        // Several names are told as a list, and one alone is not.
        if (channel.OtherNames.Count == 0) chat.Add("username", channel.Name);
        else chat.Add("usernames", channel.OtherNames.Select(name => NameOf(name)).Prepend(NameOf(channel.Name, isMain: true)).ToArray());
        if (!channel.IsRestricted) return chat;
        chat.Add("restricted", true);
        chat.Add("restriction_reason", new[]
        {
            new TlObject("restrictionReason")
            {
                { "platform", "all" }, { "reason", "terms" }, { "text", "This channel can't be shown" },
            },
        });
        return chat;
    }

    private static TlObject NameOf(string name, bool isMain = false) => new("username")
    {
        { "editable", isMain }, { "active", true }, { "username", name },
    };

    public static TlObject MessageOf(Channel channel, Post post) => new("message")
    {
        { "post", true }, { "id", post.Id }, { "peer_id", PeerOf(channel) }, { "date", post.Date },
        { "message", post.Text }, { "views", post.Views }, { "forwards", 0 },
    };

    private static TlObject PeerOf(Channel channel) => new("peerChannel") { { "channel_id", channel.Id } };

    private Channel Asked(Call call) => Find((call.Query.Object("channel") ?? call.Query.Object("peer"))!.Long("channel_id"));

    private Channel Find(long id) => world.Channel(id) ?? throw new RpcError(400, "CHANNEL_INVALID");

    private object Resolve(Call call)
    {
        var channel = world.Named(call.Query.Text("username")) ?? throw new RpcError(400, "USERNAME_NOT_OCCUPIED");
        return new TlObject("contacts.resolvedPeer")
        {
            { "peer", PeerOf(channel) }, { "chats", new[] { ChatOf(channel, call.Account) } },
        };
    }

    private object Join(Call call)
    {
        var channel = Asked(call);
        var membership = call.Account.In(channel);
        if (call.Account.IsFrozen) throw new RpcError(420, "FROZEN_METHOD_INVALID");
        if (membership.IsMember) throw new RpcError(400, "USER_ALREADY_PARTICIPANT");
        membership.Change(isMember: true, world.Now);
        membership.ReadUpTo = Math.Max(membership.ReadUpTo, channel.Newest - 10);
        channel.Members++;
        news.OfChannel(channel, call.Account, but: call.Session);
        return new TlObject("messages.chatInviteJoinResultOk")
        {
            { "updates", news.Of([UpdateOf(channel)], [ChatOf(channel, call.Account)]) },
        };
    }

    /// <summary>That something about a channel has changed, other than its posts.</summary>
    public static TlObject UpdateOf(Channel channel) => new("updateChannel") { { "channel_id", channel.Id } };

    private object Full(Call call)
    {
        var (channel, account) = (Asked(call), call.Account);
        var read = account.In(channel).ReadUpTo;
        return new TlObject("messages.chatFull")
        {
            {
                "full_chat", new TlObject("channelFull")
                {
                    { "id", channel.Id }, { "about", $"About {channel.Title}" }, { "participants_count", channel.Members },
                    { "read_inbox_max_id", read }, { "unread_count", channel.Newest - read }, { "pts", channel.Changes },
                }
            },
            { "chats", new[] { ChatOf(channel, account) } },
        };
    }

    private object Read(Call call)
    {
        var (channel, membership) = (Asked(call), call.Account.In(Asked(call)));
        membership.ReadUpTo = Math.Max(membership.ReadUpTo, Math.Min(call.Query.Int("max_id"), channel.Newest));
        news.OfReading(channel, call.Account, membership, but: call.Session);
        return true;
    }

    /// <summary>Posts, the newest first, from a place in them on.</summary>
    private object History(Call call)
    {
        var (channel, query) = (Asked(call), call.Query);
        var newest = channel.Posts.AsEnumerable().Reverse().ToList();
        var from = query.Int("offset_id") is > 0 and var offset ? newest.FindIndex(post => post.Id < offset) : 0;
        if (from < 0) from = newest.Count;
        var start = from + query.Int("add_offset");
        var end = Math.Min(start + Math.Clamp(query.Int("limit"), 0, 100), newest.Count);
        start = Math.Max(0, start);
        return Messages(call, channel, newest.Take(end).Skip(start));
    }

    private static TlObject Messages(Call call, Channel channel, IEnumerable<Post> posts) => new("messages.channelMessages")
    {
        { "pts", channel.Changes }, { "count", channel.Posts.Count },
        { "messages", posts.Select(post => MessageOf(channel, post)).ToList() },
        { "chats", new[] { ChatOf(channel, call.Account) } },
    };

    private IEnumerable<Post> Numbered(Call call)
    {
        var wanted = call.Query.All<TlObject>("id").Select(id => id.Int("id")).ToHashSet();
        return Asked(call).Posts.Where(post => wanted.Contains(post.Id));
    }

    private object Views(Call call)
    {
        var (channel, counts) = (Asked(call), call.Query.Is("increment"));
        var views = new List<TlObject>();
        foreach (var id in call.Query.All<int>("id"))
        {
            var post = channel.Posts.Find(one => one.Id == id);
            if (counts && post is not null)
            {
                post.Views++;
                world.ViewsRaised++;
            }
            views.Add(new("messageViews") { { "views", post?.Views ?? 0 }, { "forwards", 0 } });
        }
        return new TlObject("messages.messageViews") { { "views", views } };
    }

    private static TlObject Chats(IReadOnlyList<Channel> channels, Account account) => new("messages.chats")
    {
        { "chats", channels.Select(channel => ChatOf(channel, account)).ToList() },
    };

    private object PeerDialogs(Call call) => DialogsOf(
        [.. call.Query.All<TlObject>("peers").Select(peer => Find(peer.Object("peer")!.Long("channel_id")))], call.Account);

    private TlObject DialogsOf(IReadOnlyList<Channel> channels, Account account)
    {
        var answer = new TlObject("messages.peerDialogs") { { "state", news.State() } };
        Fill(answer, channels, account);
        return answer;
    }

    /// <summary>All that an account follows, at once; the archive is empty.</summary>
    private object Dialogs(Call call)
    {
        var isFirst = call.Query.Int("folder_id") == 0 && call.Query.Object("offset_peer")!.Name == "inputPeerEmpty";
        var answer = new TlObject("messages.dialogs");
        Fill(answer, isFirst ? [.. world.Channels.Where(call.Account.Follows)] : [], call.Account);
        return answer;
    }

    private static void Fill(TlObject answer, IReadOnlyList<Channel> channels, Account account)
    {
        answer.Add("dialogs", channels.Select(channel => DialogOf(channel, account.In(channel))).ToList());
        answer.Add("messages", channels.Where(channel => channel.Newest > 0)
            .Select(channel => MessageOf(channel, channel.Posts[^1])).ToList());
        answer.Add("chats", channels.Select(channel => ChatOf(channel, account)).ToList());
    }

    private static TlObject DialogOf(Channel channel, Membership membership) => new("dialog")
    {
        { "peer", PeerOf(channel) }, { "top_message", channel.Newest }, { "read_inbox_max_id", membership.ReadUpTo },
        { "unread_count", channel.Newest - membership.ReadUpTo }, { "pts", channel.Changes },
    };
}
