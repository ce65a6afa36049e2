using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;
using Microsoft.Extensions.Logging;

namespace HeatUp;

/// <summary>
/// Writes this process's runs to the store: their beginnings, their steps, their ends. An end that the store can't take
/// is kept, and written in the background as soon as the store works again. Thread-safe.
/// </summary>
public sealed class RunWriter
{
    private readonly ISittingStore store;
    private readonly Claims claims;
    private readonly TimeProvider clock;
    private readonly ILogger<Sittings> log;
    private readonly PendingEnds unwritten;

    /// <summary>A writer.</summary>
    /// <param name="store">Where to.</param>
    /// <param name="claims">The sessions that have a sitting here.</param>
    /// <param name="clock">The time.</param>
    /// <param name="log">Told of what could not be written.</param>
    public RunWriter(ISittingStore store, Claims claims, TimeProvider clock, ILogger<Sittings> log)
    {
        (this.store, this.claims, this.clock, this.log) = (store, claims, clock, log);
        unwritten = new PendingEnds(store, claims, clock, log);
    }

    /// <summary>
    /// Hears of each channel that refused a step because of what the channel is: gone, private, or no channel. Called
    /// after the step is remembered; must be quick and not throw. Null for nobody.
    /// </summary>
    public Action<ChannelName>? OnChannelRefused { get; init; }

    /// <summary>A run as the store has it, with its end if this could not be written yet.</summary>
    public RunRecord WithUnwrittenEnd(RunRecord run) => unwritten.Complete(run);

    /// <summary>
    /// Stops: no sitting starts any more, plans that are being made are given up, and the sittings that run are
    /// interrupted at their step's edge; their runs stay open for the next process. One that nobody has run yet ends
    /// at once. Completes when all have ended and what the store could not take was tried once more.
    /// </summary>
    public async Task StopAsync()
    {
        claims.Close();
        while (claims.Sittings is { Count: > 0 } running)
        {
            var inOrder = running.OrderBy(sitting => sitting.Session.Value, StringComparer.Ordinal).ToList();
            foreach (var sitting in inOrder) sitting.Interrupt();
            // One after the other: Task.WhenAll would go on with other threads than the one of virtual time.
            foreach (var sitting in inOrder) await StoppedAsync(sitting);
        }
        await unwritten.StopAsync();
    }

    /// <summary>Whether somebody here goes on with a run, or its end waits to be written.</summary>
    internal bool Has(RunId run) => claims.Has(run) || unwritten.Has(run);

    /// <exception cref="StoreException">Too many ends wait to be written: no sitting may begin.</exception>
    internal void ThrowIfFull() => unwritten.ThrowIfFull();

    /// <exception cref="StoreException">Whether it has begun is unknown; nobody will run it.</exception>
    internal async ValueTask<Beginning> BeginAsync(RunRecord run, CancellationToken cancellation)
    {
        Beginning beginning;
        try
        {
            beginning = await store.BeginAsync(run, cancellation);
        }
        catch (StoreException)
        {
            // If it has begun all the same, it must not be in the way of the next.
            unwritten.AddNotBegun(run);
            throw;
        }
        if (beginning.Kind == BeginningKind.Begun) unwritten.Remove(run.Id);
        // A run whose end couldn't be written is in the way until it can.
        return beginning.Kind == BeginningKind.AlreadyRunning && await unwritten.TryWriteAsync(beginning.Running)
            ? Beginning.Stale
            : beginning;
    }

    /// <summary>Writes the end of a run that waits to be written; false if none waits.</summary>
    /// <exception cref="StoreException">The store still can't take it.</exception>
    internal ValueTask<bool> TryEndAsync(RunId run) => unwritten.TryWriteAsync(run);

    /// <summary>Null if the step is remembered; else why the sitting ends here.</summary>
    internal async ValueTask<RunEnd?> RememberAsync(Sitting sitting, Step step)
    {
        var remembered = sitting.InOrder(step);
        try
        {
            if (!await store.RememberAsync(sitting.Hold, remembered)) return RunEnd.HoldLost;
        }
        catch (StoreException failure)
        {
            SittingTelemetry.StepNotRemembered(log, failure, sitting.Session, sitting.Id);
            return RunEnd.NotRemembered(failure.Message);
        }
        SittingTelemetry.StepEnded(log, sitting, remembered);
        // Only now does anybody hear of it: what is told is in the store.
        sitting.Ended(remembered);
        if (step.RefusedByChannel is { } channel) OnChannelRefused?.Invoke(channel);
        return null;
    }

    /// <summary>Ends a sitting, whether the store takes its end or not. Answers how it ended.</summary>
    internal async ValueTask<RunEnd> EndAsync(Sitting sitting, RunEnd end)
    {
        var at = sitting.NotBeforeLast(clock.GetUtcNow());
        try
        {
            if (end.IsFinal && !await store.EndAsync(sitting.Hold, end, at)) end = RunEnd.HoldLost;
        }
        catch (Exception failure)
        {
            unwritten.Add(sitting.Hold, end, at);
            SittingTelemetry.EndNotWritten(log, failure, sitting.Session, sitting.Id);
        }
        SittingTelemetry.SittingEnded(log, sitting, end);
        sitting.Ended(end, at);
        return end;
    }

    private async Task StoppedAsync(Sitting sitting)
    {
        if (sitting.TryLeave())
        {
            SittingTelemetry.SittingStarted(sitting);
            await EndAsync(sitting, sitting.IsInterrupted ? RunEnd.Stopping : RunEnd.Cancelled);
        }
        await sitting.Completion;
    }
}
