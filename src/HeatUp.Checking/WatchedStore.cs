using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;

namespace HeatUp.Checking;

/// <summary>Looks at all that a process asks of its memory and is answered, and keeps what is remembered.</summary>
internal sealed class WatchedStore(World world, Life life, ISittingStore inner) : ISittingStore
{
    private Observations Seen => world.Seen;

    private Journal Journal => world.Journal;

    /// <inheritdoc/>
    public async ValueTask<Recollection> RecallAsync(SessionId session, CancellationToken cancellation)
    {
        var known = Seen.Of(session);
        var past = await inner.RecallAsync(session, cancellation);
        if (known.FaultOf(past) is { } fault) Seen.Bad(Invariant.NothingLost, session, $"{session} {fault}");
        return past;
    }

    /// <inheritdoc/>
    public async ValueTask<Beginning> BeginAsync(RunRecord run, CancellationToken cancellation)
    {
        if (life.IsOver) await Life.Never();
        var known = Seen.Begin(run, life);
        var beginning = await inner.BeginAsync(run, cancellation);
        if (beginning.Kind == BeginningKind.Begun) Begun(known);
        return beginning;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RememberAsync(Hold hold, Step step)
    {
        if (life.IsOver) await Life.Never();
        var (known, session) = (Seen.Find(hold.Run), hold.Session);
        if (known is null || FaultOf(known, session, step)) return await inner.RememberAsync(hold, step);
        known.InDoubt = step;
        known.Session.MayRemember(step);
        try
        {
            if (!await inner.RememberAsync(hold, step)) return Lost(known);
        }
        catch (StoreException)
        {
            known.HasForgotten = true;
            throw;
        }
        Remembered(known, step);
        Journal.Count(Exercised.Step);
        Journal.Tell($"{session} remembers {step.Number} {step.Action.Kind} {step.Outcome.Word} {step.EndedAt:O}");
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> EndAsync(Hold hold, RunEnd end, DateTimeOffset at)
    {
        if (life.IsOver) await Life.Never();
        if (Seen.Find(hold.Run) is { } known)
        {
            LookAtEnd(known, end, at);
            known.MayHaveEnded = true;
        }
        if (!await inner.EndAsync(hold, end, at)) return false;
        Ended(hold.Run, end);
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<TakenRun>> TakeOverAsync(TakeOver which, CancellationToken cancellation)
    {
        var taken = await inner.TakeOverAsync(which, cancellation);
        life.IsResuming |= taken.Count > 0;
        foreach (var (run, _) in taken) Taken(run);
        return taken;
    }

    /// <summary>The memory says that the run is another process's: nothing may follow.</summary>
    private static bool Lost(KnownRun known)
    {
        known.HasForgotten = true;
        return false;
    }

    private void Begun(KnownRun known)
    {
        var (run, session) = (known.Run, known.Session);
        if (session.Open is { MayHaveEnded: false } other)
            Seen.Bad(Invariant.OneSitting, run.Session,
                $"A run of {run.Session} begins while {other.Run.Id} is open.");
        if (run.Sitting <= session.Sittings)
            Seen.Bad(Invariant.OneSitting, run.Session, $"{run.Session} has its sitting {run.Sitting} twice.");
        if (run.StartedAt < session.LastDone)
            Seen.Bad(Invariant.TimesForward, run.Session,
                $"A run of {run.Session} begins at {run.StartedAt:O}, before its last action at {session.LastDone:O}.");
        if (run.Plan.Actions.OfType<JoinChannel>().Any(join => session.HasJoined(join.Channel)))
            Seen.Bad(Invariant.PlanJoins, run.Session, $"A plan for {run.Session} joins a channel again.");
        session.Sittings = run.Sitting;
        session.Open = known;
        Journal.Count(Exercised.Sitting);
        Journal.Tell($"{run.Session} begins {run.Sitting} {run.Id} with {run.Plan.Actions.Count} actions");
    }

    private static void Remembered(KnownRun run, Step step)
    {
        run.Steps.Add(step);
        run.Session.Remember(step);
        (run.InDoubt, run.HasForgotten, run.Answer) = (null, false, null);
    }

    private bool FaultOf(KnownRun run, SessionId session, Step step)
    {
        var before = Journal.Violation;
        if (run.HasEnded || run.Owner != life)
            Seen.Bad(Invariant.OneSitting, session, $"{session} remembers a step of a run that is not its own.");
        if (run.HasForgotten)
            Seen.Bad(Invariant.NothingAfterUnremembered, session,
                $"{session} goes on with step {step.Number} although step {run.NextStep} could not be remembered.");
        if (step.Number != run.NextStep || step.Action != run.NextAction)
            Seen.Bad(Invariant.StepsInOrder, session,
                $"{session} remembers step {step.Number} ({step.Action.Kind}) where {run.NextStep} is to come.");
        else if (!Happened(run, step))
            Seen.Bad(Invariant.TrueMemory, session,
                $"{session} remembers {step.Outcome.Word} of step {step.Number}, which Telegram did not answer.");
        LookAtTimes(run, session, step);
        return Journal.Violation != before;
    }

    private static bool Happened(KnownRun run, Step step) => step.Action is Idle
        ? step.Outcome is Outcome.Done
        : run.Answer is { } answer && answer.Step == step.Number && answer.Outcome == step.Outcome;

    private void LookAtTimes(KnownRun run, SessionId session, Step step)
    {
        var last = run.LastTime > run.Session.LastDone ? run.LastTime : run.Session.LastDone;
        if (step.StartedAt < last || step.EndedAt < step.StartedAt)
            Seen.Bad(Invariant.TimesForward, session,
                $"{session} remembers step {step.Number} from {step.StartedAt:O} to {step.EndedAt:O}, after {last:O}.");
    }

    private void LookAtEnd(KnownRun run, RunEnd end, DateTimeOffset at)
    {
        var session = run.Run.Session;
        if (run.Owner != life)
            Seen.Bad(Invariant.OneSitting, session, $"{session} ends a run that is not its own.");
        if (at < run.LastTime)
            Seen.Bad(Invariant.TimesForward, session, $"{session} ends at {at:O}, before {run.LastTime:O}.");
        if ((run.HasForgotten || run.HasJoinToRemember) && end.Code != EndCode.NotRemembered)
            Seen.Bad(Invariant.JoinRemembered, session,
                $"{session} did step {run.NextStep}, which is not remembered, and ends as {end.Code ?? "completed"}.");
        if (end.Status == RunStatus.Completed && run.NextAction is not null)
            Seen.Bad(Invariant.StepsInOrder, session, $"{session} has completed before step {run.NextStep}.");
        if (run.Steps.Count > 0 && !Fits(run.Steps[^1].Outcome, end.Code))
            Seen.Bad(Invariant.LossEnds, session,
                $"{session} ends as {end.Code ?? "completed"} after {run.Steps[^1].Outcome.Word}.");
    }

    private static bool Fits(Outcome last, string? code) => last switch
    {
        Outcome.MustWait => code is EndCode.MustWait or EndCode.TooOld,
        Outcome.AccountLost => code is EndCode.AccountLost or EndCode.TooOld,
        _ => true,
    };

    private void Ended(RunId run, RunEnd end)
    {
        if (Seen.Find(run) is not { HasEnded: false } known) return;
        known.HasEnded = true;
        if (known.Session.Open == known) known.Session.Open = null;
        if (end.Code == EndCode.NotRemembered) Journal.Count(Exercised.NotRemembered);
        if (end.Code == EndCode.TooOld) Journal.Count(Exercised.ClosedRun);
        Journal.Tell($"{known.Run.Session} ended {run}: {end.Status} {end.Code}");
    }

    private void Taken(RunRecord run)
    {
        Journal.Tell($"process {life.Number} takes over {run.Id} of {run.Session} after {run.Steps.Count} steps");
        if (Seen.Find(run.Id) is not { } known)
        {
            Seen.Bad(Invariant.TrueMemory, run.Session, $"A run of {run.Session} is taken over that never began.");
            return;
        }
        var goesOnHere = known.Session.Online is { } online && online.Life == life && online.Run == known;
        if (goesOnHere || (known.Owner != life && !known.Owner.IsOver))
            Seen.Bad(Invariant.OneSitting, run.Session, $"A run of {run.Session} is taken from a living process.");
        known.Session.Sittings = run.Sitting;
        // Whether a step in doubt was remembered shows here, and not before.
        if (known.InDoubt is { } step && run.Steps.Count == known.NextStep && run.Steps[^1] == step)
            Remembered(known, step);
        if (!known.Steps.SequenceEqual(run.Steps))
            Seen.Bad(Invariant.NothingLost, run.Session,
                $"{run.Session} goes on after {run.Steps.Count} steps; {known.Steps.Count} are remembered.");
        (known.Owner, known.InDoubt, known.HasForgotten, known.Answer) = (life, null, false, null);
        known.Session.Open = known;
    }
}
