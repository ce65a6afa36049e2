using System.Collections.Concurrent;
using HeatUp.Runs;
using HeatUp.Sessions;
using Microsoft.Extensions.Logging;

namespace HeatUp;

/// <summary>
/// The ends of sittings that the store couldn't take, and the beginnings of which nobody knows whether the store has
/// them. They are written in the background, at growing intervals, until the store works again. Thread-safe.
/// </summary>
internal sealed class PendingEnds(ISittingStore store, Claims claims, TimeProvider clock, ILogger log)
{
    /// <summary>As long as so many wait, no sitting begins: what the process must keep in memory is bounded.</summary>
    public const int Max = 1_000;

    /// <summary>After how long a failed write is tried again; it doubles with each failure.</summary>
    public static readonly TimeSpan RetryMin = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two tries.</summary>
    public static readonly TimeSpan RetryMax = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<RunId, Entry> waiting = new();
    private int isDraining;

    /// <param name="Session">Whose end it is.</param>
    /// <param name="Hold">The hold; null if the run's beginning was not acknowledged.</param>
    /// <param name="End">How it ended.</param>
    /// <param name="At">When.</param>
    private sealed record Entry(SessionId Session, Hold? Hold, RunEnd End, DateTimeOffset At);

    /// <summary>Whether a run's end waits to be written.</summary>
    public bool Has(RunId run) => waiting.ContainsKey(run);

    /// <summary>A run as the store has it, with its end if that waits to be written.</summary>
    public RunRecord Complete(RunRecord run) => waiting.TryGetValue(run.Id, out var unwritten)
        ? run with { End = unwritten.End, EndedAt = unwritten.At }
        : run;

    /// <summary>Refuses to go on while too many wait.</summary>
    /// <exception cref="StoreException">Too many wait.</exception>
    public void ThrowIfFull()
    {
        if (waiting.Count >= Max)
            throw new StoreException(
                $"{waiting.Count} ends of sittings wait to be written. No sitting begins before the store takes them.");
    }

    /// <summary>Keeps the end of a run that the store couldn't take.</summary>
    public void Add(Hold hold, RunEnd end, DateTimeOffset at) => Add(hold.Run, new Entry(hold.Session, hold, end, at));

    /// <summary>Keeps that a run may have begun although the store failed, and must not stay open.</summary>
    public void AddNotBegun(RunRecord run) =>
        Add(run.Id, new Entry(run.Session, null, RunEnd.NotBegun, run.StartedAt));

    /// <summary>The run has begun after all: a second try had the same name.</summary>
    public void Remove(RunId run) => waiting.TryRemove(run, out _);

    /// <summary>Writes the end of a run now; false if none waits.</summary>
    /// <exception cref="StoreException">The store still can't take it.</exception>
    public async ValueTask<bool> TryWriteAsync(RunId run)
    {
        if (!waiting.TryGetValue(run, out var entry)) return false;
        // A hold that is lost is somebody else's business: nothing waits here then either.
        var hold = entry.Hold ?? await FindAsync(run, entry.Session);
        if (hold is { } ours) await store.EndAsync(ours, entry.End, entry.At);
        waiting.TryRemove(KeyValuePair.Create(run, entry));
        return true;
    }

    /// <summary>Tries all once more when the claims are closed. The next process finds what it can't write.</summary>
    public async ValueTask StopAsync()
    {
        try
        {
            await WriteAllAsync();
        }
        catch (StoreException failure)
        {
            SittingTelemetry.EndsNotWritten(log, failure, waiting.Count, "at the next start");
        }
    }

    private void Add(RunId run, Entry entry)
    {
        waiting[run] = entry;
        if (Interlocked.Exchange(ref isDraining, 1) == 0) _ = DrainAsync();
    }

    private async Task DrainAsync()
    {
        var wait = RetryMin;
        while (!waiting.IsEmpty && !claims.Closing.IsCancellationRequested)
        {
            await clock.Delay(wait, claims.Closing);
            if (claims.Closing.IsCancellationRequested) break;
            try
            {
                await WriteAllAsync();
                wait = RetryMin;
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                wait = wait * 2 < RetryMax ? wait * 2 : RetryMax;
                SittingTelemetry.EndsNotWritten(log, failure, waiting.Count, $"in {wait}");
            }
        }
        Volatile.Write(ref isDraining, 0);
        // One may have come between the last look and the mark.
        if (!waiting.IsEmpty && !claims.Closing.IsCancellationRequested && Interlocked.Exchange(ref isDraining, 1) == 0)
            _ = DrainAsync();
    }

    private async ValueTask WriteAllAsync()
    {
        foreach (var (run, _) in waiting.OrderBy(entry => entry.Value.At).ThenBy(entry => entry.Key.ToString()))
            await TryWriteAsync(run);
    }

    /// <summary>The hold of a run whose beginning was not acknowledged; null if it hasn't begun.</summary>
    private async ValueTask<Hold?> FindAsync(RunId run, SessionId session)
    {
        // Another try under the same name, at the same instant, may claim the session now: it hasn't begun either.
        var which = new TakeOver(other => other != run && claims.Has(other)) { Session = session };
        var taken = await store.TakeOverAsync(which, CancellationToken.None);
        return taken.FirstOrDefault(one => one.Run.Id == run)?.Hold;
    }
}
