namespace HeatUp.Runs;

/// <summary>
/// Makes sure that a session has one sitting at a time, and that there are not too many sittings at once. Thread-safe.
/// </summary>
public interface ISittingCoordinator
{
    /// <summary>Claims a session for a run. Whoever gets <see cref="ClaimKind.Claimed"/> must release it.</summary>
    ValueTask<Claim> ClaimAsync(SessionId session, RunId run, CancellationToken cancellation);

    /// <summary>Gives a session back. Does nothing if the session isn't claimed by this run.</summary>
    ValueTask ReleaseAsync(SessionId session, RunId run);
}

/// <summary>The answer to a claim.</summary>
/// <param name="Kind">What came of it.</param>
/// <param name="Holder">The run that has the session: the claimant's own, or the one in its way; default if there is no
/// room.</param>
public readonly record struct Claim(ClaimKind Kind, RunId Holder);

/// <summary>What came of a claim.</summary>
public enum ClaimKind
{
    /// <summary>The session is the claimant's.</summary>
    Claimed,

    /// <summary>Another run has the session.</summary>
    Taken,

    /// <summary>As many sittings run as may.</summary>
    Full,
}
