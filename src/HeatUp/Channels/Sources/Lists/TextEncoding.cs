using System.Buffers;
using System.Text;

namespace HeatUp.Channels.Sources.Lists;

/// <summary>Tells the encoding of a text by its bytes.</summary>
internal static class TextEncoding
{
    /// <summary>The letters of Russian, the most frequent first, and how often each comes in ten thousand.</summary>
    private const string Russian = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэёфъ";

    private static readonly int[] Frequencies =
    [
        1097, 845, 801, 735, 670, 626, 547, 473, 454, 440, 349, 321, 298, 281, 262, 201, 190, 174, 170, 165, 159, 144,
        121, 97, 94, 73, 64, 48, 36, 32, 30, 26, 4,
    ];

    /// <summary>So many letters that fit speak for UTF-8 against one that doesn't.</summary>
    private const int GoodForBad = 10;

    private static readonly Encoding[] Guesses =
    [
        Encoding.UTF8,
        .. new[] { 1251, 20866, 866, 1252 }.Select(page => CodePagesEncodingProvider.Instance.GetEncoding(page)!),
    ];

    private static readonly (byte[] Mark, Encoding Encoding)[] Marks =
    [
        ([0xFF, 0xFE, 0, 0], Encoding.UTF32), ([0xFF, 0xFE], Encoding.Unicode),
        ([0xFE, 0xFF], Encoding.BigEndianUnicode), ([0xEF, 0xBB, 0xBF], Encoding.UTF8),
    ];

    private static readonly (byte[] Start, string Fault)[] NoTexts =
    [
        ("PK\u0003\u0004"u8.ToArray(), "it is a spreadsheet or an archive. Save it as CSV."),
        ([0xD0, 0xCF, 0x11, 0xE0], "it is a spreadsheet. Save it as CSV."),
        ([0x1F, 0x8B], "it is compressed. Give what is in it: zcat FILE | heat channels import -"),
        ("%PDF-"u8.ToArray(), "it is a PDF. Save its text."),
        ("SQLite format 3"u8.ToArray(), "it is a database. Export the table as CSV."),
    ];

    /// <summary>Why a file that begins so is no text: the end of a sentence about it; null if it may be one.</summary>
    public static string? FaultOf(ReadOnlySpan<byte> first)
    {
        foreach (var (start, fault) in NoTexts)
            if (first.StartsWith(start))
                return fault;
        return null;
    }

    /// <summary>The encoding that a mark at the beginning names, and the mark's length.</summary>
    public static (Encoding? Encoding, int Length) ByMark(ReadOnlySpan<byte> first)
    {
        foreach (var (mark, encoding) in Marks)
            if (first.StartsWith(mark))
                return (encoding, mark.Length);
        return (null, 0);
    }

    /// <summary>UTF-16 without a mark: every second byte is a zero where it says ASCII. Null if it isn't.</summary>
    public static Encoding? ByZeros(ReadOnlySpan<byte> first)
    {
        var zeros = new int[2];
        for (var i = 0; i < first.Length; i++)
            if (first[i] == 0)
                zeros[i % 2]++;
        var enough = first.Length / 20;
        if (zeros[1] > enough && zeros[0] * 10 < zeros[1]) return Encoding.Unicode;
        return zeros[0] > enough && zeros[1] * 10 < zeros[0] ? Encoding.BigEndianUnicode : null;
    }

    /// <summary>The encoding of bytes that are not all ASCII: UTF-8, unless most of it is none.</summary>
    public static Encoding Guess(ReadOnlySpan<byte> bytes)
    {
        var (good, bad) = (0, 0);
        for (var at = 0; at < bytes.Length;)
        {
            var status = Rune.DecodeFromUtf8(bytes[at..], out _, out var length);
            if (status == OperationStatus.Done && length > 1) good++;
            if (status == OperationStatus.InvalidData) bad++;
            at += length;
        }
        if (bad * GoodForBad <= good) return Encoding.UTF8;
        var sample = bytes.ToArray();
        return Guesses.MaxBy(encoding => Likelihood(encoding.GetString(sample)))!;
    }

    /// <summary>
    /// How much a text looks like words: frequent letters of Russian, or single letters of the West between others.
    /// </summary>
    private static double Likelihood(string text)
    {
        var sum = 0.0;
        for (var i = 0; i < text.Length; i++)
        {
            var before = i > 0 ? text[i - 1] : ' ';
            if (char.IsAscii(text[i])) sum += char.IsAsciiLetter(text[i]) && IsCyrillic(before) ? -3 : 0;
            else if (IsCyrillic(text[i])) sum += OfCyrillic(text[i], before);
            else if (char.IsLetter(text[i])) sum += char.IsAscii(before) ? 0.5 : -2;
            else if (!"«»—–…№“”„‘’•\u00A0°©®·".Contains(text[i])) sum -= 2;
        }
        return sum;
    }

    private static double OfCyrillic(char letter, char before)
    {
        var lower = char.ToLowerInvariant(letter);
        var rank = Russian.IndexOf(lower);
        var likely = rank < 0 ? -2 : Math.Log(Frequencies[rank] / 100.0);
        var isOdd = char.IsAsciiLetter(before) || IsCyrillic(before) && char.IsLower(before) && char.IsUpper(letter);
        return likely + (letter == lower ? 0.1 : 0) - (isOdd ? 3 : 0);
    }

    private static bool IsCyrillic(char letter) => letter is >= '\u0400' and <= '\u04FF';
}
