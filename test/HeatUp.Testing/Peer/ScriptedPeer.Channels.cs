using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Runs.Sandbox;
using static HeatUp.Testing.Peer.PeerJson;

namespace HeatUp.Testing.Peer;

/// <content>What an account can ask that is logged in: answered by the sandbox, in TDLib's words and order.</content>
public sealed partial class ScriptedPeer
{
    private const int HistoryMax = 100;
    private static readonly TimeSpan MarkDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan NamesFor = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<string, Queue<PeerTurn>> turns = new();
    private readonly Dictionary<long, PeerChannel> channels = [];
    private readonly Dictionary<ChannelName, PeerChannel> channelsByName = [];
    private readonly Dictionary<ChannelName, ChannelName> secondNames = [];

    /// <summary>A Telegram with the sandbox's channels, chances and faults.</summary>
    /// <param name="clock">The time, which answers take.</param>
    /// <param name="world">The sandbox, on the same clock.</param>
    public ScriptedPeer(TimeProvider clock, SandboxTelegram world) : this(clock) => World = world;

    /// <summary>How many posts' public counters of views were raised.</summary>
    public int ViewsRaised { get; private set; }

    private SandboxTelegram? World { get; }

    private SandboxTelegram Sandbox => World ?? throw new InvalidOperationException("This peer has no channels.");

    /// <summary>Lets these happen to the next requests of a kind, in order.</summary>
    public ScriptedPeer Next(string request, params PeerTurn[] next)
    {
        var queue = turns.GetOrAdd(request, _ => new());
        foreach (var turn in next) queue.Enqueue(turn);
        return this;
    }

    /// <summary>Lets an account follow a channel, by a join on another device, and have read it up to a time.</summary>
    public void Follow(PeerOwner owner, ChannelName channel, DateTimeOffset readUntil)
    {
        owner.Follows[channel] = PeerChannel.IdAt(readUntil);
        owner.Resolved[channel] = Clock.GetUtcNow();
        if (!channelsByName.ContainsKey(channel))
            Remember(channel, new FoundChat(ChatKind.Channel, channel, channel.Value[1..], null, false));
    }

    /// <summary>Whether an account follows a channel, as Telegram's servers know it.</summary>
    public static bool IsFollowing(PeerOwner owner, ChannelName channel) => owner.Follows.ContainsKey(channel);

    /// <summary>How many of a channel's posts are unread for an account.</summary>
    public int UnreadOf(PeerOwner owner, ChannelName channel) =>
        owner.Follows.TryGetValue(channel, out var read) ? Unread(channelsByName[channel], read) : 0;

    /// <summary>Ends an account's login from elsewhere, unasked.</summary>
    public void Revoke(PeerOwner owner) => Do(() =>
    {
        owner.IsRevoked = true;
        foreach (var client in clients.Values.Where(client => client.IsReady && client.Owner == owner).ToArray()) LoseLogin(client);
    });

    /// <summary>An account leaves a channel, by hand on another device.</summary>
    public static void Leave(PeerOwner owner, ChannelName channel) => owner.Follows.Remove(channel);

    /// <summary>An account puts a channel that it follows away.</summary>
    public static void Archive(PeerOwner owner, ChannelName channel) => owner.Archived.Add(channel);

    /// <summary>Gives a channel one more name.</summary>
    public void Name(ChannelName channel, ChannelName second) => secondNames[second] = channel;

    /// <summary>Telegram freezes an account, or thaws it, and says so unasked.</summary>
    public void Freeze(PeerOwner owner, bool isFrozen = true) => Do(() =>
    {
        owner.IsFrozen = isFrozen;
        foreach (var client in clients.Values.Where(client => client.IsReady && client.Owner == owner).ToArray())
            SayFrozen(client, isFrozen);
    });

    internal static void SayFrozen(PeerClient client, bool isFrozen) =>
        client.Say(Of("updateFreezeState", ("is_frozen", isFrozen), ("freezing_date", isFrozen ? 1_750_000_000 : 0),
            ("deletion_date", isFrozen ? 1_752_000_000 : 0), ("appeal_link", isFrozen ? "https://t.me/spambot" : "")));

    private void AnswerReady(PeerCall call)
    {
        if (!turns.TryGetValue(call.Name, out var next) || !next.TryDequeue(out var turn)) Answer(call.Name, call);
        else Play(turn, call);
    }

    private void Play(PeerTurn turn, PeerCall call)
    {
        var client = call.Client;
        switch (turn)
        {
            case PeerTurn.Silence: break;
            case PeerTurn.Late late: After(late.After, () => IfOpen(client, () => Answer(call.Name, call))); break;
            case PeerTurn.RefusedLate late:
                After(late.After, () => IfOpen(client, () => Refuse(call, new TelegramError(late.Code, late.Message))));
                break;
            case PeerTurn.HappensAnsweredLate late:
                call.HoldsUntil = Clock.GetUtcNow() + late.After;
                Answer(call.Name, call);
                break;
            case PeerTurn.Says says: OverNetwork(client, () => call.Reply((JsonObject)says.Answer.DeepClone())); break;
            case PeerTurn.Error error: OverNetwork(client, () => Refuse(call, new TelegramError(error.Code, error.Message))); break;
            case PeerTurn.Flood flood:
                OverNetwork(client, () => Refuse(call, new TelegramError(429, $"Too Many Requests: retry after {flood.Seconds}")));
                break;
            case PeerTurn.Revoked revoked: OverNetwork(client, () => Refuse(call, new TelegramError(401, revoked.Reason))); break;
            case PeerTurn.Frozen: OverNetwork(client, () => Refuse(call, new TelegramError(406, "FROZEN_METHOD_INVALID"))); break;
        }
    }

    private void Answer(string name, PeerCall call)
    {
        switch (name)
        {
            case "getMe": call.Reply(User(call.Client.Owner!)); break;
            case "searchPublicChat": Search(call); break;
            case "loadChats": OverNetwork(call.Client, () => Load(call)); break;
            case "getChats": call.Reply(Chats(Listed(call))); break;
            case "getUser": AnswerWith(call, "user_id", "User not found", channel => call.Reply(channel.User())); break;
            case "getSupergroup":
                AnswerWith(call, "supergroup_id", "Supergroup not found", channel => call.Reply(SupergroupOf(call.Client, channel)));
                break;
            case "getSupergroupFullInfo":
                AnswerWith(call, "supergroup_id", "Supergroup not found", channel =>
                    OverNetwork(call.Client, () => call.Reply(channel.FullInfo(MembersOf(channel)))));
                break;
            default: AnswerWith(call, "chat_id", "Chat not found", channel => AnswerChat(call, channel)); break;
        }
    }

    private void AnswerChat(PeerCall call, PeerChannel channel)
    {
        var client = call.Client;
        switch (call.Name)
        {
            case "getChat": call.Reply(ChatOf(client, channel)); break;
            case "openChat": client.Opened.Add(channel.ChatId); call.Ok(); break;
            case "closeChat": client.Opened.Remove(channel.ChatId); call.Ok(); break;
            case "joinChat": Join(call, channel); break;
            case "getChatHistory": History(call, channel); break;
            case "viewMessages": View(call, channel); break;
            case "getChatSimilarChats": FindSimilar(call, channel); break;
            default: throw new InvalidOperationException($"The peer doesn't know {call.Name}.");
        }
    }

    /// <summary>Finds what a number names, if this client has heard of it.</summary>
    private void AnswerWith(PeerCall call, string field, string unknown, Action<PeerChannel> answer)
    {
        var number = call.Number(field);
        var found = field == "chat_id" ? channels.GetValueOrDefault(number) : channels.Values.FirstOrDefault(one => one.Number == number);
        if (found is null || !call.Client.Owner!.Resolved.ContainsKey(found.Name)) call.Fail(400, unknown);
        else
        {
            Introduce(call.Client, found);
            answer(found);
        }
    }

    private async void Search(PeerCall call)
    {
        var text = call.Text("username").Replace(".", "", StringComparison.Ordinal).Trim().TrimStart('@');
        var (client, owner) = (call.Client, call.Client.Owner!);
        if (text.Length == 0) call.Fail(200, "Username is invalid");
        else if (!ChannelName.TryParse($"@{text}", out var name)) OverNetwork(client, () => Refuse(call, new(400, "USERNAME_INVALID")));
        else if (secondNames.TryGetValue(name, out var main)) SearchSecond(call, main);
        else if (IsResolved(owner, name) && channelsByName.TryGetValue(name, out var known))
        {
            Introduce(client, known);
            call.Reply(ChatOf(client, known));
        }
        else if (!Waits(call, () => Search(call)))
        {
            var answer = await Sandbox.LookUpAsync(name, CancellationToken.None);
            Do(() => IfOpen(client, () =>
            {
                if (answer.Found is not { } found)
                {
                    Refuse(call, answer.Failure!.Error!);
                    return;
                }
                var channel = Remember(name, found);
                owner.Resolved[name] = Clock.GetUtcNow();
                Introduce(client, channel);
                call.Reply(ChatOf(client, channel));
            }));
        }
    }

    /// <summary>A channel's second name leads where the main one does.</summary>
    private async void SearchSecond(PeerCall call, ChannelName main)
    {
        var answer = await Sandbox.LookUpAsync(main, CancellationToken.None);
        Do(() => IfOpen(call.Client, () =>
        {
            var channel = Remember(main, answer.Found!);
            call.Client.Owner!.Resolved[main] = Clock.GetUtcNow();
            Introduce(call.Client, channel);
            call.Reply(ChatOf(call.Client, channel));
        }));
    }

    private async void Join(PeerCall call, PeerChannel channel)
    {
        var (client, owner) = (call.Client, call.Client.Owner!);
        if (owner.Follows.ContainsKey(channel.Name)) call.Reply(JoinedTo(channel));
        else if (channel.IsUser) call.Fail(400, "Can't join private chats");
        else if (owner.IsFrozen) Play(new PeerTurn.Frozen(), call);
        else if (!Waits(call, () => Join(call, channel)))
        {
            var outcome = await OnSandboxAsync(owner, session => session.JoinAsync(channel.Name, CancellationToken.None));
            Do(() => IfOpen(client, () =>
            {
                if (outcome.Error is null) Joined(call, channel);
                else Refuse(call, outcome.Error);
            }));
        }
    }

    /// <summary>One more reader is counted first; then the status follows, and the list, and only then the answer.</summary>
    private void Joined(PeerCall call, PeerChannel channel)
    {
        var (client, members) = (call.Client, MembersOf(channel));
        if (members > 0) client.Say(Of("updateSupergroup", ("supergroup", channel.Supergroup(false, members))));
        client.Owner!.Follows[channel.Name] = channel.PostsAt(Sandbox, Clock.GetUtcNow()).LastOrDefault();
        client.Say(Of("updateSupergroup", ("supergroup", channel.Supergroup(true, members))));
        client.Say(Of("updateChatAddedToList", ("chat_id", channel.ChatId), ("chat_list", Of("chatListMain"))));
        client.Say(Of("updateChatPosition", ("chat_id", channel.ChatId), ("position", channel.Position(true))));
        var held = call.HoldsUntil - Clock.GetUtcNow();
        if (held > TimeSpan.Zero) After(held.Value, () => IfOpen(client, () => call.Reply(JoinedTo(channel))));
        else call.Reply(JoinedTo(channel));
        client.Say(Of("updateSupergroupFullInfo",
            ("supergroup_id", channel.Number), ("supergroup_full_info", channel.FullInfo(members))));
    }

    private async void History(PeerCall call, PeerChannel channel)
    {
        var (limit, offset, from) = (call.Number("limit"), call.Number("offset"), call.Number("from_message_id"));
        if (limit <= 0) call.Fail(400, "Parameter limit must be positive");
        else if (offset > 0) call.Fail(400, "Parameter offset must be non-positive");
        else if (offset <= -HistoryMax) call.Fail(400, "Parameter offset must be greater than -100");
        else if (!Waits(call, () => History(call, channel)))
        {
            var owner = call.Client.Owner!;
            var outcome = await OnSandboxAsync(owner, session => session.ReadAsync(channel.Name, TimeSpan.Zero, CancellationToken.None));
            Do(() => OverNetwork(call.Client, () =>
            {
                if (outcome.Error is { } error) Refuse(call, error);
                else call.Reply(MessagesOf(channel, from, (int)Math.Min(limit, HistoryMax)));
            }));
        }
    }

    /// <summary>The first answer holds one post only.</summary>
    private JsonObject MessagesOf(PeerChannel channel, long from, int limit)
    {
        var posts = channel.PostsAt(Sandbox, Clock.GetUtcNow());
        posts.Reverse();
        var some = posts.Where(post => from == 0 || post < from).Take(from == 0 ? 1 : limit).Select(channel.Message).ToArray();
        return Of("messages", ("total_count", some.Length), ("messages", new JsonArray(some)));
    }

    private void View(PeerCall call, PeerChannel channel)
    {
        var (client, owner) = (call.Client, call.Client.Owner!);
        long[] ids = [.. call.Field("message_ids").EnumerateArray().Select(id => id.GetInt64())];
        if (ids.Any(id => id <= 0))
        {
            call.Fail(400, "Invalid message identifier");
            return;
        }
        var isCounted = call.Field("source").GetProperty("@type").GetString() == "messageSourceChatHistory";
        if (isCounted) ViewsRaised += ids.Length;
        var marks = (isCounted || call.Flag("force_read")) && ids.Length > 0;
        if (!marks || owner.LosesMarks || !owner.Follows.TryGetValue(channel.Name, out var read))
        {
            call.Ok();
            return;
        }
        owner.Follows[channel.Name] = Math.Max(read, ids.Max());
        var unread = UnreadOf(owner, channel.Name);
        client.Say(Of("updateUnreadMessageCount", ("chat_list", Of("chatListMain")), ("unread_count", unread),
            ("unread_unmuted_count", unread)));
        client.Say(Of("updateUnreadChatCount", ("chat_list", Of("chatListMain")), ("total_count", owner.Follows.Count),
            ("unread_count", unread > 0 ? 1 : 0), ("unread_unmuted_count", 0), ("marked_as_unread_count", 0),
            ("marked_as_unread_unmuted_count", 0)));
        // With the chat open and posts left, the mark shows a moment after the answer.
        if (unread == 0 || !client.Opened.Contains(channel.ChatId)) SayRead(client, channel);
        else After(MarkDelay, () => SayRead(client, channel));
        call.Ok();
    }

    private void SayRead(PeerClient client, PeerChannel channel)
    {
        if (client.IsClosed || !client.Owner!.Follows.TryGetValue(channel.Name, out var read)) return;
        client.Say(Of("updateChatReadInbox", ("chat_id", channel.ChatId), ("last_read_inbox_message_id", read),
            ("unread_count", Unread(channel, read))));
    }

    private async void FindSimilar(PeerCall call, PeerChannel channel)
    {
        if (channel.Found.Kind != ChatKind.Channel) call.Reply(Chats([]));
        else if (!Waits(call, () => FindSimilar(call, channel)))
        {
            var similar = await Sandbox.SimilarAsync(channel.Name, CancellationToken.None);
            Do(() => IfOpen(call.Client, () =>
            {
                if (similar.Failure?.Error is { } error) Refuse(call, error);
                else call.Reply(Chats([.. similar.Channels.Select(found => Tell(call.Client, found))]));
            }));
        }
    }

    private PeerChannel Tell(PeerClient client, FoundChat found)
    {
        var channel = Remember(found.Name!.Value, found);
        client.Owner!.Resolved.TryAdd(channel.Name, DateTimeOffset.MinValue);
        Introduce(client, channel);
        return channel;
    }

    private void Load(PeerCall call)
    {
        if (!call.Client.Loaded.Add(ListOf(call)))
        {
            call.Fail(404, "Not Found");
            return;
        }
        foreach (var channel in Listed(call)) Introduce(call.Client, channel);
        call.Ok();
    }

    /// <summary>What Telegram says instead, with all that comes before it.</summary>
    private void Refuse(PeerCall call, TelegramError error)
    {
        var client = call.Client;
        if (call.IsAnswered || error.Kind == TelegramErrorKind.Offline) return;
        if (error.Kind == TelegramErrorKind.AccountLost)
        {
            LoseLogin(client, call, error);
            return;
        }
        if (call.Name == "joinChat" && channels.GetValueOrDefault(call.Number("chat_id")) is { } channel)
            foreach (var more in (int[])[1, 0])
                client.Say(Of("updateSupergroup", ("supergroup", channel.Supergroup(false, MembersOf(channel) + more))));
        if (call.Name == "joinChat" && error.Kind == TelegramErrorKind.JoinRequested) call.Reply(Of("chatJoinResultRequestSent"));
        else call.Fail(error.Code, error.Message);
    }

    private void LoseLogin(PeerClient client, PeerCall? met = null, TelegramError? why = null)
    {
        if (met is not null) client.Pending.Remove(met);
        client.Leave();
        if (why is not null) met?.Fail(why.Code, why.Message);
        OverNetwork(client, () => client.Close(forgets: true));
    }

    /// <summary>Says who a channel is before it is named: its own facts, then its chat, then its newest post.</summary>
    private void Introduce(PeerClient client, PeerChannel channel)
    {
        if (!client.Knows.Add(channel.ChatId)) return;
        if (channel.IsUser) client.Say(Of("updateUser", ("user", channel.User())));
        else client.Say(Of("updateSupergroup", ("supergroup", SupergroupOf(client, channel))));
        var chat = ChatOf(client, channel);
        var last = chat["last_message"]?.DeepClone();
        chat.Remove("last_message");
        chat["positions"] = new JsonArray();
        client.Say(Of("updateNewChat", ("chat", chat)));
        if (last is not null)
            client.Say(Of("updateChatLastMessage", ("chat_id", channel.ChatId), ("last_message", last), ("positions", new JsonArray())));
    }

    private JsonObject ChatOf(PeerClient client, PeerChannel channel)
    {
        var isMember = client.Owner!.Follows.TryGetValue(channel.Name, out var read);
        var last = channel.Found.Kind == ChatKind.Channel ? channel.PostsAt(Sandbox, Clock.GetUtcNow()).LastOrDefault() : 0;
        return channel.Chat(isMember, isMember ? Unread(channel, read) : 0, read, last > 0 ? last : null);
    }

    private JsonObject SupergroupOf(PeerClient client, PeerChannel channel) =>
        channel.Supergroup(client.Owner!.Follows.ContainsKey(channel.Name), MembersOf(channel));

    private long MembersOf(PeerChannel channel) => channel.Found.Members ?? Sandbox.Subscribers(channel.Name) ?? 0;

    private int Unread(PeerChannel channel, long read) => channel.PostsAt(Sandbox, Clock.GetUtcNow()).Count(post => post > read);

    private static string ListOf(PeerCall call) => call.Field("chat_list").GetProperty("@type").GetString()!;

    /// <summary>What is followed and in the list that is asked for.</summary>
    private IReadOnlyList<PeerChannel> Listed(PeerCall call)
    {
        var (owner, isArchive) = (call.Client.Owner!, ListOf(call) == "chatListArchive");
        return [.. owner.Follows.Keys.Where(name => owner.Archived.Contains(name) == isArchive).Select(name => channelsByName[name])];
    }

    private static JsonObject Chats(IReadOnlyList<PeerChannel> some) => Of("chats", ("total_count", some.Count),
        ("chat_ids", new JsonArray([.. some.Select(channel => (JsonNode)channel.ChatId)])));

    private static JsonObject JoinedTo(PeerChannel channel) => Of("chatJoinResultSuccess", ("chat_id", channel.ChatId));

    private bool IsResolved(PeerOwner owner, ChannelName name) => owner.Follows.ContainsKey(name)
        || (owner.Resolved.TryGetValue(name, out var at) && Clock.GetUtcNow() - at < NamesFor);

    private PeerChannel Remember(ChannelName name, FoundChat found)
    {
        if (!channelsByName.TryGetValue(name, out var channel)) channelsByName.Add(name, channel = new PeerChannel(name, found));
        channel.Found = found;
        channel.OtherNames = [.. secondNames.Where(second => second.Value == name).Select(second => second.Key.Value.TrimStart('@'))];
        return channels[channel.ChatId] = channel;
    }

    /// <summary>Without a network a request waits for one.</summary>
    private bool Waits(PeerCall call, Action again)
    {
        if (isOffline) held.Add(() => IfOpen(call.Client, again));
        return isOffline;
    }

    /// <summary>What the sandbox does with a call of this account's, in its own time.</summary>
    private async ValueTask<Outcome> OnSandboxAsync(PeerOwner owner, Func<ITelegramSession, ValueTask<Outcome>> ask)
    {
        var connection = await Sandbox.ConnectAsync(SessionId.Parse($"peer-{owner.Id}"), [], default, CancellationToken.None);
        if (connection.Session is not { } session) return connection.Failure!;
        await using (session) return await ask(session);
    }

    private static void IfOpen(PeerClient client, Action action)
    {
        if (!client.IsClosed && !client.IsLeaving) action();
    }
}
