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
    /// Runs a plan from its first unfinished step on. Each event is handed out before the run goes on, so that whoever
    /// listens can remember a step before the next one begins. The last event is <see cref="RunEvent.RunEnded"/>; whether
    /// a cancelled run was ended or only interrupted is for the canceller to say.
    /// </summary>
    /// <param name="past">What is remembered of the session.</param>
    /// <param name="sitting">The sitting's number, which draws the waits.</param>
    /// <param name="plan">What to do.</param>
    /// <param name="stepsBefore">How many steps are behind it already: 0 for a new run.</param>
    /// <param name="cancellation">Stops at the next step's edge; waits, breaks and reading end at once.</param>
    public async IAsyncEnumerable<RunEvent> RunAsync(
        Recollection past, int sitting, Plan plan, int stepsBefore, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (session, failure) = await telegram.ConnectAsync(past.Session, past.Joined, cancellation);
        if (session is null)
        {
            yield return new RunEvent.RunEnded(EndOf(failure!) ?? Unreachable(failure!));
            yield break;
        }
        await using (session)
        {
            var lengths = waits.Fork(past.Session).Fork(sitting);
            for (var number = stepsBefore + 1; number <= plan.Actions.Count; number++)
            {
                if (number > stepsBefore + 1 && !await WaitAsync(Between(lengths.Fork(number)), cancellation))
                    break;
                var action = plan.Actions[number - 1];
                var startedAt = clock.GetUtcNow();
                yield return new RunEvent.StepStarted(number, action, startedAt);
                var outcome = await TryAsync(session, action, cancellation);
                if (outcome is Outcome.Cancelled) break;
                yield return new RunEvent.StepEnded(new Step(number, action, outcome, startedAt, clock.GetUtcNow()));
                if (EndOf(outcome) is not { } end) continue;
                yield return new RunEvent.RunEnded(end);
                yield break;
            }
            yield return new RunEvent.RunEnded(cancellation.IsCancellationRequested ? RunEnd.Cancelled : RunEnd.Completed);
        }
    }

    /// <summary>An action's outcome, after the short waits that Telegram asked for.</summary>
    private async ValueTask<Outcome> TryAsync(ITelegramSession session, PlannedAction action, CancellationToken cancellation)
    {
        var patienceEnds = clock.GetUtcNow() + RunLimits.MustWaitMax;
        for (var tries = 1; ; tries++)
        {
            var outcome = await DoAsync(session, action, cancellation);
            if (outcome is not Outcome.MustWait wait || wait.Until > patienceEnds || tries == RunLimits.TriesMax) return outcome;
            if (!await WaitAsync(pace.Of(wait.Until - clock.GetUtcNow()), cancellation)) return Outcome.Cancelled.Instance;
        }
    }

    private async ValueTask<Outcome> DoAsync(ITelegramSession session, PlannedAction action, CancellationToken cancellation) =>
        action switch
        {
            JoinChannel join => await session.JoinAsync(join.Channel, cancellation),
            ReadMessages read => await session.ReadAsync(read.Channel, pace.Of(read.Duration), cancellation),
            Idle idle => await WaitAsync(pace.Of(idle.Duration), cancellation)
                ? Outcome.Done.Plain
                : Outcome.Cancelled.Instance,
            _ => throw new InvalidOperationException($"No way to run a {action.Kind}."),
        };

    private TimeSpan Between(Seed length)
    {
        var rng = length.ToRng();
        var wait = rng.Between(RunLimits.BetweenMin, RunLimits.BetweenMax);
        if (rng.Chance(RunLimits.LongerChance)) wait += rng.Between(RunLimits.LongerMin, RunLimits.LongerMax);
        return pace.Of(wait);
    }

    /// <summary>Waits; false if cancelled.</summary>
    private async ValueTask<bool> WaitAsync(TimeSpan wait, CancellationToken cancellation)
    {
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, clock, cancellation).ConfigureAwait(
                ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        return !cancellation.IsCancellationRequested;
    }

    private static RunEnd Unreachable(Outcome failure) =>
        new(RunStatus.Failed, EndCode.Offline, $"Telegram can't be reached ({failure.Error}). Try again later.");

    private static RunEnd? EndOf(Outcome outcome) => outcome switch
    {
        Outcome.MustWait wait => new RunEnd(RunStatus.Failed, EndCode.MustWait,
            $"Telegram asks to wait until {wait.Until.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC ({wait.Why})."),
        Outcome.AccountLost lost => new RunEnd(RunStatus.Failed, EndCode.AccountLost,
            $"The account can't go on ({lost.Why}). Log in again or look at the account in an official app."),
        Outcome.Cancelled => RunEnd.Cancelled,
        _ => null,
    };
}
