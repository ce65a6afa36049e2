using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using HeatUp.Telegram.Tl;
using HeatUp.Telegram.Transport;

namespace HeatUp.Telegram.Handshake;

/// <summary>The server's RSA key, whose public half every client has built in.</summary>
internal sealed class ServerKey
{
    private const int Length = 256;

    private readonly BigInteger modulus;
    private readonly BigInteger exponent;

    /// <param name="pem">A private key of 2048 bits.</param>
    public ServerKey(string pem)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(pem);
        var key = rsa.ExportParameters(includePrivateParameters: true);
        (modulus, exponent) = (Number(key.Modulus), Number(key.D));
        Fingerprint = FingerprintOf(key.Modulus!, key.Exponent!);
    }

    /// <summary>By which clients name it.</summary>
    public long Fingerprint { get; }

    /// <summary>
    /// What a client has encrypted in the way that MTProto calls RSA_PAD, padding included; null if it was not
    /// encrypted so, or for another key.
    /// </summary>
    public byte[]? Decrypt(byte[] encrypted)
    {
        if (encrypted.Length != Length) return null;
        var plain = BigInteger.ModPow(Number(encrypted), exponent, modulus).ToByteArray(isUnsigned: true, isBigEndian: true);
        if (plain.Length > Length) return null;
        var whole = new byte[Length];
        plain.CopyTo(whole, Length - plain.Length);
        var (mixedKey, body) = (whole[..32], whole[32..]);
        var key = new byte[32];
        AesModes.Xor(mixedKey, SHA256.HashData(body), key);
        var opened = AesModes.IgeDecrypt(body, key, new byte[32]);
        var data = opened[..192].Reverse().ToArray();
        return SHA256.HashData([.. key, .. data]).AsSpan().SequenceEqual(opened.AsSpan(192)) ? data : null;
    }

    private static long FingerprintOf(byte[] modulus, byte[] exponent)
    {
        var writer = new TlWriter(TlSchema.Of229);
        writer.Bytes(modulus);
        writer.Bytes(exponent);
#pragma warning disable CA5350 // The protocol names keys so.
        return BinaryPrimitives.ReadInt64LittleEndian(SHA1.HashData(writer.ToArray()).AsSpan(12));
#pragma warning restore CA5350
    }

    private static BigInteger Number(byte[]? bytes) => new(bytes, isUnsigned: true, isBigEndian: true);
}
