using System.Diagnostics.CodeAnalysis;

namespace HeatUp.Channels;

/// <summary>
/// A channel's public name, such as <c>@durov</c>: a letter, then letters, digits and single underscores, none at the
/// end, 4 to 32 in all (Telegram gives out 5 and more; auctions know shorter ones). Names that differ only in case are
/// one channel.
/// </summary>
public readonly struct ChannelName : IEquatable<ChannelName>, IComparable<ChannelName>
{
    /// <summary>The fewest characters after the <c>@</c>.</summary>
    public const int LengthMin = 4;

    /// <summary>The most characters after the <c>@</c>.</summary>
    public const int LengthMax = 32;

    private readonly string? value;

    // Kept, because names are looked up far more often than they are read: a hash that ignores case takes all letters.
    private readonly int hash;

    private ChannelName(string value)
    {
        this.value = value;
        hash = StringComparer.OrdinalIgnoreCase.GetHashCode(value);
    }

    /// <summary>The name with one <c>@</c>, in the case in which it was given.</summary>
    public string Value => value ?? throw new InvalidOperationException("A default ChannelName names no channel.");

    /// <summary>The link to the channel, such as <c>https://t.me/durov</c>.</summary>
    public string Link => $"https://t.me/{Value[1..]}";

    /// <summary>
    /// Reads a name with or without <c>@</c>, or a <c>t.me</c> link to the channel, with or without <c>https://</c>.
    /// Links to something else, such as a post or an invitation, name no channel.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ChannelName name)
    {
        var bare = Bare(text);
        name = IsName(bare) ? new ChannelName($"@{bare}") : default;
        return name.value is not null;
    }

    /// <summary>Reads a name that is known to be good.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public static ChannelName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"'{text}' is not a channel's name.");

    /// <inheritdoc/>
    public bool Equals(ChannelName other) =>
        hash == other.hash && string.Equals(value, other.value, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ChannelName other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => hash;

    /// <summary>
    /// The canonical order: by the code units of the names in upper case, so that an underscore follows the letters.
    /// </summary>
    public int CompareTo(ChannelName other) => string.Compare(value, other.value, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override string ToString() => value ?? "";

    /// <summary>Whether both name one channel.</summary>
    public static bool operator ==(ChannelName left, ChannelName right) => left.Equals(right);

    /// <summary>Whether they name two channels.</summary>
    public static bool operator !=(ChannelName left, ChannelName right) => !left.Equals(right);

    /// <summary>Whether the left one is earlier in the canonical order.</summary>
    public static bool operator <(ChannelName left, ChannelName right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left one is later in the canonical order.</summary>
    public static bool operator >(ChannelName left, ChannelName right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left one is not later in the canonical order.</summary>
    public static bool operator <=(ChannelName left, ChannelName right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left one is not earlier in the canonical order.</summary>
    public static bool operator >=(ChannelName left, ChannelName right) => left.CompareTo(right) >= 0;

    private static ReadOnlySpan<char> Bare(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (CutStart(ref text, "@")) return text;
        var isAddress = CutStart(ref text, "https://") || CutStart(ref text, "http://");
        var isLink = CutStart(ref text, "t.me/") || CutStart(ref text, "telegram.me/");
        if (!isLink) return isAddress ? default : text;
        CutStart(ref text, "s/"); // the preview in a browser
        return text.TrimEnd('/');
    }

    private static bool CutStart(ref ReadOnlySpan<char> text, ReadOnlySpan<char> start)
    {
        var starts = text.StartsWith(start, StringComparison.OrdinalIgnoreCase);
        if (starts) text = text[start.Length..];
        return starts;
    }

    private static bool IsName(ReadOnlySpan<char> bare)
    {
        if (bare.Length is < LengthMin or > LengthMax || !char.IsAsciiLetter(bare[0]) || bare[^1] == '_') return false;
        for (var i = 1; i < bare.Length; i++)
            if (!char.IsAsciiLetterOrDigit(bare[i]) && (bare[i] != '_' || bare[i - 1] == '_'))
                return false;
        return true;
    }
}
