using System.Collections.Concurrent;

namespace HeatUp.Runs;

/// <summary>The coordinator of one process.</summary>
/// <param name="sittingsMax">How many sittings may run at once; 1 or more.</param>
public sealed class SittingCoordinator(int sittingsMax) : ISittingCoordinator
{
    /// <summary>How many sittings run at once unless told otherwise.</summary>
    public const int SittingsMaxDefault = 10_000;

    private readonly ConcurrentDictionary<SessionId, RunId> holders = new();
    private int count;

    /// <inheritdoc/>
    public ValueTask<Claim> ClaimAsync(SessionId session, RunId run, CancellationToken cancellation)
    {
        // The busy session is looked for first: its second request gets the run's name also when the house is full.
        if (holders.TryGetValue(session, out var holder)) return new(new Claim(ClaimKind.Taken, holder));
        if (Interlocked.Increment(ref count) > sittingsMax)
        {
            Interlocked.Decrement(ref count);
            return new(new Claim(ClaimKind.Full, default));
        }
        holder = holders.GetOrAdd(session, run);
        if (holder == run) return new(new Claim(ClaimKind.Claimed, run));
        Interlocked.Decrement(ref count);
        return new(new Claim(ClaimKind.Taken, holder));
    }

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(SessionId session, RunId run)
    {
        if (holders.TryRemove(KeyValuePair.Create(session, run))) Interlocked.Decrement(ref count);
        return default;
    }
}
