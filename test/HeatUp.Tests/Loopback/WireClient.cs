using System.Buffers.Binary;
using System.Net.Sockets;
using System.Numerics;
using System.Security.Cryptography;
using HeatUp.Telegram.Handshake;
using HeatUp.Telegram.Messages;
using HeatUp.Telegram.Tl;
using HeatUp.Telegram.Transport;

namespace HeatUp.Tests.Loopback;

/// <summary>A client of MTProto that does what a test says, also what no client should.</summary>
internal sealed class WireClient : IDisposable
{
    private readonly TcpClient connection = new();
    private readonly RSAParameters server;
    private readonly long session = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8));
    private long lastId;
    private byte[] key = [];

    private WireClient(RSAParameters server) => this.server = server;

    public long Salt { get; set; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private NetworkStream Stream => connection.GetStream();

    /// <summary>Connects and says how it will speak: frames without an obfuscation.</summary>
    public static async Task<WireClient> ConnectAsync(int port, RSAParameters server)
    {
        var client = new WireClient(server);
        await client.connection.ConnectAsync("127.0.0.1", port, Cancellation);
        await client.SendRawAsync([0xee, 0xee, 0xee, 0xee]);
        return client;
    }

    public Task SendRawAsync(byte[] bytes) => Stream.WriteAsync(bytes, Cancellation).AsTask();

    public Task SendFrameAsync(byte[] payload) => SendRawAsync([.. BitConverter.GetBytes(payload.Length), .. payload]);

    /// <summary>The next frame; null if the server has closed.</summary>
    public async Task<byte[]?> ReadFrameAsync()
    {
        try
        {
            var head = new byte[4];
            if (await Stream.ReadAtLeastAsync(head, 4, false, Cancellation) < 4) return null;
            var payload = new byte[BinaryPrimitives.ReadInt32LittleEndian(head)];
            await Stream.ReadExactlyAsync(payload, Cancellation);
            return payload;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Whether the server closes, whatever it says before.</summary>
    public async Task<bool> IsClosedAsync()
    {
        while (await ReadFrameAsync() is not null)
        {
            // Until it closes.
        }
        return true;
    }

    /// <summary>Asks in plain, as only the handshake does.</summary>
    public async Task<TlObject?> AskPlainAsync(TlObject request)
    {
        var body = TlWriter.Write(request);
        await SendFrameAsync([.. new byte[8], .. BitConverter.GetBytes(NextId()), .. BitConverter.GetBytes(body.Length), .. body]);
        return await ReadFrameAsync() is { } answer ? new TlReader(TlSchema.Of229, answer.AsSpan(20)).Object() : null;
    }

    /// <summary>Comes to a key as MTProto says.</summary>
    public async Task ShakeHandsAsync() => (await AgreeAsync(null)).ShouldNotBeNull().Name.ShouldBe("dh_gen_ok");

    /// <summary>The same, but with these bytes in place of the last that are encrypted; answers what came.</summary>
    public async Task<TlObject?> AgreeAsync(byte[]? last)
    {
        var (nonce, newNonce) = (RandomNumberGenerator.GetBytes(16), RandomNumberGenerator.GetBytes(32));
        var begun = (await AskPlainAsync(new("req_pq_multi") { { "nonce", nonce } })).ShouldNotBeNull();
        var (serverNonce, p, q) = (begun.Bytes("server_nonce"), Convert.FromHexString("494C553B"), Convert.FromHexString("53911073"));
        var inner = TlWriter.Write(new("p_q_inner_data_dc")
        {
            { "pq", begun.Bytes("pq") }, { "p", p }, { "q", q }, { "nonce", nonce }, { "server_nonce", serverNonce },
            { "new_nonce", newNonce }, { "dc", 2 },
        });
        var parameters = (await AskPlainAsync(new("req_DH_params")
        {
            { "nonce", nonce }, { "server_nonce", serverNonce }, { "p", p }, { "q", q },
            { "public_key_fingerprint", begun.All<long>("server_public_key_fingerprints").First() },
            { "encrypted_data", Encrypt(inner) },
        })).ShouldNotBeNull();
        var (one, two) = (AuthKey.Sha1([.. newNonce, .. serverNonce]), AuthKey.Sha1([.. serverNonce, .. newNonce]));
        byte[] aesKey = [.. one, .. two[..12]];
        byte[] iv = [.. two[12..], .. AuthKey.Sha1([.. newNonce, .. newNonce]), .. newNonce[..4]];
        var opened = AesModes.IgeDecrypt(parameters.Bytes("encrypted_answer"), aesKey, iv);
        var theirs = new TlReader(TlSchema.Of229, opened.AsSpan(20)).Object();
        var secret = Number(RandomNumberGenerator.GetBytes(KeyExchange.SecretBytes));
        var answer = TlWriter.Write(new("client_DH_inner_data")
        {
            { "nonce", nonce }, { "server_nonce", serverNonce },
            { "g_b", KeyExchange.Whole(BigInteger.ModPow(3, secret, KeyExchange.Prime)) },
        });
        key = KeyExchange.Whole(BigInteger.ModPow(Number(theirs.Bytes("g_a")), secret, KeyExchange.Prime));
        Salt = BitConverter.ToInt64(newNonce) ^ BitConverter.ToInt64(serverNonce);
        return await AskPlainAsync(new("set_client_DH_params")
        {
            { "nonce", nonce }, { "server_nonce", serverNonce },
            { "encrypted_data", last ?? AesModes.IgeEncrypt(AuthKey.Padded([.. AuthKey.Sha1(answer), .. answer]), aesKey, iv) },
        });
    }

    /// <summary>A number as clients have them: of now, or so many seconds away.</summary>
    public long NextId(int secondsAway = 0)
    {
        var now = (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + secondsAway) << 32;
        return secondsAway != 0 ? now : lastId = Math.Max(now, lastId + 4);
    }

    /// <summary>Sends a message; answers its number.</summary>
    public async Task<long> SendAsync(byte[] body, long? id = null, int? length = null)
    {
        var number = id ?? NextId();
        await SendFrameAsync(Encrypted(
        [
            .. BitConverter.GetBytes(Salt), .. BitConverter.GetBytes(session), .. BitConverter.GetBytes(number),
            .. BitConverter.GetBytes(1), .. BitConverter.GetBytes(length ?? body.Length), .. body,
        ]));
        return number;
    }

    public Task<long> SendAsync(TlObject request, long? id = null) => SendAsync(TlWriter.Write(request), id);

    /// <summary>The next of the server's messages of a kind; <c>rpc_result</c> is one too, with its answer.</summary>
    public async Task<TlObject> ReadAsync(string name)
    {
        while (true)
        {
            var frame = (await ReadFrameAsync()).ShouldNotBeNull($"the server closed before it said {name}");
            var read = Opened(frame);
            if (read.Name == name) return read;
        }
    }

    /// <summary>Encrypts a message as the client's side does.</summary>
    public byte[] Encrypted(byte[] plain)
    {
        byte[] padded = [.. plain, .. RandomNumberGenerator.GetBytes(12 + (-(plain.Length + 12) & 15))];
        var check = SHA256.HashData([.. key.AsSpan(88, 32), .. padded])[8..24];
        var (aesKey, iv) = KeyOf(check, 0);
        return [.. AuthKey.Sha1(key)[12..], .. check, .. AesModes.IgeEncrypt(padded, aesKey, iv)];
    }

    public void Dispose() => connection.Dispose();

    private TlObject Opened(byte[] frame)
    {
        var (aesKey, iv) = KeyOf(frame[8..24], 8);
        var plain = AesModes.IgeDecrypt(frame.AsSpan(24), aesKey, iv);
        var body = plain.AsSpan(32, BinaryPrimitives.ReadInt32LittleEndian(plain.AsSpan(28)));
        if (BinaryPrimitives.ReadUInt32LittleEndian(body) != 0xf35c6d01) return new TlReader(TlSchema.Of229, body).Object();
        var answer = new TlReader(TlSchema.Of229, body[12..]).Object();
        return new TlObject("rpc_result")
        {
            { "req_msg_id", BinaryPrimitives.ReadInt64LittleEndian(body[4..]) },
            { "result", answer.Name == "gzip_packed" ? Packing.Open(answer) : answer },
        };
    }

    private (byte[] Key, byte[] Iv) KeyOf(byte[] check, int way)
    {
        var one = SHA256.HashData([.. check, .. key.AsSpan(way, 36)]);
        var two = SHA256.HashData([.. key.AsSpan(40 + way, 36), .. check]);
        return ([.. one[..8], .. two[8..24], .. one[24..]], [.. two[..8], .. one[8..24], .. two[24..]]);
    }

    /// <summary>RSA_PAD. The number must be smaller than the server's modulus; another try makes another number.</summary>
    private byte[] Encrypt(byte[] data)
    {
        byte[] padded = [.. data, .. RandomNumberGenerator.GetBytes(192 - data.Length)];
        var modulus = Number(server.Modulus!);
        while (true)
        {
            var aesKey = RandomNumberGenerator.GetBytes(32);
            byte[] hashed = [.. padded.Reverse(), .. SHA256.HashData([.. aesKey, .. padded])];
            var body = AesModes.IgeEncrypt(hashed, aesKey, new byte[32]);
            var mixed = new byte[32];
            AesModes.Xor(aesKey, SHA256.HashData(body), mixed);
            var number = Number([.. mixed, .. body]);
            if (number < modulus) return KeyExchange.Whole(BigInteger.ModPow(number, Number(server.Exponent!), modulus));
        }
    }

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);
}
