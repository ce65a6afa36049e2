using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Runs.Conduct;
using HeatUp.Sessions;
using Microsoft.Extensions.Logging;

namespace HeatUp;

/// <summary>
/// The whole path: recall what a session did, plan what it does next, run it, remember each step. The service calls
/// it on the wall clock, the simulator on a virtual one. Thread-safe.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification =
    "A source of cancellation without a timer or a handle holds nothing.")]
public sealed class Sittings(
    ISittingStore store,
    IPlanner planner,
    Runner runner,
    ISittingCoordinator coordinator,
    Func<ChannelPool> pool,
    TimeProvider clock,
    Seed seed,
    ILogger<Sittings> log,
    IAdvisor? advisor = null,
    ISittingGate? gate = null)
{
    private readonly ConcurrentDictionary<RunId, Sitting> running = new();
    private readonly ConcurrentDictionary<RunId, (RunEnd End, DateTimeOffset At)> unwrittenEnds = new();
    private readonly ConcurrentDictionary<RunId, RunRecord> adopted = new();
    private readonly CancellationTokenSource stopping = new();
    private volatile bool stopped;

    /// <summary>
    /// Hears of each channel that refused a step because of what the channel is: gone, private, or no channel. Called
    /// after the step is remembered; must be quick and not throw. Null for nobody.
    /// </summary>
    public Action<ChannelName>? OnChannelRefused { get; init; }

    /// <summary>The sittings that run now.</summary>
    public ICollection<Sitting> Running => running.Values;

    /// <summary>The sitting of this run if it runs now.</summary>
    public Sitting? Find(RunId run) => running.GetValueOrDefault(run);

    /// <summary>A run as the store has it, with its end if this could not be written yet.</summary>
    public RunRecord WithUnwrittenEnd(RunRecord run) => unwrittenEnds.TryGetValue(run.Id, out var unwritten)
        ? run with { End = unwritten.End, EndedAt = unwritten.At }
        : run;

    /// <summary>Recalls, plans and begins a session's next sitting; or says why there is none.</summary>
    /// <exception cref="StoreException">The store can't be read or written: nothing has begun.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up: nothing has begun.</exception>
    public async ValueTask<SittingStart> StartAsync(SessionId session, CancellationToken cancellation = default)
    {
        // A plan may take a minute; a stop doesn't wait for one that nobody will run.
        using var either = cancellation.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellation, stopping.Token)
            : null;
        try
        {
            return await BeginAsync(session, either?.Token ?? stopping.Token);
        }
        catch (OperationCanceledException) when (stopped && !cancellation.IsCancellationRequested)
        {
            return new SittingStart.Stopping();
        }
    }

    /// <summary>
    /// Runs a sitting that has begun, and remembers each step before the next. Every sitting ends in a status, whatever
    /// happens.
    /// </summary>
    /// <exception cref="InvalidOperationException">The sitting runs already, or has run.</exception>
    public async Task<RunEnd> RunAsync(Sitting sitting)
    {
        var past = sitting.TakePast();
        SittingTelemetry.SittingsRunning.Add(1);
        // Stopped with the sitting's end, before anybody hears of it.
        var trace = SittingTelemetry.Trace("sitting", sitting.Session, sitting.Id);
        var end = await LiveAsync(sitting, past);
        var at = sitting.NotBeforeLast(clock.GetUtcNow());
        if (end.Code != EndCode.Stopping) await WriteEndAsync(sitting, end, at);
        await coordinator.ReleaseAsync(sitting.Session, sitting.Id);
        SittingTelemetry.Ended(end, trace);
        log.SittingEnded(sitting.Session, sitting.Id, end.Status, end.Detail ?? "");
        sitting.Ended(end, at);
        running.TryRemove(sitting.Id, out _);
        return end;
    }

    /// <summary>
    /// Takes over the runs that a stopped or killed process left open. Those that are not too old are answered as
    /// sittings that whoever asked must run; the others are closed, and answered without one.
    /// </summary>
    /// <param name="session">Only this session's; null for all.</param>
    /// <param name="cancellation">Gives up before the next run.</param>
    public async Task<IReadOnlyList<Resumption>> ResumeAsync(
        SessionId? session = null, CancellationToken cancellation = default)
    {
        foreach (var run in await store.TakeOverAsync(session, cancellation)) adopted[run.Id] = run;
        await WriteUnwrittenEndsAsync();
        var resumptions = new List<Resumption>();
        var asked = adopted.Values.Where(run => session is null || run.Session == session);
        foreach (var run in asked.OrderBy(run => run.StartedAt).ThenBy(NameOf, StringComparer.Ordinal))
            if (await TryResumeAsync(run, cancellation) is { } resumption)
                resumptions.Add(resumption);
        return resumptions;
    }

    /// <summary>
    /// Stops: no sitting starts any more, those that run are interrupted at their step's edge. Completes when all are.
    /// </summary>
    public async Task StopAsync()
    {
        stopped = true;
        // Not on other threads, as CancelAsync would do it and Task.WhenAll would go on: a stop is part of what runs on
        // the one context of virtual time.
        stopping.Cancel();
        while (!running.IsEmpty)
        {
            var interrupted = running.Values.OrderBy(sitting => sitting.Session.Value, StringComparer.Ordinal).ToList();
            foreach (var sitting in interrupted) sitting.Interrupt();
            foreach (var sitting in interrupted) await sitting.Completion;
        }
        await WriteUnwrittenEndsAsync();
    }

    private async ValueTask<SittingStart> BeginAsync(SessionId session, CancellationToken cancellation)
    {
        while (!stopped)
        {
            var past = await store.RecallAsync(session, cancellation);
            // The clock may have been set back since the session was here last.
            var now = past.LastActivity is { } last && last > clock.GetUtcNow() ? last : clock.GetUtcNow();
            var id = RunId.For(seed, session, past.NextSitting, now);
            var claim = await coordinator.ClaimAsync(session, id, cancellation);
            if (claim.Kind == ClaimKind.Taken) return new SittingStart.AlreadyRunning(claim.Holder);
            if (claim.Kind == ClaimKind.Full) return new SittingStart.TooMany();
            var sitting = default(Sitting);
            try
            {
                var request = new PlanRequest(past, pool(), now);
                if (gate is not null)
                {
                    var admission = await gate.AdmitAsync(past, request.Pool, cancellation);
                    if (admission.Pool is null) return new SittingStart.Refused(admission.Reason!, admission.Until);
                    request = request with
                    {
                        Past = past.Following(admission.Followed, now), Pool = admission.Pool, IsForOwner = true,
                    };
                }
                var plan = await PlanAsync(Advised(request), id, cancellation);
                var run = new RunRecord(id, session, past.NextSitting, plan, now, [], null, null);
                var beginning = await store.BeginAsync(run, cancellation);
                if (beginning.Kind == BeginningKind.Begun) return new SittingStart.Started(sitting = Admit(run, past));
                // A run whose end couldn't be written stays open until it can; a stale plan is made anew.
                if (beginning.Kind == BeginningKind.AlreadyRunning && !await WriteUnwrittenEndAsync(beginning.Running))
                    return new SittingStart.AlreadyRunning(beginning.Running);
            }
            catch (StoreException)
            {
                // If it has begun all the same, it must not be in the way of the next.
                unwrittenEnds[id] = (RunEnd.NotBegun, now);
                throw;
            }
            finally
            {
                if (sitting is null) await coordinator.ReleaseAsync(session, id);
            }
        }
        return new SittingStart.Stopping();
    }

    private PlanRequest Advised(PlanRequest request) => advisor is null
        ? request
        : request with { Suggested = advisor.Suggest(request.Past, request.Pool) };

    private async ValueTask<Plan> PlanAsync(PlanRequest request, RunId run, CancellationToken cancellation)
    {
        using var trace = SittingTelemetry.Trace("plan", request.Past.Session, run);
        var startedAt = clock.GetTimestamp();
        var plan = await planner.PlanAsync(request, cancellation);
        SittingTelemetry.Planned(plan.Origin, clock.GetElapsedTime(startedAt), trace);
        return plan;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<RunEnd> LiveAsync(Sitting sitting, Recollection past)
    {
        var trace = default(Activity);
        try
        {
            var events = runner.RunAsync(past, sitting.Number, sitting.Plan, sitting.StepCount, sitting.Stopping);
            await foreach (var happening in events)
            {
                if (happening is RunEvent.RunEnded(var end))
                    return end == RunEnd.Cancelled && sitting.IsInterrupted ? RunEnd.Stopping : end;
                if (happening is RunEvent.StepEnded(var step)) await RememberAsync(sitting, step, trace);
                if (happening is RunEvent.StepStarted started)
                {
                    trace = SittingTelemetry.Trace("step", sitting.Session, sitting.Id);
                    sitting.Started(started);
                }
            }
            throw new InvalidOperationException("A run ended without saying how.");
        }
        catch (StoreException failure)
        {
            log.StepNotRemembered(failure, sitting.Session, sitting.Id);
            return new RunEnd(RunStatus.Failed, EndCode.NotRemembered,
                $"A step could not be remembered, so the sitting stops here. {failure.Message}");
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            log.SittingFaulted(fault, sitting.Session, sitting.Id);
            return new RunEnd(RunStatus.Failed, EndCode.Fault, $"A fault in Heat Up: {fault.Message}");
        }
        finally
        {
            // Ended already, unless the run stopped in the middle of a step.
            trace?.Dispose();
        }
    }

    private async ValueTask RememberAsync(Sitting sitting, Step step, Activity? trace)
    {
        var remembered = sitting.InOrder(step);
        await store.RememberAsync(sitting.Id, sitting.Session, remembered);
        sitting.Ended(remembered);
        if (OnChannelRefused is { } listener && step.RefusedByChannel is { } channel) listener(channel);
        SittingTelemetry.Ended(remembered, trace);
        log.StepEnded(
            sitting.Session, sitting.Id, step.Number, step.Action.Kind, step.Outcome.Word, step.Outcome.Error);
    }

    // Runs and sessions come out of dictionaries in an order that differs from process to process.
    private static string NameOf(RunRecord run) => run.Session.Value;

    /// <summary>Goes on with a run that is ours now; null if that must be tried again later.</summary>
    private async Task<Resumption?> TryResumeAsync(RunRecord run, CancellationToken cancellation)
    {
        try
        {
            var resumption = await ResumeAsync(run, cancellation);
            if (resumption is not null) adopted.TryRemove(run.Id, out _);
            return resumption;
        }
        catch (Exception failure) when (failure is StoreException or OperationCanceledException)
        {
            log.NotResumed(failure, run.Session, run.Id);
            return null;
        }
    }

    private async Task<Resumption?> ResumeAsync(RunRecord run, CancellationToken cancellation)
    {
        var (now, lastSign) = (clock.GetUtcNow(), run.Steps.Count > 0 ? run.Steps[^1].EndedAt : run.StartedAt);
        var end = now - lastSign > RunLimits.ResumeWithin ? RunEnd.TooOld
            // The process may have died between the step that ended the run and the writing of its end.
            : run.Steps.Count > 0 ? RunEnd.After(run.Steps[^1].Outcome) : null;
        if (end is null)
        {
            var past = await store.RecallAsync(run.Session, cancellation);
            var claim = await coordinator.ClaimAsync(run.Session, run.Id, cancellation);
            if (claim.Kind == ClaimKind.Claimed) return new Resumption(run, Admit(run, past));
            // Somebody plans a sitting that can't begin while this run is open: soon the session is free.
            if (claim.Kind == ClaimKind.Taken) return null;
            end = RunEnd.NoRoom;
        }
        var at = now > lastSign ? now : lastSign;
        await store.EndAsync(run.Id, end, at);
        return new Resumption(run with { End = end, EndedAt = at }, null);
    }

    private Sitting Admit(RunRecord run, Recollection past)
    {
        var sitting = new Sitting(run, past);
        running[run.Id] = sitting;
        unwrittenEnds.TryRemove(run.Id, out _);
        if (stopped) sitting.Interrupt();
        log.SittingStarted(
            run.Session, run.Id, run.Sitting, run.Plan.Origin.Planner, run.Plan.Actions.Count, run.Steps.Count);
        return sitting;
    }

    private async ValueTask WriteEndAsync(Sitting sitting, RunEnd end, DateTimeOffset at)
    {
        try
        {
            await store.EndAsync(sitting.Id, end, at);
        }
        catch (StoreException failure)
        {
            unwrittenEnds[sitting.Id] = (end, at);
            log.EndNotWritten(failure, sitting.Session, sitting.Id);
            return;
        }
        // The store works: what it could not take earlier goes along.
        await WriteUnwrittenEndsAsync();
    }

    private async ValueTask WriteUnwrittenEndsAsync()
    {
        try
        {
            if (unwrittenEnds.IsEmpty) return;
            foreach (var (run, _) in unwrittenEnds.OrderBy(unwritten => unwritten.Value.At))
                await WriteUnwrittenEndAsync(run);
        }
        catch (StoreException failure)
        {
            log.EndsStillNotWritten(failure, unwrittenEnds.Count);
        }
    }

    private async ValueTask<bool> WriteUnwrittenEndAsync(RunId run)
    {
        if (!unwrittenEnds.TryGetValue(run, out var unwritten)) return false;
        await store.EndAsync(run, unwritten.End, unwritten.At);
        unwrittenEnds.TryRemove(run, out _);
        return true;
    }
}

/// <summary>What became of a run that an earlier process left open.</summary>
/// <param name="Run">The run as it was found; closed if it was too old.</param>
/// <param name="Sitting">The sitting that goes on with it; null if it was closed.</param>
public sealed record Resumption(RunRecord Run, Sitting? Sitting);
