using System.Security.Cryptography;

namespace HeatUp.Telegram.Transport;

/// <summary>The two modes of AES that MTProto uses and .NET doesn't have, made of single blocks.</summary>
internal static class AesModes
{
    private const int Block = 16;

    /// <summary>AES-256 in infinite garble extension: each block is mixed with the one before, in both its forms.</summary>
    /// <param name="data">Whole blocks of 16 bytes.</param>
    /// <param name="key">32 bytes.</param>
    /// <param name="iv">32 bytes: what stands for the block before the first, encrypted and plain.</param>
    public static byte[] IgeEncrypt(ReadOnlySpan<byte> data, byte[] key, ReadOnlySpan<byte> iv) =>
        Ige(data, key, iv[..Block], iv[Block..], (aes, from, to) => aes.EncryptEcb(from, to, PaddingMode.None));

    /// <summary>The way back of <see cref="IgeEncrypt"/>.</summary>
    public static byte[] IgeDecrypt(ReadOnlySpan<byte> data, byte[] key, ReadOnlySpan<byte> iv) =>
        Ige(data, key, iv[Block..], iv[..Block], (aes, from, to) => aes.DecryptEcb(from, to, PaddingMode.None));

    private static byte[] Ige(
        ReadOnlySpan<byte> data, byte[] key, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, Cipher cipher)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        var result = new byte[data.Length];
        Span<byte> mixed = stackalloc byte[Block];
        for (var at = 0; at < data.Length; at += Block)
        {
            var from = data.Slice(at, Block);
            var to = result.AsSpan(at, Block);
            Xor(from, before, mixed);
            cipher(aes, mixed, to);
            Xor(to, after, to);
            before = to;
            after = from;
        }
        return result;
    }

    public static void Xor(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other, Span<byte> result)
    {
        for (var i = 0; i < result.Length; i++) result[i] = (byte)(one[i] ^ other[i]);
    }

    private delegate void Cipher(Aes aes, ReadOnlySpan<byte> from, Span<byte> to);
}

/// <summary>AES-256 in counter mode, as one endless stream.</summary>
internal sealed class AesCounter : IDisposable
{
    private readonly Aes aes = Aes.Create();
    private readonly byte[] counter;
    private readonly byte[] stream = new byte[16];
    private int used = 16;

    public AesCounter(byte[] key, byte[] iv) => (aes.Key, counter) = (key, iv);

    /// <summary>Encrypts or decrypts, which is the same, in place.</summary>
    public void Apply(Span<byte> data)
    {
        for (var i = 0; i < data.Length; i++)
        {
            if (used == 16) Next();
            data[i] ^= stream[used++];
        }
    }

    public void Dispose() => aes.Dispose();

    private void Next()
    {
        aes.EncryptEcb(counter, stream, PaddingMode.None);
        used = 0;
        for (var i = 15; i >= 0 && ++counter[i] == 0; i--)
        {
            // The carry goes on.
        }
    }
}
