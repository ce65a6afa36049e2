using HeatUp.Runs;
using HeatUp.TdLib;
using HeatUp.TdLib.Api;
using HeatUp.Testing.Peer;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static HeatUp.TdLib.Api.AuthorizationState;

namespace HeatUp.Tests.TdLib;

/// <summary>That the peer logs in and out as TDLib does.</summary>
public sealed class ScriptedPeerLoginTests : IDisposable
{
    private static readonly byte[] Key = new byte[TdAccounts.KeyLength];

    private readonly FakeTimeProvider clock = FakeTime.AtNoon();
    private readonly TempFolder folder = new();
    private readonly ScriptedPeer peer;
    private readonly PeerOwner owner = new("+1 555 000 1122");

    public ScriptedPeerLoginTests()
    {
        peer = new ScriptedPeer(clock);
        peer.Add(owner);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task ACodeAndAPasswordLogIn()
    {
        (owner.Password, owner.PasswordHint) = ("secret", "cat");
        await using var client = await StartAsync();
        client.State.ShouldBeOfType<WaitPhoneNumber>();

        (await AskAsync(client, new SetAuthenticationPhoneNumber("+15550001122"))).ShouldBeNull();
        client.State.ShouldBeOfType<WaitCode>().CodeInfo.ShouldBe(new SentCode(
            new CodeWay("authenticationCodeTypeTelegramMessage", 5), 120, new CodeWay("authenticationCodeTypeSms", 5)));
        (await AskAsync(client, new CheckAuthenticationCode("00000"))).ShouldBe(new TelegramError(400, "PHONE_CODE_INVALID"));
        (await AskAsync(client, new CheckAuthenticationCode("12345"))).ShouldBeNull();
        client.State.ShouldBe(new WaitPassword("cat"));
        (await AskAsync(client, new CheckAuthenticationPassword("no"))).ShouldBe(new TelegramError(400, "PASSWORD_HASH_INVALID"));
        (await AskAsync(client, new CheckAuthenticationPassword("secret"))).ShouldBeNull();
        client.State.ShouldBeOfType<Ready>();
    }

    [Fact]
    public async Task ASecondClientGoesOnInMidLoginWithinFiveMinutes()
    {
        await using (var first = await StartAsync())
            await AskAsync(first, new SetAuthenticationPhoneNumber("+15550001122"));
        await using (var second = await StartAsync()) second.State.ShouldBeOfType<WaitCode>();
        clock.Advance(TimeSpan.FromMinutes(6));
        await using var third = await StartAsync();
        third.State.ShouldBeOfType<WaitPhoneNumber>();
    }

    [Fact]
    public async Task AnExpiredCodeIsResentByAnotherWayOnce()
    {
        await using var client = await StartAsync();
        await AskAsync(client, new SetAuthenticationPhoneNumber("+15550001122"));
        clock.Advance(TimeSpan.FromMinutes(5));
        (await AskAsync(client, new CheckAuthenticationCode("12345"))).ShouldBe(new TelegramError(400, "PHONE_CODE_EXPIRED"));

        (await AskAsync(client, new ResendAuthenticationCode())).ShouldBeNull();

        client.State.ShouldBeOfType<WaitCode>().CodeInfo.ShouldBe(new SentCode(new CodeWay("authenticationCodeTypeSms", 5), 0));
        (await AskAsync(client, new ResendAuthenticationCode())).ShouldBe(new TelegramError(400, "Authentication code can't be resend"));
        (await AskAsync(client, new CheckAuthenticationCode("12345"))).ShouldBeNull();
        client.State.ShouldBeOfType<Ready>();
    }

    [Fact]
    public async Task ACodeByEMailLogsIn()
    {
        (owner.NamesEmailAddress, owner.EmailCode) = (true, "654321");
        await using var client = await StartAsync();
        await AskAsync(client, new SetAuthenticationPhoneNumber("+15550001122"));
        client.State.ShouldBeOfType<WaitEmailAddress>();
        await AskAsync(client, new SetAuthenticationEmailAddress("owner@example.org"));
        client.State.ShouldBeOfType<WaitEmailCode>().CodeInfo.Length.ShouldBe(6);
        await AskAsync(client, new CheckAuthenticationEmailCode(new EmailCode("654321")));
        client.State.ShouldBeOfType<WaitEmailCode>("the address is proved, and the login's own code is sent there");
        await AskAsync(client, new CheckAuthenticationEmailCode(new EmailCode("654321")));
        client.State.ShouldBeOfType<Ready>();
    }

    [Fact]
    public async Task AQrCodeIsRefreshedAndConfirmedElsewhere()
    {
        await using var client = await StartAsync();
        await AskAsync(client, new RequestQrCodeAuthentication());
        var first = client.State.ShouldBeOfType<WaitOtherDevice>().Link;
        clock.Advance(TimeSpan.FromSeconds(31));
        var second = client.State.ShouldBeOfType<WaitOtherDevice>().Link;
        second.ShouldNotBe(first);

        peer.Scan(first, owner).ShouldBeFalse();
        peer.Scan(second, owner).ShouldBeTrue();

        client.State.ShouldBeOfType<Ready>();
    }

    [Theory]
    [InlineData(400, "PHONE_NUMBER_BANNED")]
    [InlineData(429, "Too Many Requests: retry after 600")]
    public async Task ABannedNumberAndAFloodAreErrorsWithoutAState(int code, string message)
    {
        owner.PhoneError = new TelegramError(code, message);
        await using var client = await StartAsync();

        (await AskAsync(client, new SetAuthenticationPhoneNumber("+15550001122"))).ShouldBe(owner.PhoneError);

        client.State.ShouldBeOfType<WaitPhoneNumber>();
    }

    [Fact]
    public async Task ANumberWithoutAnAccountWouldHaveToRegister()
    {
        owner.IsRegistered = false;
        await using var client = await StartAsync();
        await AskAsync(client, new SetAuthenticationPhoneNumber("+15550001122"));
        await AskAsync(client, new CheckAuthenticationCode("12345"));
        client.State.ShouldBeOfType<WaitRegistration>();
    }

    [Fact]
    public async Task AnotherKeyOpensNoFolderAndALoggedOutOneIsEmpty()
    {
        peer.LogIn(folder.Path, Key, 17, "hash", owner);
        await using (var wrong = peer.Library(NullLogger.Instance).Open())
            (await AskAsync(wrong, Parameters([.. Key.Select(_ => (byte)1)])))
                .ShouldBe(new TelegramError(401, "Wrong database encryption key"));

        var client = await StartAsync();
        client.State.ShouldBeOfType<Ready>();
        (await AskAsync(client, new LogOut())).ShouldBeNull();
        client.Closed.IsCompleted.ShouldBeTrue();
        await using var after = await StartAsync();
        after.State.ShouldBeOfType<WaitPhoneNumber>();
    }

    [Fact]
    public async Task AFolderThatAnotherClientHasOpenIsTriedForTenSeconds()
    {
        var first = await StartAsync();
        var second = peer.Library(NullLogger.Instance).Open();
        var starting = second.SendAsync(Parameters(Key), RunLimits.AnswerWithin, TestContext.Current.CancellationToken).AsTask();
        clock.Pass(TimeSpan.FromSeconds(5));
        starting.IsCompleted.ShouldBeFalse();
        await first.CloseAsync();
        (await clock.RunAsync(starting)).IsOk.ShouldBeTrue();

        await using var third = peer.Library(NullLogger.Instance).Open();
        (await AskAsync(third, Parameters(Key))).ShouldNotBeNull().Message.ShouldStartWith("Can't lock file");
    }

    private SetTdlibParameters Parameters(byte[] key) => new(false, folder.Path, key, 17, "hash");

    private async Task<TdClient> StartAsync()
    {
        var client = peer.Library(NullLogger.Instance).Open();
        (await AskAsync(client, Parameters(Key))).ShouldBeNull();
        return client;
    }

    private async Task<TelegramError?> AskAsync<TReply>(TdClient client, TdRequest<TReply> request) where TReply : TdObject =>
        (await clock.RunAsync(client.SendAsync(request, RunLimits.AnswerWithin, TestContext.Current.CancellationToken))).Error;
}
