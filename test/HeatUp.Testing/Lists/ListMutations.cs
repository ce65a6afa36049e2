using System.Text;
using HeatUp.Primitives;

namespace HeatUp.Testing.Lists;

/// <summary>Lists of channels that have been damaged on the way, each the same for the same seed.</summary>
public static class ListMutations
{
    private const int MutationsMax = 6;

    private static readonly string[] Endings = [".csv", ".tsv", ".json", ".ndjson", ".txt", ".md", ".html", ""];

    private static readonly string[] Pieces =
    [
        "\"", "\"\"", "'", ",", ";", "\t", "|", "\n", "\r\n", "\r", "{", "}", "[", "]", ":", "\\", "\\u0000", "\0", "@", "@@",
        "@a", "_", ".", "/", "//", "://", "t.me/", "https://", "tg://resolve?domain=", "%", "%2F", "%25", "&", "&#64;", "<",
        ">", "<table><tr><td>", "</td>", "<script>", "<!--", "<a href=", "-->", "null", "None", "NaN", "1,5", "1e999",
        "99999999999999999999", "\uFEFF", "\u200B", "\uD83D", "👉", "é", "Ж", "\u202E", "username", "link", "sep=", "@durov",
        "https://t.me/s/durov/5?x=y#z", "=1+1", "true", "\"active\":false,",
    ];

    private static readonly int[] Pages = [1251, 20866, 866, 1252, 1200, 1201, 12000, 65001];

    /// <summary>A damaged list, and what it is called.</summary>
    public static (string File, byte[] Bytes) Of(Seed seed)
    {
        var rng = seed.ToRng();
        var list = ListCases.All[rng.Next(ListCases.All.Count)];
        var text = new StringBuilder(list.Text);
        for (var left = rng.Between(1, MutationsMax); left > 0; left--) Mutate(text, ref rng);
        var encoding = rng.Chance(0.3)
            ? CodePagesEncodingProvider.Instance.GetEncoding(Pages[rng.Next(Pages.Length)])
                ?? Encoding.GetEncoding(Pages[rng.Next(Pages.Length)] > 1252 ? 65001 : 1200)
            : Encoding.UTF8;
        byte[] bytes = [.. rng.Chance(0.2) ? encoding.GetPreamble() : [], .. encoding.GetBytes(text.ToString())];
        if (rng.Chance(0.2))
            for (var i = rng.Between(1, 8); i > 0 && bytes.Length > 0; i--)
                bytes[rng.Next(bytes.Length)] = (byte)rng.Next(256);
        return (rng.Chance(0.3) ? $"a{Endings[rng.Next(Endings.Length)]}" : list.File, bytes);
    }

    private static void Mutate(StringBuilder text, ref Rng rng)
    {
        var at = rng.Next(text.Length + 1);
        var length = Math.Min(text.Length - at, 1 << rng.Next(9));
        switch (rng.Next(8))
        {
            case 0: text.Remove(at, length); break;
            case 1: text.Insert(at, text.ToString(at, length)); break;
            case 2: text.Remove(at, text.Length - at); break;
            case 3: Repeat(text, at, Pieces[rng.Next(Pieces.Length)], 1 << rng.Next(rng.Chance(0.02) ? 17 : 6)); break;
            case 4: Splice(text, at, ListCases.All[rng.Next(ListCases.All.Count)].Text, ref rng); break;
            case 5: text.Replace(Pieces[rng.Next(12)], Pieces[rng.Next(Pieces.Length)]); break;
            default: text.Insert(at, Pieces[rng.Next(Pieces.Length)]); break;
        }
    }

    private static void Repeat(StringBuilder text, int at, string piece, int count) =>
        text.Insert(at, string.Concat(Enumerable.Repeat(piece, count)));

    private static void Splice(StringBuilder text, int at, string other, ref Rng rng)
    {
        var from = rng.Next(other.Length);
        text.Insert(at, other[from..]);
    }
}
