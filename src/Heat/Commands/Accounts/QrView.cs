using System.Text;
using Heat.Shell;
using QRCoder;
using Spectre.Console;

namespace Heat.Commands.Accounts;

/// <summary>
/// A QR code in a terminal: two rows of its squares to a line of half blocks, light on dark; where the locale knows no
/// such signs, a row to a line and two of ASCII's to a square.
/// </summary>
internal static class QrView
{
    private static readonly Style LightOnDark = new(Color.White, Color.Black);

    public static void Write(Terminal terminal, string text)
    {
        foreach (var line in terminal.IsAscii ? AsciiLines(text) : Lines(text))
            terminal.Error.WriteLine(line, LightOnDark);
    }

    /// <summary>A light square is two number signs.</summary>
    public static IReadOnlyList<string> AsciiLines(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.L);
        return [.. data.ModuleMatrix.Select(row =>
            string.Concat(row.Cast<bool>().Select(isDark => isDark ? "  " : "##")))];
    }

    /// <summary>
    /// A filled half is a light square, so that the code has its light margin on a dark terminal, where most are.
    /// </summary>
    public static IReadOnlyList<string> Lines(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.L);
        var modules = data.ModuleMatrix;
        var lines = new List<string>();
        for (var y = 0; y < modules.Count; y += 2)
        {
            var line = new StringBuilder();
            for (var x = 0; x < modules.Count; x++)
                line.Append((IsLight(x, y), IsLight(x, y + 1)) switch
                {
                    (true, true) => '\u2588',
                    (true, false) => '\u2580',
                    (false, true) => '\u2584',
                    _ => ' ',
                });
            lines.Add($"{line}");
        }
        return lines;

        bool IsLight(int x, int y) => y >= modules.Count || !modules[y][x];
    }
}
