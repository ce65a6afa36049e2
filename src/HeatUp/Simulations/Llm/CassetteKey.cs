using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.AI;

namespace HeatUp.Simulations;

/// <summary>
/// What an exchange is found by: SHA-256 of the model and of what it was told, in 64 lower-case hexadecimal digits.
/// Texts are hashed as UTF-8, each after its length in bytes (32 bits, the lowest byte first): the model, then each
/// message's role and text.
/// </summary>
internal static class CassetteKey
{
    /// <summary>The key of asking this model this.</summary>
    public static string Of(string model, IReadOnlyList<ChatMessage> messages)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, model);
        foreach (var message in messages)
        {
            Add(hash, message.Role.Value);
            Add(hash, message.Text);
        }
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    /// <summary>The key of a text alone.</summary>
    public static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static void Add(IncrementalHash hash, string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
        hash.AppendData(length);
        hash.AppendData(utf8);
    }
}
