namespace HeatUp.Runs;

/// <summary>The coordinator of one process.</summary>
public sealed class SittingCoordinator : ISittingCoordinator
{
    /// <summary>How many sittings run at once unless told otherwise.</summary>
    public const int SittingsMaxDefault = 10_000;

    private readonly int sittingsMax;
    private readonly Lock gate = new();
    private readonly Dictionary<SessionId, RunId> holders = [];

    /// <summary>A coordinator.</summary>
    /// <param name="sittingsMax">How many sittings may run at once; 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public SittingCoordinator(int sittingsMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sittingsMax, 1);
        this.sittingsMax = sittingsMax;
    }

    /// <inheritdoc/>
    public ValueTask<Claim> ClaimAsync(SessionId session, RunId run, CancellationToken cancellation)
    {
        lock (gate)
        {
            // The busy session is looked for first: its second request gets the run's name also when the house is full.
            if (holders.TryGetValue(session, out var holder)) return new(new Claim(ClaimKind.Taken, holder));
            if (holders.Count >= sittingsMax) return new(new Claim(ClaimKind.Full, default));
            // Two claims of one instant carry the same run's name; only who adds it has it.
            holders.Add(session, run);
            return new(new Claim(ClaimKind.Claimed, run));
        }
    }

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(SessionId session, RunId run)
    {
        lock (gate)
        {
            if (holders.TryGetValue(session, out var holder) && holder == run) holders.Remove(session);
        }
        return default;
    }
}
