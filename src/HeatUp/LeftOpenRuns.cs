using HeatUp.Runs;
using HeatUp.Sessions;
using Microsoft.Extensions.Logging;

namespace HeatUp;

/// <summary>
/// The runs that a stopped or killed process left open, and those of this process that nobody goes on with. Each is
/// taken over and goes on at its next step, or is closed if it is too old. One that can't go on now, for want of room
/// or because the store fails, stays open and is found again next time. Thread-safe.
/// </summary>
/// <param name="store">Where they are.</param>
/// <param name="claims">The sessions that have a sitting here.</param>
/// <param name="runs">The runs that this process goes on with.</param>
/// <param name="clock">Says how old they are.</param>
/// <param name="log">Told of each.</param>
public sealed class LeftOpenRuns(
    ISittingStore store, Claims claims, RunWriter runs, TimeProvider clock, ILogger<Sittings> log)
{
    /// <summary>
    /// Takes over what there is and can go on now. Those that are not too old are answered as sittings that whoever
    /// asked must run; the others are closed, and answered without one.
    /// </summary>
    /// <param name="session">Only this session's; null for all.</param>
    /// <param name="cancellation">Gives up; what was not resumed is found again next time.</param>
    /// <exception cref="StoreException">The store can't be read or written.</exception>
    public async Task<IReadOnlyList<Resumption>> ResumeAsync(
        SessionId? session = null, CancellationToken cancellation = default)
    {
        var room = claims.Free;
        if (room == 0) return [];
        var which = new TakeOver(runs.Has) { Session = session, Most = room };
        var taken = await store.TakeOverAsync(which, cancellation);
        var resumptions = new List<Resumption>();
        foreach (var (run, hold) in taken)
        {
            try
            {
                if (await ResumeAsync(run, hold, cancellation) is { } resumption) resumptions.Add(resumption);
            }
            catch (Exception failure) when (failure is StoreException or OperationCanceledException)
            {
                SittingTelemetry.NotResumed(log, failure, run.Session, run.Id);
            }
        }
        return resumptions;
    }

    private async ValueTask<Resumption?> ResumeAsync(RunRecord run, Hold hold, CancellationToken cancellation)
    {
        var (now, lastActivity) = (clock.GetUtcNow(), run.Steps.Count > 0 ? run.Steps[^1].EndedAt : run.StartedAt);
        // The process may have died between the step that ended the run and the writing of its end.
        var end = now - lastActivity > RunLimits.ResumeWithin ? RunEnd.TooOld
            : run.Steps.Count > 0 ? RunEnd.After(run.Steps[^1].Outcome)
            : null;
        if (end is null) return await AdmitAsync(run, hold, cancellation);
        var at = now > lastActivity ? now : lastActivity;
        return await store.EndAsync(hold, end, at) ? new Resumption(run with { End = end, EndedAt = at }, null) : null;
    }

    private async ValueTask<Resumption?> AdmitAsync(RunRecord run, Hold hold, CancellationToken cancellation)
    {
        // No room any more; or a sitting of the session is planned, which can't begin while this run is open.
        if (!claims.TryTake(run.Session, run.Id, out var claim, out _)) return null;
        using (claim)
        {
            var past = await store.RecallAsync(run.Session, cancellation);
            var sitting = claim.Admit(run, hold, past);
            SittingTelemetry.SittingBegun(log, sitting);
            return new Resumption(run, sitting);
        }
    }
}

/// <summary>What became of a run that an earlier process left open.</summary>
/// <param name="Run">The run as it was found; closed if it was too old.</param>
/// <param name="Sitting">The sitting that goes on with it; null if it was closed.</param>
public sealed record Resumption(RunRecord Run, Sitting? Sitting);
