using HeatUp.Runs;

namespace HeatUp.Simulation.Checking;

/// <summary>Looks that nobody gets a session that another has.</summary>
internal sealed class WatchedCoordinator(World world, ISittingCoordinator inner) : ISittingCoordinator
{
    private readonly Dictionary<SessionId, RunId> holders = [];

    /// <inheritdoc/>
    public async ValueTask<Claim> ClaimAsync(SessionId session, RunId run, CancellationToken cancellation)
    {
        var claim = await inner.ClaimAsync(session, run, cancellation);
        if (claim.Kind == ClaimKind.Claimed && !holders.TryAdd(session, run))
            world.Ledger.Bad(Invariant.OneSitting, session, $"Two sittings of {session} were let in at once.");
        return claim;
    }

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(SessionId session, RunId run)
    {
        if (holders.GetValueOrDefault(session) == run) holders.Remove(session);
        await inner.ReleaseAsync(session, run);
    }
}
