using HeatUp.Runs;
using HeatUp.Sessions;
using HeatUp.Sessions.Postgres;

namespace HeatUp.Cluster;

/// <summary>
/// The runs of all nodes: found and watched through the store, and cancelled by a mark in it, which whoever has the run
/// hears of, also one that takes it over later. Thread-safe.
/// </summary>
/// <param name="local">The runs of this node, and what the store says of the others.</param>
/// <param name="members">The other nodes.</param>
public sealed class ClusterRunControl(LocalRunControl local, PostgresMembers members) : IRunControl
{
    /// <inheritdoc/>
    public ValueTask<RunRecord?> FindAsync(RunId run, CancellationToken cancellation) =>
        local.FindAsync(run, cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<RunEvent> WatchAsync(RunId run, int afterStep, CancellationToken cancellation) =>
        local.WatchAsync(run, afterStep, cancellation);

    /// <inheritdoc/>
    public async ValueTask<CancelResult> CancelAsync(RunId run, CancellationToken cancellation)
    {
        var cancelling = await local.CancelAsync(run, cancellation);
        // A sitting that was lost or interrupted here goes on elsewhere too.
        if (cancelling.Kind != CancelStatus.Elsewhere && cancelling.Run?.End is not { IsFinal: false })
            return cancelling;
        // It has ended meanwhile: how, the store says.
        if (!await members.AskToCancelAsync(run, cancellation)) return await local.CancelAsync(run, cancellation);
        await foreach (var _ in local.WatchAsync(run, 0, cancellation)) { }
        return await local.FindAsync(run, cancellation) switch
        {
            null => new CancelResult(CancelStatus.NotFound, null),
            // This node stops before the other has heard of it.
            { End: null } open => new CancelResult(CancelStatus.Elsewhere, open),
            var ended => new CancelResult(CancelStatus.Cancelled, ended),
        };
    }
}
