using System.Text;
using Heat.Shell;
using HeatUp.Simulations;

namespace Heat.Commands.Simulations;

/// <summary>What a comparison came to, for whoever asked: words or JSON.</summary>
internal static class ComparisonResult
{
    public static void Show(RunComparison comparison, bool json, Terminal terminal)
    {
        if (json) terminal.OutWriter.Write(Encoding.UTF8.GetString(RunFolderJson.Write(comparison)));
        else new ComparisonView(terminal.Out).Show(comparison);
    }
}
