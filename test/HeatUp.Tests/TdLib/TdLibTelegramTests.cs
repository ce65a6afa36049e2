using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Runs.Conduct;
using HeatUp.Runs.Sandbox;
using HeatUp.TdLib;
using HeatUp.Testing.Peer;
using HeatUp.Tests.Runs;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.TdLib;

/// <summary>The real Telegram's side of the contract, over the sandbox behind TDLib's JSON boundary.</summary>
public class TdLibTelegramTests : TelegramContract, IDisposable
{
    private static readonly TimeSpan FiveSeconds = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider clock = FakeTime.AtNoon();
    private readonly TempFolder folder = new();
    private readonly PeerOwner owner = new("+15550001122");
    private readonly ConcurrentQueue<string> faults = new();
    private readonly ConcurrentQueue<string> broken = new();
    private readonly Func<PeerNoise?> noise;
    private readonly TdAccounts accounts;
    private ScriptedPeer peer;
    private TdLibTelegram telegram;

    public TdLibTelegramTests() : this(() => null) { }

    /// <summary>With what TDLib says besides.</summary>
    protected TdLibTelegramTests(Func<PeerNoise?> noise)
    {
        this.noise = noise;
        accounts = new TdAccounts(folder.File("accounts"));
        (peer, telegram) = World("");
        LogIn(Alice);
    }

    protected override ITelegram Telegram => new AccountsAsTelegram(telegram, Alice)
    {
        // What the contract wants to be remembered, Telegram remembers.
        OnRemembered = membership => peer.Follow(owner, membership.Channel, membership.LastReadAt ?? membership.JoinedAt),
    };

    protected override ChannelName Existing => ChannelName.Parse("@durov");

    protected override ChannelName Missing => ChannelName.Parse("@nobody_has_this");

    protected override DateTimeOffset Now => clock.GetUtcNow();

    public virtual void Dispose()
    {
        GC.SuppressFinalize(this);
        folder.Dispose();
        broken.ShouldBeEmpty("what is asked keeps the rules of conduct");
        faults.ShouldBeEmpty("what the peer says must have the fields of TDLib's");
    }

    [Fact]
    public async Task AReadingMarksTheNewestPostsWithoutRaisingTheirViews()
    {
        peer.Follow(owner, Existing, Now.AddDays(-2));
        var unread = peer.UnreadOf(owner, Existing);
        unread.ShouldBeGreaterThan(0);
        await using var session = await GoOnlineAsync();

        (await RunAsync(session.ReadAsync(Existing, FiveSeconds, Cancellation)))
            .ShouldBe(new Outcome.Done(Math.Min(unread, TdLibSession.PostsMax)));

        (peer.UnreadOf(owner, Existing), peer.ViewsRaised).ShouldBe((0, 0));
        peer.Asked.SkipWhile(name => name != "openChat").Distinct()
            .ShouldBe(["openChat", "getChatHistory", "viewMessages", "getChat", "closeChat"]);
    }

    [Fact]
    public async Task AMarkThatTelegramDoesNotShowIsNotDone()
    {
        peer.Follow(owner, Existing, Now.AddDays(-2));
        owner.LosesMarks = true;
        await using var session = await GoOnlineAsync();

        var read = await RunAsync(session.ReadAsync(Existing, FiveSeconds, Cancellation));

        read.ShouldBe(new Outcome.Refused(new TelegramError(500, "The posts were not marked as read")));
        peer.Asked[^1].ShouldBe("closeChat");
    }

    [Theory]
    [InlineData("""{"@type":"chatJoinResultRequestSent"}""", "400 INVITE_REQUEST_SENT")]
    [InlineData("""{"@type":"chatJoinResultGuardBotApprovalRequired","bot_user_id":1,"query_id":"2"}""", "400 INVITE_REQUEST_SENT")]
    [InlineData("""{"@type":"chatJoinResultDeclined"}""", "400 INVITE_REQUEST_DECLINED")]
    [InlineData("""{"@type":"error","code":406,"message":"CHANNEL_PRIVATE"}""", "406 CHANNEL_PRIVATE")]
    [InlineData("""{"@type":"ok"}""", "500 TDLib answered with another class: Ok")]
    public async Task AJoinThatIsNotOneIsRefusedWithItsReason(string answer, string why)
    {
        peer.Next("joinChat", new PeerTurn.Says((JsonObject)JsonNode.Parse(answer)!));
        await using var session = await GoOnlineAsync();

        var join = await RunAsync(JoinAsync(session));

        join.ShouldBeOfType<Outcome.Refused>().Why.ToString().ShouldBe(why);
    }

    [Fact]
    public async Task ANameThatLeadsElsewhereThanAMomentAgoIsNotJoined()
    {
        await using var session = await GoOnlineAsync();
        var (id, _, _) = await RunAsync(session.FollowsAsync(Existing, Cancellation));

        var join = await RunAsync(session.JoinAsync(Existing, id + 1, Cancellation));

        join.ShouldBeOfType<Outcome.Refused>().Why.Kind.ShouldBe(TelegramErrorKind.Conduct);
        peer.Asked.ShouldNotContain("joinChat");
    }

    [Fact]
    public async Task ALoudFloodIsWaitedForToTheSecond()
    {
        peer.Next("joinChat", new PeerTurn.Flood(183));
        await using var session = await GoOnlineAsync();

        var join = await RunAsync(JoinAsync(session));

        join.ShouldBeOfType<Outcome.MustWait>().Until.ShouldBe(Now.AddSeconds(183), TimeSpan.FromMilliseconds(200));
    }

    [Fact]
    public async Task ASilentFloodIsSatOut()
    {
        peer.Next("joinChat", new PeerTurn.Late(TimeSpan.FromSeconds(59)));
        await using var session = await GoOnlineAsync();

        (await RunAsync(JoinAsync(session))).ShouldBe(Outcome.Done.Plain);
    }

    [Fact]
    public async Task AFrozenLimitedOrRevokedAccountIsLost()
    {
        foreach (var turn in new PeerTurn[]
        {
            new PeerTurn.Frozen(), new PeerTurn.Error(400, "PEER_FLOOD"), new PeerTurn.Revoked("SESSION_REVOKED"),
        })
        {
            peer.Next("joinChat", turn);
            await using var session = await GoOnlineAsync();

            (await RunAsync(JoinAsync(session))).ShouldBeOfType<Outcome.AccountLost>();
        }
    }

    [Fact]
    public async Task AnAccountThatIsLoggedOutElsewhereWhileItReadsIsLostForGood()
    {
        await using (var session = await GoOnlineAsync())
        {
            var read = session.ReadAsync(Existing, FiveSeconds, Cancellation);
            Pass(TimeSpan.FromSeconds(1));
            peer.Revoke(owner);

            (await RunAsync(read)).ShouldBeOfType<Outcome.AccountLost>();
        }
        (await RunAsync(telegram.ConnectAsync(Alice, Cancellation))).Failure.ShouldBeOfType<Outcome.AccountLost>();
        telegram.Trouble.ShouldNotBeNull().ShouldContain("heat account login");
    }

    [Fact]
    public async Task SilenceEndsAtTheDeadline()
    {
        peer.Next("joinChat", new PeerTurn.Silence());
        await using var session = await GoOnlineAsync();

        (await RunAsync(JoinAsync(session))).ShouldBe(new Outcome.Refused(TelegramError.NoAnswer));
    }

    [Fact]
    public async Task AJoinWhoseAnswerIsLateIsProvedByTheMembership()
    {
        peer.Next("joinChat", new PeerTurn.HappensAnsweredLate(TimeSpan.FromSeconds(100)));
        await using var session = await GoOnlineAsync();

        (await RunAsync(JoinAsync(session))).ShouldBe(Outcome.Done.Plain);
    }

    [Fact]
    public async Task AJoinThatHappensLateIsNotLost()
    {
        peer.Next("joinChat", new PeerTurn.Late(TimeSpan.FromSeconds(100)));
        await using (var session = await GoOnlineAsync())
        {
            (await RunAsync(JoinAsync(session))).ShouldBe(new Outcome.Refused(TelegramError.NoAnswer));
            Pass(TimeSpan.FromSeconds(12));
        }
        await using var next = await GoOnlineAsync();

        (await RunAsync(next.FollowsAsync(Existing, Cancellation))).IsFollowed.ShouldBeTrue();
        (await JoinAsync(next)).ShouldBe(Outcome.Done.Plain);
        peer.Asked.Count(name => name == "joinChat").ShouldBe(1);
    }

    [Fact]
    public async Task AChatThatTdLibHasForgottenIsLookedUpAgainOnce()
    {
        var forgotten = new PeerTurn.Error(400, "Chat not found");
        peer.Next("joinChat", forgotten, forgotten, forgotten);
        await using var session = await GoOnlineAsync();

        (await RunAsync(JoinAsync(session))).Error.ShouldNotBeNull().Kind.ShouldBe(TelegramErrorKind.ChatUnknown);
        peer.Asked.Count(name => name == "searchPublicChat").ShouldBe(3, "for its number, for the join, and once more");
        (await RunAsync(JoinAsync(session))).ShouldBe(Outcome.Done.Plain);
    }

    [Theory]
    [InlineData("not_a_channel:1", TelegramErrorKind.NotJoinable)]
    [InlineData("join_request:1", TelegramErrorKind.JoinRequested)]
    [InlineData("channels_too_much:1", TelegramErrorKind.AccountFull)]
    [InlineData("offline:1", TelegramErrorKind.Offline)]
    [InlineData("vanished:1", TelegramErrorKind.NotOccupied)]
    public async Task WhatTheSandboxRefusesIsRefusedThroughTdLibToo(string fault, TelegramErrorKind kind)
    {
        (peer, telegram) = World(fault);
        LogIn(Alice);
        await using var session = await GoOnlineAsync();

        (await RunAsync(JoinAsync(session))).Error.ShouldNotBeNull().Kind.ShouldBe(kind);
    }

    [Fact]
    public async Task ALookUpTellsTheNewNameAndTheRestriction()
    {
        (peer, telegram) = World("renamed:1,restricted:1");
        LogIn(Alice);

        var found = (await RunAsync(telegram.LookUpAsync(Alice, Existing, Cancellation))).Found.ShouldNotBeNull();

        (found.Name, found.IsRestricted).ShouldBe((ChannelName.Parse("@durov_renamed"), true));
    }

    [Fact]
    public async Task WithoutANetworkNobodyGoesOnlineAndTheClientIsClosed()
    {
        peer.IsOffline = true;

        (await RunAsync(telegram.ConnectAsync(Alice, Cancellation)))
            .ShouldBe(new AccountConnection(null, new Outcome.Refused(TelegramError.NoAnswer)));
        peer.Asked.ShouldBe(["setTdlibParameters", "close"]);
    }

    [Fact]
    public async Task AnAccountThatIsNotLoggedInIsLost()
    {
        var bob = SessionId.Parse("bob");
        (await telegram.ConnectAsync(bob, Cancellation)).Failure.ShouldBeOfType<Outcome.AccountLost>();
        peer.Asked.ShouldBeEmpty();

        accounts.Make(bob);
        (await RunAsync(telegram.ConnectAsync(bob, Cancellation))).Failure.ShouldBeOfType<Outcome.AccountLost>();
    }

    [Fact]
    public async Task ALookUpSharesTheClientOfASittingAndLeavesNoneOpen()
    {
        await using (await GoOnlineAsync())
        {
            (await RunAsync(telegram.LookUpAsync(Alice, Existing, Cancellation))).Failure.ShouldBeNull();
            peer.Asked.Count(name => name == "setTdlibParameters").ShouldBe(1);
        }
        peer.Asked[^1].ShouldBe("close");

        await RunAsync(telegram.LookUpAsync(Alice, Existing, Cancellation));
        peer.Asked[^1].ShouldNotBe("close");
        Pass(TdOnline.LingersFor + TimeSpan.FromSeconds(1));
        peer.Asked[^1].ShouldBe("close");
    }

    [Fact]
    public async Task WhatTheAccountFollowsIsAskedOfTelegram()
    {
        peer.Follow(owner, Existing, Now);
        await using var session = await GoOnlineAsync();

        var followed = (await RunAsync(session.FollowedAsync(Cancellation))).Channels.ShouldNotBeNull().ShouldHaveSingleItem();

        followed.Names.ShouldBe([Existing]);
        followed.Id.ShouldBe((await RunAsync(session.FollowsAsync(Existing, Cancellation))).Id);
    }

    [Fact]
    public void WithoutAnAccountThereIsTroubleThatSaysWhatToDo()
    {
        telegram.Trouble.ShouldBeNull();
        Directory.Delete(accounts.FolderOf(Alice), recursive: true);
        telegram.Trouble.ShouldBe("No account is logged in; log in with \"heat account login NAME\".");
    }

    protected override Task<T> RunAsync<T>(ValueTask<T> call) => clock.RunAsync(call);

    protected override void Pass(TimeSpan time) => clock.Pass(time);

    private (ScriptedPeer Peer, TdLibTelegram Telegram) World(string wrong)
    {
        SandboxFaults.TryParse(wrong, out var chances, out var problem).ShouldBeTrue(problem);
        var sandbox = new SandboxTelegram(() => ChannelPool.VerifiedOnly, clock, Pace.Real, new Seed(7), chances!);
        var made = new ScriptedPeer(clock, sandbox) { Noise = noise() };
        made.AskedFor = json =>
        {
            foreach (var rule in BoundaryRules.Broken(json)) broken.Enqueue(rule);
        };
        made.Heard = json =>
        {
            foreach (var fault in TdFields.FaultsOf(json)) faults.Enqueue(fault);
        };
        var application = new TdApplication(17, "hash", IsTest: false);
        return (made, new TdLibTelegram(made.Library(NullLogger.Instance), accounts, application, (_, _) => { }, clock));
    }

    private void LogIn(SessionId account) => peer.LogIn(accounts.Make(account), accounts.Key(), 17, "hash", owner);

    private async Task<IAccountSession> GoOnlineAsync() =>
        (await RunAsync(telegram.ConnectAsync(Alice, Cancellation))).Session.ShouldNotBeNull();

    /// <summary>As under the rules: it is asked first which channel that is.</summary>
    private ValueTask<Outcome> JoinAsync(IAccountSession session) => AccountsAsTelegram.JoinAsync(session, Existing, Cancellation);
}
