using System.Net;
using System.Security.Cryptography;
using HeatUp.Telegram;
using HeatUp.Telegram.Tl;
using HeatUp.Telegram.World;

namespace HeatUp.Tests.Loopback;

/// <summary>
/// What no client should say to the Telegram on loopback: it answers as the protocol has it or closes, and goes on.
/// </summary>
public sealed class BadInputTests : IAsyncLifetime
{
    private readonly RSA rsa = RSA.Create(2048);
    private TelegramServer server = null!;
    private int port;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        server = new TelegramServer(rsa.ExportRSAPrivateKeyPem(), TimeProvider.System);
        port = server.Listen(IPAddress.Loopback, 0);
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await ShouldServeAsync();
        await server.DisposeAsync();
        rsa.Dispose();
    }

    [Theory]
    [InlineData("00000000")]
    [InlineData("03000000aabbcc")]
    [InlineData("ffffff7f")]
    [InlineData("04000000ffffffff")]
    [InlineData("140000000000000000000000000000000000000004000000")]
    [InlineData("1c00000000000000000000000000000000000000ffffff7f0000000000000000")]
    [InlineData("1c0000000000000000000000000000000000000004000000deadbeefdeadbeef")]
    public async Task WhatIsNoMessageEndsTheConnection(string hex)
    {
        using var client = await ConnectAsync();
        await client.SendRawAsync(Convert.FromHexString(hex));
        (await client.IsClosedAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task BytesWithoutAnyOrderEndTheirConnections()
    {
        for (var seed = 0UL; seed < 50; seed++)
        {
            var rng = new Seed(seed).ToRng();
            var bytes = Enumerable.Range(0, 64 + rng.Next(200)).Select(_ => (byte)rng.Next(256)).ToArray();
            using var client = await ConnectAsync();
            // The length is right, so that what follows is read.
            await client.SendFrameAsync(bytes);
            (await client.ReadFrameAsync() is { Length: 4 } unknown && BitConverter.ToInt32(unknown) == -404).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task WhoeverConnectsAndSaysNothingIsSentAway()
    {
        server.HandshakeWithin = TimeSpan.FromMilliseconds(200);
        using var silent = await ConnectAsync();
        using var half = await ConnectAsync();
        await half.AskPlainAsync(new("req_pq_multi") { { "nonce", new byte[16] } });

        (await silent.IsClosedAsync()).ShouldBeTrue();
        (await half.IsClosedAsync()).ShouldBeTrue();
        server.HandshakeWithin = TimeSpan.FromSeconds(20);
    }

    [Fact]
    public async Task AHandshakeOutOfTurnOrWithOthersNumbersIsNone()
    {
        using var early = await ConnectAsync();
        (await early.AskPlainAsync(new("set_client_DH_params")
        {
            { "nonce", new byte[16] }, { "server_nonce", new byte[16] }, { "encrypted_data", new byte[16] },
        })).ShouldBeNull();

        using var brief = await ConnectAsync();
        (await brief.AgreeAsync(new byte[16])).ShouldBeNull();

        using var other = await ConnectAsync();
        var begun = (await other.AskPlainAsync(new("req_pq_multi") { { "nonce", new byte[16] } })).ShouldNotBeNull();
        (await other.AskPlainAsync(new("req_DH_params")
        {
            { "nonce", new byte[16] }, { "server_nonce", begun.Bytes("server_nonce") }, { "p", new byte[4] }, { "q", new byte[4] },
            { "public_key_fingerprint", server.Key.Fingerprint }, { "encrypted_data", new byte[256] },
        })).ShouldBeNull();
    }

    [Fact]
    public async Task AKeyThatNobodyKnowsIsSaidToBeUnknown()
    {
        using var client = await ConnectAsync();
        await client.SendFrameAsync([.. BitConverter.GetBytes(77L), .. new byte[64]]);
        BitConverter.ToInt32((await client.ReadFrameAsync()).ShouldNotBeNull()).ShouldBe(-404);
    }

    [Fact]
    public async Task AMessageThatWasChangedOnItsWayEndsTheConnection()
    {
        using var client = await ShakenAsync();
        var frame = client.Encrypted(new byte[48]);
        frame[^1] ^= 1;
        await client.SendFrameAsync(frame);
        (await client.IsClosedAsync()).ShouldBeTrue();
    }

    [Theory]
    [InlineData(-4)]
    [InlineData(3)]
    [InlineData(1 << 20)]
    public async Task ALengthThatDoesntFitEndsTheConnection(int length)
    {
        using var client = await ShakenAsync();
        await client.SendAsync(TlWriter.Write(Ping(1)), length: length);
        (await client.IsClosedAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task ASaltOfYesterdayIsCorrectedAndTheMessageNotTaken()
    {
        using var client = await ShakenAsync();
        server.Keys.ChangeSalts();

        var refused = await client.SendAsync(Ping(1));
        var bad = await client.ReadAsync("bad_server_salt");
        (bad.Long("bad_msg_id"), bad.Int("error_code")).ShouldBe((refused, 48));
        client.Salt = bad.Long("new_server_salt");
        await client.SendAsync(Ping(2));

        (await client.ReadAsync("pong")).Long("ping_id").ShouldBe(2);
    }

    [Theory]
    [InlineData(-400, 16)]
    [InlineData(120, 17)]
    public async Task ANumberOfAnotherTimeIsRefusedWithItsCode(int secondsAway, int code)
    {
        using var client = await ShakenAsync();
        await client.SendAsync(Ping(1), client.NextId(secondsAway));
        (await client.ReadAsync("bad_msg_notification")).Int("error_code").ShouldBe(code);
    }

    [Fact]
    public async Task ANumberThatIsNoClientsIsRefused()
    {
        using var client = await ShakenAsync();
        await client.SendAsync(Ping(1), client.NextId() + 1);
        (await client.ReadAsync("bad_msg_notification")).Int("error_code").ShouldBe(18);
    }

    [Fact]
    public async Task AMessageThatComesTwiceIsDoneOnce()
    {
        using var client = await ShakenAsync();
        var request = new TlObject("help.getNearestDc");
        var id = await client.SendAsync(request);
        (await client.ReadAsync("rpc_result")).Long("req_msg_id").ShouldBe(id);
        await client.SendAsync(request, id);
        await client.SendAsync(Ping(1));
        await client.ReadAsync("pong");

        server.Witness.Count("help.getNearestDc", isAnswered: false).ShouldBe(1);
    }

    [Fact]
    public async Task MessagesThatChangedPlacesAreBothAnswered()
    {
        using var client = await ShakenAsync();
        var (earlier, later) = (client.NextId(), client.NextId());
        await client.SendAsync(new TlObject("help.getNearestDc"), later);
        (await client.ReadAsync("rpc_result")).Long("req_msg_id").ShouldBe(later);
        await client.SendAsync(new TlObject("help.getNearestDc"), earlier);
        (await client.ReadAsync("rpc_result")).Long("req_msg_id").ShouldBe(earlier);
    }

    [Fact]
    public async Task AContainerThatIsNoneIsRefused()
    {
        using var client = await ShakenAsync();
        await client.SendAsync(Convert.FromHexString("dcf8f173ffffff7f"));
        (await client.ReadAsync("bad_msg_notification")).Int("error_code").ShouldBe(64);
    }

    [Theory]
    [InlineData("efbeadde", "INPUT_METHOD_INVALID_3735928559")]
    [InlineData("0d0d9bda", "INPUT_FETCH_ERROR")]
    [InlineData("a1cf72300400000000", "INPUT_FETCH_ERROR")]
    public async Task AMethodThatCantBeReadIsRefused(string hex, string text)
    {
        using var client = await ShakenAsync();
        var bytes = Convert.FromHexString(hex);
        await client.SendAsync([.. bytes, .. new byte[-bytes.Length & 3]]);
        (await client.ReadAsync("rpc_result")).Object("result")!.Text("error_message").ShouldBe(text);
    }

    [Fact]
    public async Task WhoeverIsNotLoggedInIsToldSo()
    {
        using var client = await ShakenAsync();
        await client.SendAsync(new TlObject("updates.getState"));
        var error = (await client.ReadAsync("rpc_result")).Object("result")!;
        (error.Int("error_code"), error.Text("error_message")).ShouldBe((401, "AUTH_KEY_UNREGISTERED"));
    }

    [Fact]
    public async Task AFloodOfConnectionsIsBounded()
    {
        var clients = new List<WireClient>();
        for (var i = 0; i < TelegramServer.ConnectionsMax + 50; i++) clients.Add(await ConnectAsync());
        server.Connections.ShouldBeLessThanOrEqualTo(TelegramServer.ConnectionsMax);
        (await clients[^1].IsClosedAsync()).ShouldBeTrue();
        foreach (var client in clients) client.Dispose();
        await server.UntilUnconnectedAsync(Cancellation);
    }

    [Fact]
    public async Task AHundredLoginsLeaveNoConnectionBehind()
    {
        for (var number = 0; number < 100; number++)
        {
            server.World.AddAccount(new Account($"+1555{number:0000000}"));
            using var client = await ShakenAsync();
            await client.SendAsync(new TlObject("auth.signIn")
            {
                { "phone_number", $"1555{number:0000000}" }, { "phone_code_hash", "x" }, { "phone_code", "12345" },
            });
            (await client.ReadAsync("rpc_result")).Object("result")!.Name.ShouldBe("auth.authorization");
        }
        await server.UntilUnconnectedAsync(Cancellation);
        server.Sessions.Count.ShouldBe(100);
    }

    private static TlObject Ping(long id) => new("ping") { { "ping_id", id } };

    /// <summary>Whatever was done to it.</summary>
    private async Task ShouldServeAsync()
    {
        using var client = await ShakenAsync();
        await client.SendAsync(Ping(7));
        (await client.ReadAsync("pong")).Long("ping_id").ShouldBe(7);
        server.Witness.Broken.ShouldBeEmpty();
    }

    private async Task<WireClient> ConnectAsync() => await WireClient.ConnectAsync(port, rsa.ExportParameters(false));

    private async Task<WireClient> ShakenAsync()
    {
        var client = await ConnectAsync();
        await client.ShakeHandsAsync();
        return client;
    }
}
