using HeatUp.Plans;
using HeatUp.Runs;

namespace HeatUp.Sessions;

/// <summary>A run as it is remembered.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Session">Whose.</param>
/// <param name="Sitting">The sitting's number; a session's first is 1.</param>
/// <param name="Plan">What was to be done.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Steps">What became of it so far, in order.</param>
/// <param name="End">How it ended; null while it is open.</param>
/// <param name="EndedAt">When it ended; null while it is open.</param>
public sealed record RunRecord(
    RunId Id,
    SessionId Session,
    int Sitting,
    Plan Plan,
    DateTimeOffset StartedAt,
    IReadOnlyList<Step> Steps,
    RunEnd? End,
    DateTimeOffset? EndedAt)
{
    /// <summary>Where it stands.</summary>
    public RunStatus Status => End?.Status ?? RunStatus.Running;
}
