using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using HeatUp.Telegram.Messages;
using HeatUp.Telegram.Tl;
using HeatUp.Telegram.Transport;

namespace HeatUp.Telegram.Handshake;

/// <summary>
/// How a client that has no key comes to one: it asks for a number to factor, proves that it could, and both agree on a
/// key by Diffie-Hellman. Three requests, in this order, on one connection; anything else ends it.
/// </summary>
internal sealed class KeyExchange(ServerKey key, TimeProvider clock)
{
    /// <summary>A product of two primes: any will do, since nobody here needs to be kept busy.</summary>
    private static readonly byte[] Pq = Convert.FromHexString("17ED48941A08F981");
    private static readonly byte[] P = Convert.FromHexString("494C553B");
    private static readonly byte[] Q = Convert.FromHexString("53911073");

    /// <summary>The prime that Telegram uses. Clients know it; any other they would have to check for seconds.</summary>
    public static BigInteger Prime { get; } = BigInteger.Parse("0" +
        "C71CAEB9C6B1C9048E6C522F70F13F73980D40238E3E21C14934D037563D930F48198A0AA7C14058229493D22530F4DBFA336F6E0AC92513"
        + "9543AED44CCE7C3720FD51F69458705AC68CD4FE6B6B13ABDC9746512969328454F18FAF8C595F642477FE96BB2A941D5BCD1D4AC8CC498807"
        + "08FA9B378E3C4F3A9060BEE67CF9A4A4A695811051907E162753B56B0F6B410DBA74D8A84B2A14B3144E0EF1284754FD17ED950D5965B4B9DD"
        + "46582DB1178D169C6BC465B0D6FF9CA3928FEF5B9AE4E418FC15E83EBEA0F87FA9FF5EED70050DED2849F47BF959D956850CE929851F0D8115"
        + "F635B105EE2E4E15D04B2454BF6F4FADF034B10403119CD8E3B92FCC5B", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static readonly BigInteger Generator = 3;

    /// <summary>As many as a key of AES has: 256 would cost eight times the processor, and there is nothing to keep secret.
    /// </summary>
    public const int SecretBytes = 32;

    private readonly byte[] serverNonce = RandomNumberGenerator.GetBytes(16);
    private byte[]? nonce;
    private byte[]? newNonce;
    private BigInteger secret;
    private bool isTemporary;

    /// <summary>The key that was agreed on; null until then.</summary>
    public AuthKey? Agreed { get; private set; }

    /// <summary>The answer to a request; null if it is none of the handshake's, or not its turn.</summary>
    public TlObject? Answer(TlObject request) => request.Name switch
    {
        "req_pq_multi" => Begin(request.Bytes("nonce")),
        "req_DH_params" when IsOurs(request) && secret.IsZero => Parameters(request),
        "set_client_DH_params" when IsOurs(request) && !secret.IsZero => Agree(request.Bytes("encrypted_data")),
        _ => null,
    };

    private bool IsOurs(TlObject request) =>
        nonce is not null && request.Bytes("nonce").AsSpan().SequenceEqual(nonce)
        && request.Bytes("server_nonce").AsSpan().SequenceEqual(serverNonce);

    private TlObject Begin(byte[] theirs)
    {
        (nonce, secret) = (theirs, BigInteger.Zero);
        return new("resPQ")
        {
            { "nonce", nonce }, { "server_nonce", serverNonce }, { "pq", Pq },
            { "server_public_key_fingerprints", new object[] { key.Fingerprint } },
        };
    }

    private TlObject? Parameters(TlObject request)
    {
        if (request.Long("public_key_fingerprint") != key.Fingerprint) return null;
        if (key.Decrypt(request.Bytes("encrypted_data")) is not { } data) return null;
        var inner = new TlReader(TlSchema.Of229, data).Object();
        if (!IsOurs(inner) || !inner.Bytes("p").AsSpan().SequenceEqual(P) || !inner.Bytes("q").AsSpan().SequenceEqual(Q))
            return null;
        if (inner.Name is not ("p_q_inner_data_dc" or "p_q_inner_data_temp_dc")) return null;
        isTemporary = inner.Name == "p_q_inner_data_temp_dc";
        newNonce = inner.Bytes("new_nonce");
        secret = new(RandomNumberGenerator.GetBytes(SecretBytes), isUnsigned: true, isBigEndian: true);
        var answer = TlWriter.Write(new TlObject("server_DH_inner_data")
        {
            { "nonce", nonce }, { "server_nonce", serverNonce }, { "g", (int)Generator },
            { "dh_prime", Whole(Prime) }, { "g_a", Whole(BigInteger.ModPow(Generator, secret, Prime)) },
            { "server_time", (int)clock.GetUtcNow().ToUnixTimeSeconds() },
        });
        var padded = AuthKey.Padded([.. AuthKey.Sha1(answer), .. answer]);
        var (aesKey, iv) = TemporaryKey();
        return new("server_DH_params_ok")
        {
            { "nonce", nonce }, { "server_nonce", serverNonce },
            { "encrypted_answer", AesModes.IgeEncrypt(padded, aesKey, iv) },
        };
    }

    private TlObject? Agree(byte[] encrypted)
    {
        if (encrypted.Length < 32 || encrypted.Length % 16 != 0) return null;
        var (aesKey, iv) = TemporaryKey();
        var opened = AesModes.IgeDecrypt(encrypted, aesKey, iv);
        var reader = new TlReader(TlSchema.Of229, opened.AsSpan(20));
        var inner = reader.Object();
        var said = opened.AsSpan(20, opened.Length - 20 - reader.Rest.Length);
        if (inner.Name != "client_DH_inner_data" || !IsOurs(inner)) return null;
        if (!AuthKey.Sha1(said).AsSpan().SequenceEqual(opened.AsSpan(0, 20))) return null;
        var gb = new BigInteger(inner.Bytes("g_b"), isUnsigned: true, isBigEndian: true);
        if (gb <= 1 || gb >= Prime - 1) return null;
        Agreed = new AuthKey(Whole(BigInteger.ModPow(gb, secret, Prime)), isTemporary, Salt());
        var hash = AuthKey.Sha1([.. newNonce!, 1, .. Agreed.AuxiliaryHash])[4..];
        return new("dh_gen_ok") { { "nonce", nonce }, { "server_nonce", serverNonce }, { "new_nonce_hash1", hash } };
    }

    /// <summary>The first salt: what both sides know already.</summary>
    private long Salt() => BitConverter.ToInt64(newNonce!) ^ BitConverter.ToInt64(serverNonce);

    private (byte[] Key, byte[] Iv) TemporaryKey()
    {
        var (one, two) = (AuthKey.Sha1([.. newNonce!, .. serverNonce]), AuthKey.Sha1([.. serverNonce, .. newNonce!]));
        var three = AuthKey.Sha1([.. newNonce!, .. newNonce!]);
        return ([.. one, .. two[..12]], [.. two[12..], .. three, .. newNonce![..4]]);
    }

    /// <summary>A number in 256 bytes.</summary>
    public static byte[] Whole(BigInteger number)
    {
        var (whole, bytes) = (new byte[256], number.ToByteArray(isUnsigned: true, isBigEndian: true));
        bytes.CopyTo(whole, whole.Length - bytes.Length);
        return whole;
    }
}
