using System.Globalization;
using System.Text;

namespace HeatUp.Channels;

/// <summary>Texts that strangers wrote: channels' titles and descriptions. They go to people's terminals and to language models.</summary>
public static class ForeignText
{
    private static readonly Rune Space = new(' ');

    /// <summary>
    /// The text on one line: without control, format (bidi and zero-width among them), private-use and unassigned characters,
    /// white space folded to single spaces, cut to <paramref name="lengthMax"/> characters of which the last is then an ellipsis.
    /// </summary>
    public static string Clean(string? text, int lengthMax)
    {
        var clean = new List<Rune>();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (clean.Count > lengthMax) break;
            if (!Rune.IsWhiteSpace(rune)) { if (IsShown(rune)) clean.Add(rune); }
            else if (clean.Count > 0 && clean[^1] != Space) clean.Add(Space);
        }
        if (clean.Count <= lengthMax) return string.Concat(clean).TrimEnd(' ');
        return string.Concat(clean.Take(lengthMax - 1)).TrimEnd(' ') + '…';
    }

    private static bool IsShown(Rune rune) => rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
