using System.Text.Json;
using HeatUp.Channels;
using HeatUp.Runs;
using HeatUp.Runs.Sandbox;
using HeatUp.TdLib;
using HeatUp.TdLib.Api;
using HeatUp.Testing.Peer;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Loopback;

/// <summary>
/// The scripted peer against TDLib itself on a Telegram on loopback: the same requests get answers of the same form, and
/// what Heat Up listens to comes in the same order.
/// </summary>
public sealed class ScriptTellsTheTruthTests : IDisposable
{
    private const string Phone = "+15550001111";
    private const string Bob = "+15550002222";

    /// <summary>What Heat Up listens to, beside connections, whose states have their own times.</summary>
    private static readonly string[] Heard = ["updateAuthorizationState", "updateFreezeState"];

    private const string ReadMark = "updateChatReadInbox";

    private static readonly (int Code, string Text)[] Joins =
    [
        (400, "CHANNELS_TOO_MUCH"), (400, "INVITE_REQUEST_SENT"), (400, "PEER_FLOOD"), (420, "FLOOD_WAIT_61"),
        (420, "FROZEN_METHOD_INVALID"),
    ];

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public Task EveryExchangeIsAsTheLibraryHasIt() => CompareAsync(async talk =>
    {
        await talk.AskAsync(new SetTdlibParameters(false, talk.Folder, new byte[32], 1234567, "hash"));
        await talk.AskAsync(new SetAuthenticationPhoneNumber(Phone));
        await talk.AskAsync(new CheckAuthenticationCode("54321"));
        await talk.AskAsync(new CheckAuthenticationCode("12345"));
        await talk.AskAsync(new GetMe());
        await talk.AskAsync(new LoadChats(ChatLists.Main, 100));
        await talk.AskAsync(new GetChats(ChatLists.Main, 100));
        await talk.AskAsync(new SearchPublicChat("nobody_here_at_all"));
        var (id, channel) = await FindAsync(talk);
        await talk.AskAsync(new GetSupergroup(channel));
        await talk.AskAsync(new JoinChat(id));
        await talk.AskAsync(new JoinChat(id));
        await talk.AskAsync(new GetSupergroup(channel));
        await talk.AskAsync(new OpenChat(id));
        var posts = await talk.AskAsync(new GetChatHistory(id, 0, 20));
        var newest = posts.GetProperty("messages")[0].GetProperty("id").GetInt64();
        await talk.AskAsync(new GetChatHistory(id, newest, 19));
        await talk.AskAsync(new GetChatHistory(id, 1 << 20, 19));
        await talk.AskAsync(new ViewMessages(id, [newest]));
        await talk.AskAsync(new GetChat(id));
        await talk.AskAsync(new CloseChat(id));
        await talk.AskAsync(new GetSupergroupFullInfo(channel));
        await talk.AskAsync(new GetChatSimilarChats(id));
        await talk.AskAsync(new LoadChats(ChatLists.Main, 100));
        await talk.AskAsync(new GetChats(ChatLists.Main, 100));
        await talk.AskAsync(new GetChat(77));
        await talk.FollowAsync(false);
        await talk.AskAsync(new GetSupergroupFullInfo(channel));
        await talk.AskAsync(new GetSupergroup(channel));
        await talk.AskAsync(new Close());
    });

    [Fact]
    public Task EveryRefusalIsAsTheLibraryHasIt() => CompareAsync(async talk =>
    {
        await LogInAsync(talk);
        await talk.RefuseAsync("searchPublicChat", "contacts.resolveUsername", 420, "FLOOD_WAIT_61");
        await talk.AskAsync(new SearchPublicChat("durov"));
        await talk.RefuseAsync("searchPublicChat", "contacts.resolveUsername", 400, "USERNAME_INVALID");
        await talk.AskAsync(new SearchPublicChat("durov"));
        await talk.AskAsync(new SearchPublicChat(""));
        var (id, channel) = await FindAsync(talk);
        foreach (var (code, text) in Joins)
        {
            await talk.RefuseAsync("joinChat", "channels.joinChannel", code, text);
            await talk.AskAsync(new JoinChat(id));
            await talk.AskAsync(new GetSupergroup(channel));
        }
        await talk.RefuseAsync("getChatSimilarChats", "channels.getChannelRecommendations", 420, "FLOOD_WAIT_3600");
        await talk.AskAsync(new GetChatSimilarChats(id));
        await talk.RefuseAsync("getChatHistory", "messages.getHistory", 420, "FLOOD_WAIT_61");
        await talk.AskAsync(new GetChatHistory(id, 1 << 20, 19));
        await talk.RefuseAsync("joinChat", "channels.joinChannel", 406, "CHANNEL_PRIVATE");
        await talk.AskAsync(new JoinChat(id));
        await talk.AskAsync(new Close());
    });

    [Fact]
    public Task EveryStepOfALoginIsAsTheLibraryHasIt() => CompareAsync(async talk =>
    {
        await talk.AskAsync(new SetTdlibParameters(false, talk.Folder, new byte[32], 0, ""));
        await talk.AskAsync(new SetTdlibParameters(false, talk.Folder, new byte[32], 1234567, "hash"));
        await talk.AskAsync(new CheckAuthenticationCode("12345"));
        await talk.AskAsync(new CheckAuthenticationPassword("meow"));
        await talk.AskAsync(new SetAuthenticationPhoneNumber(""));
        await talk.AskAsync(new SetAuthenticationPhoneNumber("+15550009999"));
        await talk.AskAsync(new SetAuthenticationPhoneNumber(Bob));
        await talk.AskAsync(new ResendAuthenticationCode());
        await talk.AskAsync(new ResendAuthenticationCode());
        await talk.AskAsync(new CheckAuthenticationCode(""));
        await talk.AskAsync(new CheckAuthenticationCode("54321"));
        await talk.AskAsync(new CheckAuthenticationCode("12345"));
        await talk.AskAsync(new CheckAuthenticationPassword("woof"));
        await talk.AskAsync(new CheckAuthenticationPassword("meow"));
        await talk.AskAsync(new GetMe());
        await talk.AskAsync(new LogOut());
        await talk.EndAsync();
    });

    [Fact]
    public Task ALoginByQrCodeIsAsTheLibraryHasIt() => CompareAsync(async talk =>
    {
        await talk.AskAsync(new SetTdlibParameters(false, talk.Folder, new byte[32], 1234567, "hash"));
        await talk.AskAsync(new RequestQrCodeAuthentication());
        await talk.ScanAsync();
        await talk.AskAsync(new CheckAuthenticationPassword("meow"));
        await talk.AskAsync(new Close());
    });

    [Fact]
    public Task AChannelOfTwoNamesIsAsTheLibraryHasIt() => CompareAsync(async talk =>
    {
        await LogInAsync(talk);
        await talk.NameAsync("durov_too");
        var (id, channel) = await FindAsync(talk, "durov_too");
        await talk.AskAsync(new GetSupergroup(channel));
        (await FindAsync(talk)).ShouldBe((id, channel));
        await talk.AskAsync(new Close());
    });

    [Fact]
    public Task ARestrictedChannelIsAsTheLibraryHasIt() => CompareAsync(async talk =>
    {
        await LogInAsync(talk);
        var (_, channel) = await FindAsync(talk);
        await talk.AskAsync(new GetSupergroup(channel));
        await talk.AskAsync(new Close());
    }, isRestricted: true);

    [Theory]
    [InlineData(401, "AUTH_KEY_UNREGISTERED")]
    [InlineData(401, "SESSION_REVOKED")]
    [InlineData(401, "USER_DEACTIVATED_BAN")]
    public Task TheEndOfALoginIsAsTheLibraryHasIt(int code, string text) => CompareAsync(async talk =>
    {
        await LogInAsync(talk);
        var (id, _) = await FindAsync(talk);
        await talk.RefuseAsync("joinChat", "channels.joinChannel", code, text);
        await talk.AskAsync(new JoinChat(id));
        await talk.EndAsync();
    });

    [Fact]
    public Task AFrozenAccountIsAsTheLibraryHasIt() => CompareAsync(async talk =>
    {
        await LogInAsync(talk);
        var (id, _) = await FindAsync(talk);
        await talk.FreezeAsync(true);
        await talk.AskAsync(new JoinChat(id));
        await talk.FreezeAsync(false);
        await talk.AskAsync(new JoinChat(id));
        await talk.AskAsync(new Close());
    });

    private async Task CompareAsync(Func<Talk, Task> play, bool isRestricted = false)
    {
        await using var telegram = await LoopbackTelegram.StartAsync();
        await telegram.AddAccountAsync(Phone);
        await telegram.AddAccountAsync(Bob, "Bob", password: "meow", hint: "a cat");
        await telegram.AddChannelAsync("durov");
        await telegram.AddChannelAsync("telegram");
        if (isRestricted) await telegram.RestrictAsync("durov");
        SandboxFaults.TryParse(isRestricted ? "restricted:1" : "", out var faults, out var problem).ShouldBeTrue(problem);
        var clock = TimeProvider.System;
        var peer = new ScriptedPeer(clock, new SandboxTelegram(
            () => ChannelPool.VerifiedOnly, clock, Pace.Real, new Seed(7), faults!));
        var owner = peer.Add(new PeerOwner(Phone));
        var bob = peer.Add(new PeerOwner(Bob) { Id = 777_124, Password = "meow", PasswordHint = "a cat" });
        await using var library = new TdTalker(telegram);
        await using var stand = new TdTalker(peer);
        var real = new Talk(library, folder.File("real"))
        {
            Refuse = (_, method, code, text) => telegram.FailAsync(method, code, text, times: 1),
            Follow = follows => telegram.FollowAsync(Phone, "durov", follows),
            Freeze = isFrozen => telegram.FreezeAsync(Phone, isFrozen),
            Scan = _ => telegram.ScanAsync(Bob),
            Name = name => telegram.NameAsync("durov", name),
        };
        var script = new Talk(stand, folder.File("script"))
        {
            Refuse = (request, _, code, text) =>
            {
                peer.Next(request, TurnOf(code, text));
                return Task.CompletedTask;
            },
            Follow = follows =>
            {
                if (!follows) ScriptedPeer.Leave(owner, ChannelName.Parse("@durov"));
                return Task.CompletedTask;
            },
            Freeze = isFrozen =>
            {
                peer.Freeze(owner, isFrozen);
                return Task.CompletedTask;
            },
            Scan = link =>
            {
                peer.Scan(link, bob);
                return Task.CompletedTask;
            },
            Name = name =>
            {
                peer.Name(ChannelName.Parse("@durov"), ChannelName.Parse($"@{name}"));
                return Task.CompletedTask;
            },
        };

        await Task.WhenAll(play(real), play(script));

        var differences = new List<string>();
        foreach (var (one, other) in real.All.Zip(script.All))
        {
            one.Name.ShouldBe(other.Name);
            if (one.Said.Count > 0 && other.Said.Count > 0) differences.AddRange(Differences(one.Name, one.Said[^1], other.Said[^1]));
            foreach (var (state, scriptedState) in States(one.Said).Zip(States(other.Said)))
                differences.AddRange(Differences(one.Name, state, scriptedState));
            // The library tells of read marks at other times too, whenever it hears of one.
            var hasMarks = one.Name.EndsWith("viewMessages", StringComparison.Ordinal);
            var (order, scripted) = (Order(one.Said, hasMarks), Order(other.Said, hasMarks));
            if (order != scripted) differences.Add($"{one.Name}: {order} and not {scripted}");
        }
        differences.Distinct().ShouldBeEmpty();
    }

    private static async Task LogInAsync(Talk talk)
    {
        await talk.AskAsync(new SetTdlibParameters(false, talk.Folder, new byte[32], 1234567, "hash"));
        await talk.AskAsync(new SetAuthenticationPhoneNumber(Phone));
        await talk.AskAsync(new CheckAuthenticationCode("12345"));
    }

    private static async Task<(long Chat, long Channel)> FindAsync(Talk talk, string name = "durov")
    {
        var chat = await talk.AskAsync(new SearchPublicChat(name));
        return (chat.GetProperty("id").GetInt64(), chat.GetProperty("type").GetProperty("supergroup_id").GetInt64());
    }

    /// <summary>What TDLib makes of an error is what the script says.</summary>
    private static PeerTurn TurnOf(int code, string text) => text.StartsWith("FLOOD_WAIT_", StringComparison.Ordinal)
        ? new PeerTurn.Flood(int.Parse(text.AsSpan("FLOOD_WAIT_".Length), null))
        : code == 401 ? new PeerTurn.Revoked(text) : new PeerTurn.Error(code, text);

    /// <summary>From the first request to the last, each with all that was said until its answer.</summary>
    private sealed class Talk(TdTalker talker, string folder)
    {
        public string Folder => folder;

        public List<(string Name, IReadOnlyList<JsonElement> Said)> All { get; } = [];

        public required Func<string, string, int, string, Task> Refuse { get; init; }

        public required Func<bool, Task> Follow { get; init; }

        public required Func<bool, Task> Freeze { get; init; }

        public required Func<string, Task> Scan { get; init; }

        public required Func<string, Task> Name { get; init; }

        public async Task<JsonElement> AskAsync(TdRequest request)
        {
            var said = await talker.AskAsync(request);
            All.Add(($"{All.Count + 1} {request.Name}", said));
            return said[^1];
        }

        /// <summary>The next request of a kind is refused.</summary>
        public Task RefuseAsync(string request, string method, int code, string text) => Refuse(request, method, code, text);

        /// <summary>The account joins or leaves the channel on another device.</summary>
        public Task FollowAsync(bool follows) => Follow(follows);

        /// <summary>Telegram freezes the account, or thaws it; waits until the client says so.</summary>
        public async Task FreezeAsync(bool isFrozen)
        {
            await Freeze(isFrozen);
            All.Add(($"{All.Count + 1} freeze", await talker.HearAsync("updateFreezeState")));
        }

        /// <summary>The channel gets one more name.</summary>
        public Task NameAsync(string name) => Name(name);

        /// <summary>Bob scans the code that is shown; waits until his password is asked for.</summary>
        public async Task ScanAsync()
        {
            var shown = await talker.UntilAsync("authorizationStateWaitOtherDeviceConfirmation");
            await Scan(talker.State!.Value.GetProperty("link").GetString()!);
            All.Add(($"{All.Count + 1} scan", [.. shown, .. await talker.UntilAsync("authorizationStateWaitPassword")]));
        }

        /// <summary>Waits until the client has closed by itself.</summary>
        public async Task EndAsync() => All.Add(("the end", await talker.UntilAsync("authorizationStateClosed")));
    }

    private static IEnumerable<JsonElement> States(IEnumerable<JsonElement> said) => said
        .Where(one => one.TryGetProperty("authorization_state", out _));

    private static string Order(IEnumerable<JsonElement> said, bool hasMarks) => string.Join(", ", said
        .Select(one => one.GetProperty("@type").GetString()!)
        .Where(name => Heard.Contains(name) || name == "error" || (hasMarks && name == ReadMark)));

    private static IEnumerable<string> Differences(string place, JsonElement real, JsonElement script)
    {
        if (real.ValueKind != script.ValueKind && !(IsTruth(real) && IsTruth(script)))
            return [$"{place}: is a {real.ValueKind} and not a {script.ValueKind}"];
        return real.ValueKind switch
        {
            JsonValueKind.Object => OfObjects(place, real, script),
            JsonValueKind.Array when real.GetArrayLength() > 0 && script.GetArrayLength() > 0 =>
                Differences($"{place}[]", real[0], script[0]),
            _ when place.EndsWith("@type", StringComparison.Ordinal) && real.GetString() != script.GetString() =>
                [$"{place}: is {real} and not {script}"],
            _ => [],
        };
    }

    private static IEnumerable<string> OfObjects(string place, JsonElement real, JsonElement script)
    {
        foreach (var field in real.EnumerateObject())
            if (!script.TryGetProperty(field.Name, out _)) yield return $"{place}.{field.Name}: is missing in the script";
        foreach (var field in script.EnumerateObject())
            if (!real.TryGetProperty(field.Name, out var its)) yield return $"{place}.{field.Name}: the script has it, the library doesn't";
            else
                foreach (var difference in Differences($"{place}.{field.Name}", its, field.Value))
                    yield return difference;
    }

    private static bool IsTruth(JsonElement json) => json.ValueKind is JsonValueKind.True or JsonValueKind.False;
}
