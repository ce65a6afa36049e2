using System.Buffers.Binary;
using System.Security.Cryptography;
using HeatUp.Telegram.Transport;

namespace HeatUp.Telegram.Messages;

/// <summary>
/// A key that a client and the server have agreed on. It encrypts all messages of a client's device, as MTProto 2.0
/// says, and so tells whose they are.
/// </summary>
internal sealed class AuthKey
{
    private const int HeadLength = 24;
    private const int FromClient = 0;
    private const int FromServer = 8;

    private readonly byte[] key;

    public AuthKey(byte[] key, bool isTemporary, long salt)
    {
        (this.key, IsTemporary, Salt) = (key, isTemporary, salt);
        var hash = Sha1(key);
        (AuxiliaryHash, Id) = (hash[..8], BinaryPrimitives.ReadInt64LittleEndian(hash.AsSpan(12)));
    }

    /// <summary>By which messages name it.</summary>
    public long Id { get; }

    /// <summary>Whether it lasts a day and stands for another, which it must be bound to.</summary>
    public bool IsTemporary { get; }

    /// <summary>By which the handshake proves that both have the same key.</summary>
    public byte[] AuxiliaryHash { get; }

    /// <summary>What a client's messages must carry now, so that old ones can't be sent again.</summary>
    public long Salt { get; set; }

    /// <summary>A client's message; null if this key doesn't open it, or it was changed on its way.</summary>
    public byte[]? Decrypt(Frame frame)
    {
        var length = frame.Payload.Length - HeadLength;
        if (frame.IsPadded) length &= ~15;
        if (length < 32 || length % 16 != 0) return null;
        var check = frame.Payload[8..HeadLength];
        var (aesKey, iv) = KeyOf(check, FromClient);
        var plain = AesModes.IgeDecrypt(frame.Payload.AsSpan(HeadLength, length), aesKey, iv);
        return Check(plain, FromClient).AsSpan(8, 16).SequenceEqual(check) ? plain : null;
    }

    /// <summary>A message of the server's.</summary>
    public byte[] Encrypt(ReadOnlySpan<byte> plain)
    {
        var padding = RandomNumberGenerator.GetBytes(12 + (-(plain.Length + 12) & 15));
        byte[] padded = [.. plain, .. padding];
        var check = Check(padded, FromServer)[8..24];
        var (aesKey, iv) = KeyOf(check, FromServer);
        return [.. BitConverter.GetBytes(Id), .. check, .. AesModes.IgeEncrypt(padded, aesKey, iv)];
    }

    /// <summary>By which a client knows at once that a message came.</summary>
    public uint QuickAckOf(byte[] plain) => BinaryPrimitives.ReadUInt32LittleEndian(Check(plain, FromClient));

    /// <summary>Whole blocks of 16 bytes.</summary>
    public static byte[] Padded(byte[] bytes) => [.. bytes, .. RandomNumberGenerator.GetBytes(-bytes.Length & 15)];

#pragma warning disable CA5350 // The protocol has it so.
    public static byte[] Sha1(ReadOnlySpan<byte> bytes) => SHA1.HashData(bytes);
#pragma warning restore CA5350

    private byte[] Check(byte[] plain, int way) => SHA256.HashData([.. key.AsSpan(88 + way, 32), .. plain]);

    private (byte[] Key, byte[] Iv) KeyOf(byte[] check, int way)
    {
        var one = SHA256.HashData([.. check, .. key.AsSpan(way, 36)]);
        var two = SHA256.HashData([.. key.AsSpan(40 + way, 36), .. check]);
        return ([.. one[..8], .. two[8..24], .. one[24..]], [.. two[..8], .. one[8..24], .. two[24..]]);
    }
}
