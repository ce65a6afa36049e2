using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;

namespace HeatUp.Simulations;

/// <summary>
/// What an exchange is found by: SHA-256 of the model and of what it was told. Texts are hashed as UTF-8, each after
/// its length in bytes (32 bits, the lowest byte first): the model, then each message's role and text.
/// </summary>
internal readonly record struct CassetteKey(UInt128 High, UInt128 Low)
{
    private const int Size = 32;

    /// <summary>The key of asking this model this.</summary>
    public static CassetteKey Of(string model, IReadOnlyList<ChatMessage> messages)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, model);
        foreach (var message in messages)
        {
            Add(hash, message.Role.Value);
            Add(hash, message.Text);
        }
        return Of(hash.GetCurrentHash());
    }

    /// <summary>The key of a text alone.</summary>
    public static CassetteKey Of(string text) => Of(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static CassetteKey Parse(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        return bytes.Length == Size ? Of(bytes) : throw new FormatException($"'{hex}' is no SHA-256.");
    }

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString() => $"{High:x32}{Low:x32}";

    private static CassetteKey Of(ReadOnlySpan<byte> hash) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(hash), BinaryPrimitives.ReadUInt128BigEndian(hash[(Size / 2)..]));

    private static void Add(IncrementalHash hash, string text)
    {
        var utf8 = ArrayPool<byte>.Shared.Rent(sizeof(int) + Encoding.UTF8.GetMaxByteCount(text.Length));
        var length = Encoding.UTF8.GetBytes(text, utf8.AsSpan(sizeof(int)));
        BinaryPrimitives.WriteInt32LittleEndian(utf8, length);
        hash.AppendData(utf8, 0, sizeof(int) + length);
        ArrayPool<byte>.Shared.Return(utf8);
    }
}
