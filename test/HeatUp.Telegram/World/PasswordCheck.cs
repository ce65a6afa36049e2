using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using HeatUp.Telegram.Transport;
using static HeatUp.Telegram.Handshake.KeyExchange;

namespace HeatUp.Telegram.World;

/// <summary>
/// The server's half of a password check that never sends the password (SRP, as Telegram has it): the client proves
/// that it knows the password, by numbers that are of no use a second time.
/// </summary>
internal sealed class PasswordCheck
{
    private const int Iterations = 100_000;
    private static readonly BigInteger Generator = 3;

    private readonly BigInteger secret;
    private readonly BigInteger verifier;

    public PasswordCheck(string password)
    {
        var inner = Salted(Salted(Encoding.UTF8.GetBytes(password), Salt1), Salt2);
        var slow = Rfc2898DeriveBytes.Pbkdf2(inner, Salt1, Iterations, HashAlgorithmName.SHA512, 64);
        verifier = BigInteger.ModPow(Generator, Number(Salted(slow, Salt2)), Prime);
        secret = Number(RandomNumberGenerator.GetBytes(255));
        var factor = Number(SHA256.HashData([.. Whole(Prime), .. Whole(Generator)]));
        Public = Whole((factor * verifier + BigInteger.ModPow(Generator, secret, Prime)) % Prime);
    }

    public long Id { get; } = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8));

    public byte[] Salt1 { get; } = RandomNumberGenerator.GetBytes(40);

    public byte[] Salt2 { get; } = RandomNumberGenerator.GetBytes(16);

    /// <summary>What the client is told: B.</summary>
    public byte[] Public { get; }

    /// <summary>Whether the client knows the password.</summary>
    /// <param name="theirs">Its public number: A.</param>
    /// <param name="proof">Its proof: M1.</param>
    public bool Holds(byte[] theirs, byte[] proof)
    {
        var number = Number(theirs);
        if (number.IsZero || number >= Prime) return false;
        var whole = Whole(number);
        var mix = Number(SHA256.HashData([.. whole, .. Public]));
        var shared = BigInteger.ModPow(number * BigInteger.ModPow(verifier, mix, Prime), secret, Prime);
        var (prime, generator) = (SHA256.HashData(Whole(Prime)), SHA256.HashData(Whole(Generator)));
        var both = new byte[32];
        AesModes.Xor(prime, generator, both);
        byte[] said =
        [
            .. both, .. SHA256.HashData(Salt1), .. SHA256.HashData(Salt2), .. whole, .. Public,
            .. SHA256.HashData(Whole(shared)),
        ];
        return SHA256.HashData(said).AsSpan().SequenceEqual(proof);
    }

    private static byte[] Salted(byte[] data, byte[] salt) => SHA256.HashData([.. salt, .. data, .. salt]);

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);
}
