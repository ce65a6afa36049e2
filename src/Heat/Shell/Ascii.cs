using System.Text;

namespace Heat.Shell;

/// <summary>Text for a terminal whose locale knows no UTF-8: what isn't ASCII is written with it.</summary>
internal static class Ascii
{
    // The first that is set says which.
    private static readonly string[] Variables = ["LC_ALL", "LC_CTYPE", "LANG"];

    /// <summary>Whether the locale of this process knows no UTF-8; where none is set, it is C, which doesn't.</summary>
    public static bool IsNeeded()
    {
        if (OperatingSystem.IsWindows())
            return !Console.OutputEncoding.WebName.StartsWith("utf-", StringComparison.Ordinal);
        var locale = Variables
            .Select(Environment.GetEnvironmentVariable).FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? "";
        return !locale.Replace("-", "").Contains("utf8", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// The text in ASCII: our own signs as people type them, other characters as <c>\u{44f}</c>, so that none is lost.
    /// </summary>
    public static string Of(string text)
    {
        if (System.Text.Ascii.IsValid(text)) return text;
        var ascii = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) ascii.Append(Of(rune));
        return ascii.ToString();
    }

    private static string Of(Rune rune) => rune.Value switch
    {
        < 0x80 => ((char)rune.Value).ToString(),
        '…' => "...",
        '–' or '—' or '·' => "-",
        '’' or '‘' => "'",
        '“' or '”' => "\"",
        '→' => "->",
        '✓' => "+",
        '✗' => "x",
        0xA0 => " ",
        var value => $"\\u{{{value:x}}}",
    };
}

/// <summary>A writer that hands everything on in ASCII.</summary>
internal sealed class AsciiWriter(TextWriter inner) : TextWriter
{
    private char high;

    public override Encoding Encoding => Encoding.ASCII;

    // One call of ours is one of its, so that lines of several threads don't mix.
    public override void Write(char value)
    {
        if (char.IsHighSurrogate(value)) high = value;
        else Write(high == 0 ? $"{value}" : $"{high}{value}");
    }

    public override void Write(string? value)
    {
        high = default;
        inner.Write(Ascii.Of(value ?? ""));
    }

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(new string(buffer));

    public override void WriteLine(string? value) => Write($"{value}{inner.NewLine}");

    public override void WriteLine() => Write(inner.NewLine);

    public override void Flush() => inner.Flush();
}
