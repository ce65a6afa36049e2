using System.Globalization;

namespace HeatUp.Primitives;

/// <summary>The name of a run: 32 lower-case hexadecimal digits.</summary>
public readonly record struct RunId
{
    private readonly UInt128 value;

    private RunId(UInt128 value) => this.value = value;

    /// <summary>
    /// The name of a session's sitting of this number that starts at this time. Drawn from the seed, so that a
    /// simulation names its runs the same each time; the start keeps the runs of a forgotten session from coming
    /// back.
    /// </summary>
    public static RunId For(Seed seed, SessionId session, int sitting, DateTimeOffset startedAt)
    {
        var rng = seed.Fork("run").Fork(session).Fork(sitting).Fork(startedAt.UtcTicks).ToRng();
        return new RunId(new UInt128(rng.NextBits(), rng.NextBits()));
    }

    /// <summary>Reads a name.</summary>
    public static bool TryParse(string? text, out RunId id)
    {
        var read = text?.Length == 32
            & UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits);
        id = read ? new RunId(bits) : default;
        return read;
    }

    /// <inheritdoc/>
    public override string ToString() => value.ToString("x32", CultureInfo.InvariantCulture);
}
