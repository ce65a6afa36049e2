using System.Text;
using Heat.Shell;
using HeatUp.Simulations;
using Spectre.Console;

namespace Heat.Commands.Simulations;

/// <summary>What a run came to, for whoever asked: words or JSON, and what the exit code says of it.</summary>
internal static class RunResult
{
    public static void Show(Summary summary, bool json, Terminal terminal)
    {
        if (json) terminal.OutWriter.Write(Encoding.UTF8.GetString(RunFolderJson.Write(summary)));
        else new SummaryView(terminal.Out, terminal.IsPiped).Show(summary);
    }

    public static void ShowReport(string path, Terminal terminal) =>
        terminal.Out.MarkupLineInterpolated($"Report: {path}");

    /// <summary>The exit code of a failed threshold; if none failed, the other one.</summary>
    public static int CodeOf(Summary summary, int otherwise) =>
        summary.Thresholds.All(threshold => threshold.Passed) ? otherwise : ExitCode.ThresholdFailed;
}
