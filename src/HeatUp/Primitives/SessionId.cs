using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace HeatUp.Primitives;

/// <summary>
/// The name of a session: one Telegram account's login. 1 to 128 characters, letters and digits of any script and
/// <c>_ . : @ + -</c>, compared as they are. A name of dots alone is refused, because URLs and file systems give it a
/// meaning.
/// </summary>
public readonly record struct SessionId
{
    /// <summary>The longest name, in Unicode characters.</summary>
    public const int LengthMax = 128;

    private const string Punctuation = "_.:@+-";

    // Letters that stand for a letter's absence, of Hangul and of hieroglyphs: nobody sees them, so that two names
    // would look the same. Whatever else is invisible is no letter.
    private static readonly Rune[] Blanks =
        [new(0x115F), new(0x1160), new(0x3164), new(0xFFA0), new(0x13441), new(0x13442)];

    private readonly string? value;

    private SessionId(string value) => this.value = value;

    /// <summary>The name as it was given.</summary>
    public string Value => value ?? throw new InvalidOperationException("A default SessionId names no session.");

    /// <summary>Reads a name; on failure <paramref name="problem"/> says what is wrong and what is allowed.</summary>
    public static bool TryParse(string? text, out SessionId id, [NotNullWhen(false)] out string? problem)
    {
        problem = ProblemOf(text);
        id = problem is null ? new SessionId(text!) : default;
        return problem is null;
    }

    /// <summary>Reads a name that is known to be good.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public static SessionId Parse(string text) =>
        TryParse(text, out var id, out var problem) ? id : throw new FormatException(problem);

    /// <summary>
    /// A name as a database of another program has it, whatever it is: to look at what is remembered under it and to
    /// forget it. Nobody who is named so can be given a sitting.
    /// </summary>
    public static SessionId Foreign(string text) => new(text);

    /// <inheritdoc/>
    public override string ToString() => value ?? "";

    private static string? ProblemOf(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "A session id is 1 to 128 characters; this one is empty.";
        // A character is at most two UTF-16 units, so a very long text is refused before it is walked through.
        if (text.Length > 2 * LengthMax) return TooLong(text.Length);
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            length++;
            var isLetter = Rune.IsLetterOrDigit(rune) && !Blanks.Contains(rune);
            if (!isLetter && !(rune.IsAscii && Punctuation.Contains((char)rune.Value)))
                return "A session id has letters, digits and _ . : @ + - only; "
                    + $"character {length} is {Describe(rune)}.";
        }
        if (length > LengthMax) return TooLong(length);
        return text.AsSpan().Trim('.').IsEmpty ? "A session id needs more than dots." : null;
    }

    private static string TooLong(int length) =>
        $"A session id is at most {LengthMax} characters; this one has {length}.";

    private static string Describe(Rune rune) =>
        Rune.IsControl(rune) || Rune.IsWhiteSpace(rune) || rune == Rune.ReplacementChar || Blanks.Contains(rune)
            ? $"U+{rune.Value:X4}"
            : $"'{rune}' (U+{rune.Value:X4})";
}
