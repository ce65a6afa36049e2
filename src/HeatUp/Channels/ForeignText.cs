using System.Globalization;
using System.Text;

namespace HeatUp.Channels;

/// <summary>
/// Texts that strangers wrote, such as channels' descriptions. They go to people's terminals and to language models.
/// </summary>
public static class ForeignText
{
    /// <summary>
    /// The text on one line, without anything that can't be seen: control, format (bidi and zero-width among them),
    /// private-use and unassigned characters, and the letters and marks that Unicode calls ignorable (variation
    /// selectors, fillers), in which a text could hide another. White space is folded to single spaces. A text that is
    /// too long is cut, and ends in an ellipsis. What is clean stays as it is.
    /// </summary>
    /// <param name="text">Any text; null is an empty one.</param>
    /// <param name="lengthMax">The most Unicode characters of the answer, the ellipsis included; 1 or more.</param>
    public static string Clean(string? text, int lengthMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lengthMax, 1);
        var clean = new List<Rune>();
        var isApart = false;
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (IsBlank(rune)) isApart = clean.Count > 0;
            if (IsBlank(rune) || IsHidden(rune)) continue;
            if (isApart) clean.Add(new Rune(' '));
            clean.Add(rune);
            isApart = false;
            if (clean.Count > lengthMax) return string.Concat(clean.Take(lengthMax - 1)).TrimEnd(' ') + '…';
        }
        return string.Concat(clean);
    }

    /// <summary>White space, and the Braille pattern without dots, which looks like it.</summary>
    private static bool IsBlank(Rune rune) => Rune.IsWhiteSpace(rune) || rune.Value == 0x2800;

    private static bool IsHidden(Rune rune) =>
        rune == Rune.ReplacementChar || IsIgnorable(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;

    /// <summary>Unicode's Default_Ignorable_Code_Point, as far as the categories above don't hold it.</summary>
    private static bool IsIgnorable(Rune rune) => rune.Value is 0x034F or (>= 0x115F and <= 0x1160) or 0x17B4 or 0x17B5
        or (>= 0x180B and <= 0x180F) or 0x3164 or (>= 0xFE00 and <= 0xFE0F) or 0xFFA0 or (>= 0xE0100 and <= 0xE01EF);
}
