using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.TdLib;
using HeatUp.Tests.Runs;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.TdLib;

/// <summary>The real Telegram's side of the contract, over a small world behind TDLib's JSON boundary.</summary>
public sealed class TdLibTelegramTests : TelegramContract, IDisposable
{
    private static readonly TimeSpan FiveSeconds = TimeSpan.FromSeconds(5);
    private static readonly long[] Posts = [.. Enumerable.Range(1, 30).Select(number => number << 20)];

    private readonly FakeTimeProvider clock = FakeTime.AtNoon();
    private readonly TempFolder folder = new();
    private readonly PeerTdJson peer;
    private readonly PeerChannel durov = new(7);
    private readonly TdLibTelegram telegram;

    public TdLibTelegramTests()
    {
        peer = new PeerTdJson(clock) { Channels = { ["durov"] = durov } };
        durov.Posts.AddRange(Posts);
        var accounts = new TdAccounts(folder.File("accounts"));
        accounts.Make(Alice);
        var library = new TdLibrary(peer, clock, NullLogger.Instance);
        telegram = new TdLibTelegram(library, accounts, new TdApplication(17, "hash", IsTest: false), clock);
    }

    protected override ITelegram Telegram => new Remembering(telegram, peer);

    protected override ChannelName Existing => ChannelName.Parse("@durov");

    protected override ChannelName Missing => ChannelName.Parse("@nobody_has_this");

    protected override DateTimeOffset Now => clock.GetUtcNow();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task AReadingMarksTheNewestPostsWithoutRaisingTheirViews()
    {
        durov.IsMember = true;
        durov.LastRead = Posts[^4];
        await using var session = await GoOnlineAsync();

        (await RunAsync(session.ReadAsync(Existing, FiveSeconds, Cancellation))).ShouldBe(new Outcome.Done(3));

        durov.LastRead.ShouldBe(Posts[^1]);
        peer.Asked.SkipWhile(name => name != "openChat").ShouldBe(
            ["openChat", "getChatHistory", "getChatHistory", "viewMessages", "getChat", "closeChat"]);
    }

    [Fact]
    public async Task AMarkThatTelegramDoesNotShowIsNotDone()
    {
        (durov.IsMember, durov.LosesMarks) = (true, true);
        await using var session = await GoOnlineAsync();

        var read = await RunAsync(session.ReadAsync(Existing, FiveSeconds, Cancellation));

        read.ShouldBe(new Outcome.Refused(new TelegramError(500, "The posts were not marked as read")));
        peer.Asked[^1].ShouldBe("closeChat");
    }

    [Theory]
    [InlineData("""{"@type":"chatJoinResultRequestSent" """, "400 INVITE_REQUEST_SENT")]
    [InlineData("""{"@type":"chatJoinResultGuardBotApprovalRequired","bot_user_id":1,"query_id":"2" """, "400 INVITE_REQUEST_SENT")]
    [InlineData("""{"@type":"chatJoinResultDeclined" """, "400 INVITE_REQUEST_DECLINED")]
    [InlineData("""{"@type":"error","code":406,"message":"CHANNEL_PRIVATE" """, "406 CHANNEL_PRIVATE")]
    [InlineData("""{"@type":"ok" """, "500 TDLib answered with another class: Ok")]
    public async Task AJoinThatIsNotOneIsRefusedWithItsReason(string answer, string why)
    {
        peer.Instead["joinChat"] = answer;
        await using var session = await GoOnlineAsync();

        var join = await RunAsync(session.JoinAsync(Existing, Cancellation));

        join.ShouldBeOfType<Outcome.Refused>().Why.ToString().ShouldBe(why);
    }

    [Fact]
    public async Task ALoudFloodIsWaitedForToTheSecond()
    {
        peer.Instead["joinChat"] = """{"@type":"error","code":429,"message":"Too Many Requests: retry after 183" """;
        await using var session = await GoOnlineAsync();

        var join = await RunAsync(session.JoinAsync(Existing, Cancellation));

        join.ShouldBeOfType<Outcome.MustWait>().Until.ShouldBe(Now.AddSeconds(183), FiveSeconds);
    }

    [Theory]
    [InlineData("""{"@type":"error","code":406,"message":"FROZEN_METHOD_INVALID" """)]
    [InlineData("""{"@type":"error","code":400,"message":"PEER_FLOOD" """)]
    [InlineData("""{"@type":"error","code":401,"message":"SESSION_REVOKED" """)]
    public async Task AFrozenLimitedOrRevokedAccountIsLost(string answer)
    {
        peer.Instead["joinChat"] = answer;
        await using var session = await GoOnlineAsync();

        (await RunAsync(session.JoinAsync(Existing, Cancellation))).ShouldBeOfType<Outcome.AccountLost>();
    }

    [Fact]
    public async Task AnAccountThatIsLoggedOutElsewhereWhileItReadsIsLost()
    {
        await using var session = await GoOnlineAsync();
        var read = session.ReadAsync(Existing, FiveSeconds, Cancellation);
        peer.Enter(1, "LoggingOut");
        peer.Enter(1, "Closed");

        (await RunAsync(read)).ShouldBeOfType<Outcome.AccountLost>();
    }

    [Fact]
    public async Task SilenceEndsAtTheDeadline()
    {
        peer.Instead["joinChat"] = null;
        await using var session = await GoOnlineAsync();

        (await RunAsync(session.JoinAsync(Existing, Cancellation))).ShouldBe(new Outcome.Refused(TelegramError.NoAnswer));
    }

    [Fact]
    public async Task AGroupAUserAndABannedChannelAreNotJoined()
    {
        peer.Channels["person"] = new PeerChannel(8) { Class = "chatTypePrivate" };
        peer.Channels["closed"] = new PeerChannel(9) { IsBanned = true };
        await using var session = await GoOnlineAsync();

        var person = await RunAsync(session.JoinAsync(ChannelName.Parse("@person"), Cancellation));
        var closed = await RunAsync(session.JoinAsync(ChannelName.Parse("@closed"), Cancellation));

        person.Error.ShouldNotBeNull().Kind.ShouldBe(TelegramErrorKind.NotJoinable);
        closed.Error.ShouldNotBeNull().Kind.ShouldBe(TelegramErrorKind.Private);
        peer.Asked.ShouldNotContain("joinChat");
    }

    [Fact]
    public async Task WithoutANetworkNobodyGoesOnlineAndTheClientIsClosed()
    {
        peer.IsOffline = true;

        (await RunAsync(telegram.ConnectAsync(Alice, [], Cancellation)))
            .ShouldBe(new Connection(null, new Outcome.Refused(TelegramError.NoAnswer)));
        peer.Asked.ShouldBe(["setTdlibParameters", "close"]);
    }

    [Theory]
    [InlineData("WaitPhoneNumber")]
    [InlineData("LoggingOut")]
    public async Task AnAccountThatIsNotLoggedInIsLost(string state)
    {
        peer.Login = state;

        (await RunAsync(telegram.ConnectAsync(Alice, [], Cancellation))).Failure.ShouldBeOfType<Outcome.AccountLost>();
    }

    [Fact]
    public async Task AnAccountWithoutAFolderIsNotStarted()
    {
        (await telegram.ConnectAsync(SessionId.Parse("bob"), [], Cancellation)).Failure.ShouldBeOfType<Outcome.AccountLost>();

        peer.Asked.ShouldBeEmpty();
    }

    protected override Task<T> RunAsync<T>(ValueTask<T> call) => clock.RunAsync(call);

    protected override void Pass(TimeSpan time) => clock.Pass(time);

    private async Task<ITelegramSession> GoOnlineAsync() =>
        (await RunAsync(telegram.ConnectAsync(Alice, [], Cancellation))).Session.ShouldNotBeNull();

    /// <summary>What the contract wants to be remembered, the small world remembers.</summary>
    private sealed class Remembering(ITelegram telegram, PeerTdJson peer) : ITelegram
    {
        public string? Trouble => telegram.Trouble;

        public ValueTask<LookUp> LookUpAsync(ChannelName name, CancellationToken cancellation) =>
            telegram.LookUpAsync(name, cancellation);

        public ValueTask<Similar> SimilarAsync(ChannelName channel, CancellationToken cancellation) =>
            telegram.SimilarAsync(channel, cancellation);

        public ValueTask<Connection> ConnectAsync(
            SessionId session, IReadOnlyList<Membership> remembered, CancellationToken cancellation)
        {
            foreach (var membership in remembered)
            {
                var channel = peer.Channels[membership.Channel.Value.TrimStart('@')];
                if (!channel.IsMember) channel.LastRead = Posts[^4];
                channel.IsMember = true;
            }
            return telegram.ConnectAsync(session, remembered, cancellation);
        }
    }
}
