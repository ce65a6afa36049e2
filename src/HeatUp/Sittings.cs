using System.Runtime.CompilerServices;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;
using Microsoft.Extensions.Logging;

namespace HeatUp;

/// <summary>
/// The whole path: recall what a session did, plan what it does next, begin, run it, remember each step, end. The
/// service calls it on the wall clock, the simulator on a virtual one. Thread-safe.
/// </summary>
/// <param name="store">What sessions did.</param>
/// <param name="planning">Makes the plan.</param>
/// <param name="runner">Carries it out.</param>
/// <param name="claims">Which sessions have a sitting here.</param>
/// <param name="runs">Writes the run to the store.</param>
/// <param name="clock">The time.</param>
/// <param name="seed">Draws the names of runs.</param>
/// <param name="log">Told of each sitting.</param>
public sealed class Sittings(
    ISittingStore store, Planning planning, Runner runner, Claims claims, RunWriter runs, TimeProvider clock, Seed seed,
    ILogger<Sittings> log)
{
    /// <summary>How often a sitting is planned at most, when others of its session begin and end meanwhile.</summary>
    public const int PlansMax = 5;

    /// <summary>Recalls, plans and begins a session's next sitting; or says why there is none.</summary>
    /// <exception cref="StoreException">The store can't be read or written: nothing has begun.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up: nothing has begun.</exception>
    public async ValueTask<SittingStart> StartAsync(SessionId session, CancellationToken cancellation = default)
    {
        runs.ThrowIfFull();
        // A plan may take a minute; a stop doesn't wait for one that nobody will run.
        using var either = cancellation.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellation, claims.Closing)
            : null;
        try
        {
            for (var plans = 0; plans < PlansMax; plans++)
                if (await TryStartAsync(session, either?.Token ?? claims.Closing) is { } start)
                    return start;
            return new SittingStart.Overtaken();
        }
        catch (OperationCanceledException) when (
            claims.Closing.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return new SittingStart.Stopping();
        }
    }

    /// <summary>
    /// What a session's next sitting would do if it began now; or why there would be none. Nothing begins and nothing
    /// is remembered; a language model is asked and costs what it costs.
    /// </summary>
    /// <exception cref="StoreException">The store can't be read.</exception>
    public async ValueTask<(Plan? Plan, SittingStart? Refusal)> PreviewAsync(
        SessionId session, CancellationToken cancellation)
    {
        var past = await store.RecallAsync(session, cancellation);
        if (past.Running is { } running) return (null, new SittingStart.AlreadyRunning(running));
        var now = clock.GetUtcNow();
        return await planning.PlanAsync(past, RunId.For(seed, session, past.NextSitting, now), now, cancellation);
    }

    /// <summary>
    /// Runs a sitting that has begun, and remembers each step before the next. Every sitting ends in a status, whatever
    /// happens. One that a stop found before it was run ends at once, and its run stays open for the next process.
    /// </summary>
    /// <exception cref="InvalidOperationException">The sitting runs already, or has run.</exception>
    public async Task<RunEnd> RunAsync(Sitting sitting)
    {
        if (!sitting.TryRun(out var past)) return await sitting.Completion;
        SittingTelemetry.SittingStarted(sitting);
        var end = await StepsAsync(sitting, past);
        return await runs.EndAsync(sitting, end);
    }

    /// <summary>Null if another sitting of the session began meanwhile, so that the plan is to be made anew.</summary>
    private async ValueTask<SittingStart?> TryStartAsync(SessionId session, CancellationToken cancellation)
    {
        var past = await store.RecallAsync(session, cancellation);
        // What goes on elsewhere isn't all remembered: a plan made now would know nothing of its last steps.
        if (past.Running is { } running)
            return await runs.TryEndAsync(running) ? null : new SittingStart.AlreadyRunning(running);
        // The clock may have been set back since the session was here last.
        var now = past.LastActivity is { } last && last > clock.GetUtcNow() ? last : clock.GetUtcNow();
        var id = RunId.For(seed, session, past.NextSitting, now);
        if (!claims.TryTake(session, id, out var claim, out var busy)) return busy;
        using (claim)
        {
            var (plan, refusal) = await planning.PlanAsync(past, id, now, cancellation);
            if (plan is null) return refusal;
            var run = new RunRecord(id, session, past.NextSitting, plan, now, [], null, null);
            var beginning = await runs.BeginAsync(run, cancellation);
            if (beginning.Kind == BeginningKind.Stale) return null;
            if (beginning.Kind == BeginningKind.AlreadyRunning)
                return new SittingStart.AlreadyRunning(beginning.Running);
            var sitting = claim.Admit(run, beginning.Hold, past);
            SittingTelemetry.SittingBegun(log, sitting);
            return new SittingStart.Started(sitting);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<RunEnd> StepsAsync(Sitting sitting, Recollection past)
    {
        try
        {
            var events = runner.RunAsync(
                past, sitting.Id, sitting.Number, sitting.Plan, sitting.StepCount, sitting.Stopping);
            await foreach (var happening in events)
            {
                if (happening is RunEvent.StepStarted started)
                {
                    SittingTelemetry.StepStarted(sitting);
                    sitting.Started(started);
                }
                if (happening is RunEvent.StepEnded(var step) && await runs.RememberAsync(sitting, step) is { } reason)
                    return reason;
                if (happening is RunEvent.RunEnded(var end))
                    return end == RunEnd.Cancelled && sitting.IsInterrupted ? RunEnd.Stopping : end;
            }
            throw new InvalidOperationException("A run ended without saying how.");
        }
        catch (Exception fault)
        {
            SittingTelemetry.SittingFaulted(log, fault, sitting.Session, sitting.Id);
            return RunEnd.Fault(fault);
        }
    }
}

/// <summary>The answer to starting a sitting.</summary>
public abstract record SittingStart
{
    private SittingStart() { }

    /// <summary>It has begun. Whoever gets it must run it.</summary>
    /// <param name="Sitting">The sitting.</param>
    public sealed record Started(Sitting Sitting) : SittingStart;

    /// <summary>The session has a sitting already.</summary>
    /// <param name="Running">That sitting's run.</param>
    public sealed record AlreadyRunning(RunId Running) : SittingStart;

    /// <summary>As many sittings run as may.</summary>
    public sealed record TooMany : SittingStart;

    /// <summary>The rules of conduct for real accounts forbid it.</summary>
    /// <param name="Reason">Why, as a sentence.</param>
    /// <param name="Until">When it may begin; null if that is not known.</param>
    public sealed record Refused(string Reason, DateTimeOffset? Until) : SittingStart;

    /// <summary>
    /// Other sittings of the session, in other processes, began and ended while this one was planned, each time that it
    /// was planned anew.
    /// </summary>
    public sealed record Overtaken : SittingStart;

    /// <summary>The service is stopping.</summary>
    public sealed record Stopping : SittingStart;
}
