using HeatUp.Simulations;

namespace Heat.Reports;

/// <summary>Where a run stands, in sentences.</summary>
internal static class RunStatusText
{
    /// <summary>Why it is not complete; for one that is, nothing.</summary>
    public static string Why(Manifest manifest)
    {
        var detail = manifest.Detail is { } text ? $" {Figures.Sentence(text)}" : "";
        return Reason(manifest.Status) + detail;
    }

    /// <summary>Whether it can be resumed: after a threshold's failure it would only fail again,
    /// and a budget stays spent.</summary>
    public static bool CanGoOn(RunFolderStatus status) =>
        status
        is not (RunFolderStatus.Complete or RunFolderStatus.Aborted or RunFolderStatus.BudgetSpent);

    private static string Reason(RunFolderStatus status) => status switch
    {
        RunFolderStatus.Complete => "",
        RunFolderStatus.Running => "It was still going on when this was written, or its process was killed.",
        RunFolderStatus.Stopped => "It was stopped.",
        RunFolderStatus.Aborted => "A threshold failed that ends a run.",
        RunFolderStatus.BudgetSpent => "Its budget was spent.",
        _ => "It could not go on.",
    };
}
