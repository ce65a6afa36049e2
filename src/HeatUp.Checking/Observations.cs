using HeatUp.Channels;
using HeatUp.Runs;
using HeatUp.Sessions;

namespace HeatUp.Checking;

/// <summary>What the observers know, over all processes: it is never asked of the code that is checked.</summary>
internal sealed class Observations(Journal journal)
{
    private readonly Dictionary<SessionId, KnownSession> sessions = [];
    private readonly Dictionary<RunId, KnownRun> runs = [];

    public KnownSession Of(SessionId session)
    {
        if (!sessions.TryGetValue(session, out var known)) sessions[session] = known = new KnownSession();
        return known;
    }

    public KnownRun? Find(RunId run) => runs.GetValueOrDefault(run);

    public KnownRun Begin(RunRecord run, Life owner) =>
        runs[run.Id] = new KnownRun(run, owner, Of(run.Session));

    /// <summary>Something bad happened.</summary>
    public void Bad(string invariant, SessionId session, string sentence) =>
        journal.Broken(ViolationKind.Safety, invariant, session, sentence);

    /// <summary>What Telegram may not be asked now, whoever asks; then the run that asks.</summary>
    public KnownRun? Asking(SessionId session, Life life)
    {
        var known = Of(session);
        if (known.Open is not { } run)
            Bad(Invariant.OneSitting, session, $"{session} is at Telegram and has no open run.");
        else if (run.Owner != life)
            Bad(Invariant.OneSitting, session, $"{session} is at Telegram for a run that is another process'.");
        else if (run.HasForgotten)
            Bad(Invariant.NothingAfterUnremembered, session,
                $"{session} goes on at Telegram although step {run.NextStep} could not be remembered.");
        else if (run.Steps.Count > 0 && run.Steps[^1].Outcome is Outcome.MustWait or Outcome.AccountLost)
            Bad(Invariant.LossEnds, session, $"{session} goes on at Telegram after {run.Steps[^1].Outcome.Word}.");
        else return run;
        return null;
    }
}

/// <summary>The names of what must hold.</summary>
internal static class Invariant
{
    public const string PlanSize = "plan_has_3_to_7_actions";
    public const string PlanPool = "plan_stays_in_pool";
    public const string PlanJoins = "plan_joins_nothing_twice";
    public const string PlanTimes = "plan_keeps_its_times";
    public const string OneSitting = "one_sitting_at_a_time";
    public const string TimesForward = "remembered_times_never_run_backwards";
    public const string StepsInOrder = "steps_in_order";
    public const string NothingLost = "nothing_remembered_is_lost";
    public const string NoRepetition = "no_remembered_step_again";
    public const string JoinRemembered = "every_join_is_remembered";
    public const string TrueMemory = "what_is_remembered_happened";
    public const string ToldIsStored = "what_is_told_is_stored";
    public const string NothingAfterUnremembered = "nothing_after_an_unremembered_step";
    public const string LossEnds = "a_long_wait_or_a_loss_ends_the_sitting";
    public const string WaitObeyed = "a_wait_is_obeyed";
    public const string NoFault = "nothing_faults";
    public const string SittingsEnd = "every_sitting_ends";
    public const string RequestsAnswered = "every_request_is_answered";
    public const string SessionsFree = "every_session_can_sit_again";
    public const string StopsEnd = "every_stop_ends";
    public const string QueueRunsDry = "the_queue_runs_dry";
}
