using System.Text;
using System.Text.RegularExpressions;

namespace HeatUp.Telegram.Tl;

/// <summary>One line of a schema.</summary>
/// <param name="Name">Such as <c>channels.joinChannel</c>.</param>
/// <param name="Number">What stands for it on the wire.</param>
/// <param name="Fields">In their order on the wire.</param>
/// <param name="Type">What it is one of, or what a method answers.</param>
/// <param name="IsMethod">Whether it is asked, not told.</param>
/// <param name="Text">As it stands in the schema, on one line.</param>
internal sealed partial record TlDefinition(
    string Name, uint Number, IReadOnlyList<TlField> Fields, string Type, bool IsMethod, string Text)
{
    /// <summary>The newest layer whose clients understand it.</summary>
    public int Layer { get; init; } = TlSchema.Newest;

    /// <summary>What its number must be: the CRC32 of the definition in its canonical form.</summary>
    public uint Checksum
    {
        get
        {
            var canonical = BytesType().Replace(TrueField().Replace(Mark().Replace(Text, "", 1), ""), "string")
                .Replace('<', ' ').Replace(">", "", StringComparison.Ordinal)
                .Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);
            return Crc32(Encoding.ASCII.GetBytes(canonical));
        }
    }

    /// <exception cref="FormatException">It is no definition with a number.</exception>
    public static TlDefinition Parse(string text, bool isMethod)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (Mark().Match(parts[0]) is not { Success: true } mark || parts is not [.., "=", var type])
            throw new FormatException($"'{text}' is no definition with a number.");
        return new(
            parts[0][..mark.Index], Convert.ToUInt32(mark.Value[1..], 16),
            [.. parts[1..^2].Where(part => part[0] != '{').Select(TlField.Parse)],
            type, isMethod, string.Join(' ', parts));
    }

    /// <summary>The checksum of zip files and of Ethernet.</summary>
    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xEDB88320 & (uint)-(int)(crc & 1));
        }
        return ~crc;
    }

    [GeneratedRegex("#[0-9a-f]{1,8}$|#[0-9a-f]{1,8}(?= )")]
    private static partial Regex Mark();

    [GeneratedRegex("(?<=[:?])bytes(?= )")]
    private static partial Regex BytesType();

    [GeneratedRegex(@" \w+:\w+\.\d+\?true")]
    private static partial Regex TrueField();
}

/// <summary>A field of a definition.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, such as <c>int</c>, <c>Vector&lt;long&gt;</c>, <c>!X</c> or <c>#</c>.</param>
/// <param name="Flags">The field of flags that says whether it is there; null if it always is.</param>
/// <param name="Bit">The bit that says so.</param>
internal sealed partial record TlField(string Name, string Type, string? Flags, int Bit)
{
    public static TlField Parse(string text) => Shape().Match(text) is { Success: true } match
        ? new(
            match.Groups["name"].Value, match.Groups["type"].Value,
            match.Groups["flags"] is { Success: true } flags ? flags.Value : null,
            match.Groups["bit"] is { Success: true } bit ? int.Parse(bit.ValueSpan, null) : 0)
        : throw new FormatException($"'{text}' is no field.");

    [GeneratedRegex(@"^(?<name>\w+):((?<flags>\w+)\.(?<bit>\d+)\?)?(?<type>\S+)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Shape();
}
