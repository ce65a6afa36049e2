using System.Globalization;
using System.Text;
using System.Text.Json;
using HeatUp.TdLib;

namespace HeatUp.Tests.TdLib;

/// <summary>
/// A small world behind the JSON boundary: an account that is logged in, and channels. It speaks as TDLib does, in that
/// order; what needs the network takes its time on the test's clock.
/// </summary>
internal sealed class PeerTdJson(TimeProvider clock) : ITdJson
{
    public static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<int, Action<ReadOnlyMemory<byte>>> clients = [];
    private int lastClient;

    public TdRedaction Redaction { get; } = new();

    public Dictionary<string, PeerChannel> Channels { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The state after the start.</summary>
    public string Login { get; set; } = "Ready";

    public bool IsOffline { get; set; }

    /// <summary>What is answered to a kind of request instead, without its closing brace; null for silence.</summary>
    public Dictionary<string, string?> Instead { get; } = [];

    /// <summary>The names of all requests, in order.</summary>
    public List<string> Asked { get; } = [];

    public int CreateClient(Action<ReadOnlyMemory<byte>> receive)
    {
        clients.Add(++lastClient, receive);
        return lastClient;
    }

    public void Forget(int client) => clients.Remove(client);

    public void Send(int client, ReadOnlyMemory<byte> request)
    {
        var asked = JsonElement.Parse(request.Span);
        var name = RawClient.ClassOf(asked);
        Asked.Add(name);
        var call = new Call(client, asked);
        if (!Instead.TryGetValue(name, out var instead)) Answer(name, call);
        else if (instead is not null) Reply(call, instead);
    }

    /// <summary>Puts the account somewhere else than it was.</summary>
    public void Enter(int client, string state) => Say(client,
        $$$"""{"@type":"updateAuthorizationState","authorization_state":{"@type":"authorizationState{{{state}}}"}""");

    private void Answer(string name, Call call)
    {
        switch (name)
        {
            case "setTdlibParameters":
                Enter(call.Client, Login);
                Reply(call, Ok);
                if (!IsOffline) Later(() => Say(call.Client, """{"@type":"updateConnectionState","state":{"@type":"connectionStateReady"}"""));
                break;
            case "close":
                Reply(call, Ok);
                Enter(call.Client, "Closing");
                Enter(call.Client, "Closed");
                break;
            case "searchPublicChat": Search(call); break;
            case "getSupergroup": Reply(call, SupergroupOf(ByNumber(call.Number("supergroup_id")))); break;
            case "getChat": Reply(call, ChatOf(ByChat(call))); break;
            case "joinChat": Join(call, ByChat(call)); break;
            case "getChatHistory": Later(() => Reply(call, HistoryOf(call, ByChat(call)))); break;
            case "viewMessages": View(call, ByChat(call)); break;
            default: Reply(call, Ok); break;
        }
    }

    private void Search(Call call)
    {
        var name = call.Asked.GetProperty("username").GetString()!.TrimStart('@');
        if (!Channels.TryGetValue(name, out var channel))
        {
            Later(() => Reply(call, """{"@type":"error","code":400,"message":"USERNAME_NOT_OCCUPIED" """));
            return;
        }
        if (channel.IsMember || channel.IsResolved) Reply(call, ChatOf(channel));
        else Later(() => Resolve(call, channel));
    }

    private void Resolve(Call call, PeerChannel channel)
    {
        channel.IsResolved = true;
        Say(call.Client, $$"""{"@type":"updateSupergroup","supergroup":{{SupergroupOf(channel)}}}""");
        Reply(call, ChatOf(channel));
    }

    private void Join(Call call, PeerChannel channel)
    {
        var success = $$"""{"@type":"chatJoinResultSuccess","chat_id":{{channel.ChatId}}""";
        if (channel.IsMember) Reply(call, success);
        else Later(() =>
        {
            channel.IsMember = true;
            channel.LastRead = channel.Posts.Count > 0 ? channel.Posts[^1] : 0;
            Say(call.Client, $$"""{"@type":"updateSupergroup","supergroup":{{SupergroupOf(channel)}}}""");
            Reply(call, success);
        });
    }

    /// <summary>The mark comes after the answer, as for a chat that is open.</summary>
    private void View(Call call, PeerChannel channel)
    {
        Reply(call, Ok);
        if (!channel.IsMember || channel.LosesMarks) return;
        var newest = call.Asked.GetProperty("message_ids").EnumerateArray().Max(id => id.GetInt64());
        Later(() =>
        {
            channel.LastRead = Math.Max(channel.LastRead, newest);
            Say(call.Client, $$"""{"@type":"updateChatReadInbox","chat_id":{{channel.ChatId}},"last_read_inbox_message_id":{{channel.LastRead}},"unread_count":{{channel.Unread}}""");
        });
    }

    /// <summary>The first answer holds one post only, as TDLib's does.</summary>
    private static string HistoryOf(Call call, PeerChannel channel)
    {
        var from = call.Number("from_message_id");
        var older = channel.Posts.Where(post => from == 0 || post < from).Reverse();
        var some = older.Take(from == 0 ? 1 : (int)call.Number("limit")).Select(post => $$"""{"@type":"message","id":{{post}},"date":1}""").ToList();
        return $$"""{"@type":"messages","total_count":{{some.Count}},"messages":[{{string.Join(',', some)}}]""";
    }

    private static string ChatOf(PeerChannel channel) =>
        $$$"""{"@type":"chat","id":{{{channel.ChatId}}},"type":{"@type":"{{{channel.Class}}}","supergroup_id":{{{channel.Number}}},"is_channel":{{{(channel.Class == PeerChannel.Supergroup ? "true" : "false")}}}},"title":"A channel","unread_count":{{{channel.Unread}}},"last_read_inbox_message_id":{{{channel.LastRead}}}""";

    private static string SupergroupOf(PeerChannel channel) =>
        $$$"""{"@type":"supergroup","id":{{{channel.Number}}},"status":{"@type":"chatMemberStatus{{{channel.Status}}}"},"member_count":0,"join_by_request":false,"is_channel":true""";

    private const string Ok = """{"@type":"ok" """;

    private PeerChannel ByChat(Call call)
    {
        var id = call.Number("chat_id");
        return Channels.Values.Single(channel => channel.ChatId == id);
    }

    private PeerChannel ByNumber(long number) => Channels.Values.Single(channel => channel.Number == number);

    private void Later(Action happens)
    {
        ITimer? timer = null;
        timer = clock.CreateTimer(_ =>
        {
            timer?.Dispose();
            happens();
        }, null, Latency, Timeout.InfiniteTimeSpan);
    }

    private void Reply(Call call, string json) => Say(call.Client, $"{json},\"@extra\":{call.Asked.GetProperty("@extra")}");

    private void Say(int client, string json)
    {
        if (!clients.TryGetValue(client, out var receive)) return;
        receive(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{json},\"@client_id\":{client}}}")));
    }

    private sealed record Call(int Client, JsonElement Asked)
    {
        public long Number(string field) => Asked.GetProperty(field).GetInt64();
    }
}

/// <summary>A channel of the small world, as the account sees it.</summary>
internal sealed class PeerChannel(int number)
{
    public const string Supergroup = "chatTypeSupergroup";

    public int Number => number;

    public long ChatId => -1_000_000_000_000 - number;

    public string Class { get; init; } = Supergroup;

    public bool IsMember { get; set; }

    public bool IsBanned { get; init; }

    public bool IsResolved { get; set; }

    /// <summary>Whether Telegram forgets what was marked read.</summary>
    public bool LosesMarks { get; set; }

    /// <summary>Posts' numbers, the oldest first.</summary>
    public List<long> Posts { get; } = [];

    public long LastRead { get; set; }

    public int Unread => IsMember ? Posts.Count(post => post > LastRead) : 0;

    public string Status => IsBanned ? "Banned" : IsMember ? "Member" : "Left";
}
