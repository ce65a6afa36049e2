using System.Diagnostics;
using System.Globalization;
using HeatUp.Testing;

namespace HeatUp.Benchmarks;

/// <summary>Mutated replies of a language model against what reads and checks them.</summary>
internal static class FuzzReplies
{
    /// <summary>The first argument of a run.</summary>
    public const string Command = "fuzz-replies";

    /// <summary>Runs it: 0 if nothing bad passed and nothing escaped.</summary>
    public static int Run(string seed, string count)
    {
        var watch = Stopwatch.StartNew();
        var result = ReplyFuzz.Run(
            ulong.Parse(seed, CultureInfo.InvariantCulture), int.Parse(count, CultureInfo.InvariantCulture));
        Figures.Note("replies", result.Count, "");
        Figures.Note("replies a second", result.Count / watch.Elapsed.TotalSeconds, "");
        Figures.Note("plans that passed the check", result.Plans, "");
        Figures.Note("taken for an error or for no completion", result.Errors, "");
        Figures.Report("bad plans and escaped exceptions", result.Faults.Count, "", 0, atLeast: false);
        foreach (var fault in result.Faults) Console.WriteLine(fault);
        return result.Faults.Count == 0 ? 0 : 1;
    }
}
