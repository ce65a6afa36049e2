namespace HeatUp.Tests.Loopback;

/// <summary>Refusals that concern a channel only: the sitting goes on, and so does the account.</summary>
public sealed class RefusedJoinsTests : ThreeAccountsTest
{
    private const string JoinMethod = "channels.joinChannel";
    private const string LookUpMethod = "contacts.resolveUsername";

    /// <summary>What three accounts meet in three joins each.</summary>
    public static TheoryData<string[]> Refusals => new()
    {
        {
            [
                "400 CHANNELS_TOO_MUCH", "400 USER_CHANNELS_TOO_MUCH", "406 CHANNEL_PRIVATE",
                "400 CHANNEL_INVALID", "400 CHAT_INVALID", "400 PEER_ID_INVALID",
                "400 MSG_ID_INVALID", "400 USERS_TOO_MUCH", "400 INVITE_REQUEST_SENT",
            ]
        },
        {
            [
                "400 CHANNEL_MONOFORUM_UNSUPPORTED", "400 INVITE_HASH_EMPTY", "400 INVITE_HASH_INVALID",
                "406 INVITE_HASH_EXPIRED", "400 INVITE_REQUEST_DECLINED", "400 JOIN_GUARD_TIMEOUT",
                "400 CHANNEL_PRIVATE", "400 USERNAME_NOT_OCCUPIED", "400 USERNAME_INVALID",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task AChannelThatCantBeJoinedEndsNothing(string[] refusals)
    {
        var pool = Enumerable.Range(1, refusals.Length).Select(number => $"channel{number}").ToArray();
        Folder.Write("channels.json", $"[{string.Join(',', pool.Select(name => $$"""{"username":"@{{name}}"}"""))}]");
        foreach (var name in pool) await Telegram.AddChannelAsync(name);
        await LogInAllAsync();
        var sittings = new List<Task<(int Code, string Shown)>>();
        foreach (var ((account, phone), meets, names) in Three.Zip(refusals.Chunk(3), pool.Chunk(3)))
        {
            await DoneAsync(["account", "allow", account, .. names.Select(name => $"@{name}")]);
            foreach (var refusal in meets) await RefuseAsync(refusal, phone);
            sittings.Add(EndedAsync(await SitAsync(account, [.. names.Select(Join)])));
        }

        var ended = await Task.WhenAll(sittings);

        foreach (var ((account, phone), meets, (code, shown)) in Three.Zip(refusals.Chunk(3), ended))
        {
            code.ShouldBe(0, shown);
            foreach (var refusal in meets) shown.ShouldContain(SaidOf(refusal[4..]));
            (await HistoryAsync(account)).ShouldBeEmpty();
            (await Telegram.FollowedAsync(phone)).ShouldBeEmpty();
        }
        var listed = (await JsonAsync("account", "list"))["accounts"]!.AsArray();
        listed.ShouldAllBe(one => one!["ended"] == null && one["stopped"] == null && one["wait_until"] == null);
        var seen = (await Telegram.SeenAsync()).Select(call => call.Answer).ToHashSet();
        refusals.Except(seen!).ShouldBeEmpty("each was answered on the wire");
    }

    [Fact]
    public async Task AJoinThatAnotherDeviceHasDoneMeanwhileIsOne()
    {
        await LogInAsync();
        await DoneAsync("account", "allow", "alice", "@durov");
        await PlanAsync(Join("durov"), Read("durov"), Idle());
        await Telegram.HoldAsync(JoinMethod, "before");
        var sitting = HeatAsync("warmup", "alice");
        await Telegram.UntilAsync(JoinMethod);

        await Telegram.FollowAsync(Phone, "durov", follows: true);
        await Telegram.ClearAsync();

        var ended = await sitting;
        ended.Code.ShouldBe(0, ended.Out + ended.Error);
        (await HistoryAsync("alice")).ShouldBe(["join_channel", "read_messages", "idle"]);
        ended.Out.ShouldContain("joined @durov");
        (await Telegram.SeenAsync()).Single(call => call.Method == JoinMethod).Answer.ShouldBe("400 USER_ALREADY_PARTICIPANT");
        (await Telegram.ReadAsync(Phone, "durov")).ShouldBe(20);
    }

    /// <summary>TDLib says by one result that somebody else must consent, however that is asked for.</summary>
    private static string SaidOf(string refusal) => refusal == "JOIN_GUARD_TIMEOUT" ? "INVITE_REQUEST_SENT" : refusal;

    private Task RefuseAsync(string refusal, string phone) => Telegram.FailAsync(
        refusal.Contains("USERNAME", StringComparison.Ordinal) ? LookUpMethod : JoinMethod,
        int.Parse(refusal[..3], null), refusal[4..], times: 1, phone);
}
