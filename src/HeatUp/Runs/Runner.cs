using System.Runtime.CompilerServices;
using HeatUp.Plans;

namespace HeatUp.Runs;

/// <summary>
/// Executes plans against Telegram, one action after the other, with the waits of somebody who looks at a screen.
/// Thread-safe.
/// </summary>
/// <param name="telegram">Where the actions happen.</param>
/// <param name="clock">The time that passes.</param>
/// <param name="pace">How long the waits take.</param>
/// <param name="seed">Where the length of the waits comes from.</param>
public sealed class Runner(ITelegram telegram, TimeProvider clock, Pace pace, Seed seed)
{
    private readonly Seed waits = seed.Fork("waits");

    /// <summary>
    /// Runs a plan from its first unfinished step on. Each event is handed out before the run goes on, so that
    /// whoever listens can remember a step before the next one begins; a listener that throws ends the run there. The
    /// last event is <see cref="RunEvent.RunEnded"/>; whether a cancelled run was ended or only interrupted is for
    /// the canceller to say.
    /// </summary>
    /// <param name="past">What is remembered of the session. Not kept beyond its going online.</param>
    /// <param name="run">Which run it is.</param>
    /// <param name="sitting">The sitting's number, which draws the waits.</param>
    /// <param name="plan">What to do.</param>
    /// <param name="stepsBefore">How many steps are behind it already: 0 for a new run.</param>
    /// <param name="cancellation">Stops at the next step's edge; waits, breaks and reading end at once.</param>
    public IAsyncEnumerable<RunEvent> RunAsync(
        Recollection past, RunId run, int sitting, Plan plan, int stepsBefore, CancellationToken cancellation) =>
        // An iterator keeps its arguments to its end; the box lets go of the past while the run goes on.
        StepsAsync(
            new StrongBox<Recollection?>(past), run, waits.Fork(past.Session).Fork(sitting),
            plan, stepsBefore, cancellation);

    private async IAsyncEnumerable<RunEvent> StepsAsync(
        StrongBox<Recollection?> past, RunId run, Seed lengths, Plan plan, int stepsBefore,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (stepsBefore >= plan.Actions.Count)
        {
            yield return new RunEvent.RunEnded(RunEnd.Completed);
            yield break;
        }
        var (session, failure) = await ConnectAsync(past, run, cancellation);
        if (session is null)
        {
            yield return new RunEvent.RunEnded(RunEnd.After(failure!) ?? RunEnd.NotOnline(failure!));
            yield break;
        }
        using var pause = new Pause(clock);
        await using (session)
        {
            var end = default(RunEnd);
            for (var number = stepsBefore + 1; end is null && number <= plan.Actions.Count; number++)
            {
                if (number > stepsBefore + 1) await pause.Delay(Between(lengths.Fork(number)), cancellation);
                if (cancellation.IsCancellationRequested)
                {
                    end = RunEnd.Cancelled;
                    break;
                }
                var action = plan.Actions[number - 1];
                var startedAt = clock.GetUtcNow();
                yield return new RunEvent.StepStarted(number, action, startedAt);
                var outcome = await DoAsync(session, action, pause, cancellation);
                if (outcome is Outcome.MustWait { EndsSitting: false } wait)
                    outcome = await TryAgainAsync(session, action, wait, pause, cancellation);
                if (outcome is not Outcome.Cancelled)
                    yield return new RunEvent.StepEnded(
                        new Step(number, action, outcome, startedAt, clock.GetUtcNow()));
                end = RunEnd.After(outcome);
            }
            yield return new RunEvent.RunEnded(end ?? RunEnd.Completed);
        }
    }

    private ValueTask<Connection> ConnectAsync(
        StrongBox<Recollection?> past, RunId run, CancellationToken cancellation)
    {
        var known = Interlocked.Exchange(ref past.Value, null)
            ?? throw new InvalidOperationException("A run can be listened to once.");
        return telegram.ConnectAsync(known.Session, known.Joined, run, cancellation);
    }

    /// <summary>
    /// An action's outcome after the short waits that Telegram asked for, or the wait that is too long.
    /// </summary>
    private async ValueTask<Outcome> TryAgainAsync(
        ITelegramSession session, PlannedAction action, Outcome.MustWait must, Pause pause,
        CancellationToken cancellation)
    {
        var asked = TimeSpan.Zero;
        for (var tries = 1; tries < RunLimits.TriesMax; tries++)
        {
            var wait = must.Until - clock.GetUtcNow();
            if (wait > TimeSpan.Zero) asked += wait;
            if (asked > RunLimits.MustWaitMax) break;
            await pause.Delay(pace.Of(wait), cancellation);
            if (cancellation.IsCancellationRequested) return Outcome.Cancelled.Instance;
            var outcome = await DoAsync(session, action, pause, cancellation);
            if (outcome is not Outcome.MustWait again) return outcome;
            must = again;
        }
        return must;
    }

    private ValueTask<Outcome> DoAsync(
        ITelegramSession session, PlannedAction action, Pause pause, CancellationToken cancellation) =>
        action switch
        {
            JoinChannel join => session.JoinAsync(join.Channel, cancellation),
            ReadMessages read => session.ReadAsync(read.Channel, pace.Of(read.Duration), cancellation),
            Idle idle => IdleAsync(pace.Of(idle.Duration), pause, cancellation),
            _ => throw new InvalidOperationException($"No way to run a {action.Kind}."),
        };

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<Outcome> IdleAsync(TimeSpan time, Pause pause, CancellationToken cancellation)
    {
        await pause.Delay(time, cancellation);
        return cancellation.IsCancellationRequested ? Outcome.Cancelled.Instance : Outcome.Done.Plain;
    }

    private TimeSpan Between(Seed length)
    {
        var rng = length.ToRng();
        var wait = rng.Between(RunLimits.BetweenMin, RunLimits.BetweenMax);
        if (rng.Chance(RunLimits.LongerChance)) wait += rng.Between(RunLimits.LongerMin, RunLimits.LongerMax);
        return pace.Of(wait);
    }
}
