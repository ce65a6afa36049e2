using System.Diagnostics.CodeAnalysis;
using HeatUp.Plans;
using HeatUp.Sessions;

namespace HeatUp;

/// <summary>
/// The sessions that have a sitting in this process, one each, and how many there may be at once. That no other process
/// gives a session a second sitting is the store's promise, not this one's. Thread-safe.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification =
    "A source of cancellation without a timer or a handle holds nothing.")]
public class Claims
{
    /// <summary>How many sittings run at once unless told otherwise.</summary>
    public const int SittingsMaxDefault = 10_000;

    private readonly int sittingsMax;
    private readonly Lock gate = new();
    private readonly Dictionary<SessionId, Claim> bySession = [];
    private readonly Dictionary<RunId, Claim> byRun = [];
    private readonly CancellationTokenSource closing = new();

    /// <summary>No claims yet.</summary>
    /// <param name="sittingsMax">How many sittings may run at once; 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public Claims(int sittingsMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sittingsMax, 1);
        this.sittingsMax = sittingsMax;
    }

    /// <summary>How many more sittings may run now.</summary>
    public int Free { get { lock (gate) return Math.Max(0, sittingsMax - bySession.Count); } }

    /// <summary>The sittings that have begun and not ended.</summary>
    public IReadOnlyList<Sitting> Sittings
    {
        get
        {
            lock (gate)
                return [.. byRun.Values.Select(claim => claim.Sitting).OfType<Sitting>()
                    .Where(sitting => !sitting.Completion.IsCompleted)];
        }
    }

    /// <summary>The sitting of this run if it is one of this process's and goes on.</summary>
    public Sitting? Find(RunId run)
    {
        lock (gate) return byRun.GetValueOrDefault(run)?.Sitting;
    }

    /// <summary>Whether a sitting of this run is being planned or goes on here.</summary>
    public bool Has(RunId run)
    {
        lock (gate) return byRun.ContainsKey(run);
    }

    /// <summary>Cancelled when the process stops: who plans a sitting, or waits for one, gives up.</summary>
    public CancellationToken Closing => closing.Token;

    /// <summary>
    /// Lets no session in any more, gives up the plans that are being made, and interrupts each sitting that begins
    /// all the same.
    /// </summary>
    // Not by CancelAsync, which would go on with other threads: a stop is part of what runs on the one context of
    // virtual time.
    internal void Close() => closing.Cancel();

    /// <summary>Claims a session for a run.</summary>
    /// <param name="session">The session.</param>
    /// <param name="run">The run that its sitting will be, or is.</param>
    /// <param name="claim">The claim; whoever gets it disposes it.</param>
    /// <param name="refusal">Why there is none.</param>
    internal virtual bool TryTake(
        SessionId session, RunId run,
        [NotNullWhen(true)] out Claim? claim, [NotNullWhen(false)] out SittingStart? refusal)
    {
        lock (gate)
        {
            claim = null;
            // A busy session is named as such also when the house is full.
            refusal = bySession.TryGetValue(session, out var other) ? new SittingStart.AlreadyRunning(other.Run)
                : closing.IsCancellationRequested ? new SittingStart.Stopping()
                : bySession.Count >= sittingsMax ? new SittingStart.TooMany()
                : null;
            if (refusal is not null) return false;
            claim = new Claim(this, session, run);
            // Two claims of one instant carry the same run's name; only who adds it has it.
            bySession.Add(session, claim);
            byRun.Add(run, claim);
            return true;
        }
    }

    internal Sitting Admit(Claim claim, RunRecord run, Hold hold, Recollection past)
    {
        var sitting = new Sitting(run, hold, past, claim);
        lock (gate) claim.Sitting = sitting;
        // One that begins while the others are interrupted must not be left out.
        if (closing.IsCancellationRequested) sitting.Interrupt();
        return sitting;
    }

    internal virtual void Release(Claim claim)
    {
        lock (gate)
        {
            if (bySession.GetValueOrDefault(claim.Session) != claim) return;
            bySession.Remove(claim.Session);
            byRun.Remove(claim.Run);
        }
    }
}

/// <summary>
/// That a session's sitting is this process's business. Disposing it gives the session back, unless a sitting has begun
/// under it; then the sitting's end does.
/// </summary>
internal sealed class Claim(Claims claims, SessionId session, RunId run) : IDisposable
{
    public SessionId Session => session;

    public RunId Run => run;

    /// <summary>The sitting that has begun under it; null while it is planned.</summary>
    public Sitting? Sitting { get; set; }

    /// <summary>Begins the sitting: from now on the claim is the sitting's.</summary>
    public Sitting Admit(RunRecord record, Hold hold, Recollection past) => claims.Admit(this, record, hold, past);

    /// <summary>Gives the session back, whoever has the claim.</summary>
    public void Release() => claims.Release(this);

    public void Dispose()
    {
        if (Sitting is null) Release();
    }
}
