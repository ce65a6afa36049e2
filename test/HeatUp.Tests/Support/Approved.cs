using System.Runtime.CompilerServices;
using System.Text;

namespace HeatUp.Tests.Support;

/// <summary>
/// Texts that somebody has read and approved: <c>Approved/NAME</c>. A text that differs fails the test and is written
/// beside the approved one as <c>NAME.received</c>; a run with <c>UPDATE_APPROVED=1</c> approves what it receives.
/// </summary>
internal static class Approved
{
    private const int LinesOfContext = 2;
    private const int LinesShownMax = 40;

    private static readonly string Folder = Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "Approved");

    public static void Match(string name, string text)
    {
        var approved = Path.Combine(Folder, name);
        var received = $"{approved}.received";
        // A file of text ends in a line feed, and editors and git see to it; the text itself need not.
        text = text.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_APPROVED") == "1") File.WriteAllText(approved, text);
        var expected = File.Exists(approved) ? File.ReadAllText(approved).ReplaceLineEndings("\n") : "";
        if (text == expected)
        {
            File.Delete(received);
            return;
        }
        File.WriteAllText(received, text);
        Assert.Fail($"""
            {name} is not what was approved (- approved, + received):
            {Difference(expected.Split('\n'), text.Split('\n'))}
            If the new text is right, run the test once more with UPDATE_APPROVED=1.
            """);
    }

    /// <summary>
    /// The lines between the common beginning and the common end of both texts, with a little context.
    /// </summary>
    private static string Difference(string[] before, string[] after)
    {
        var start = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        var end = before.Skip(start).Reverse().Zip(after.Skip(start).Reverse())
            .TakeWhile(pair => pair.First == pair.Second).Count();
        var shown = new StringBuilder($"line {start + 1}:\n");
        Append(shown, "  ", before[Math.Max(0, start - LinesOfContext)..start]);
        Append(shown, "- ", before[start..^end]);
        Append(shown, "+ ", after[start..^end]);
        Append(shown, "  ", before[^end..].Take(LinesOfContext));
        return shown.ToString();
    }

    private static void Append(StringBuilder shown, string mark, IEnumerable<string> lines)
    {
        foreach (var line in lines.Take(LinesShownMax)) shown.Append(mark).Append(line).Append('\n');
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
