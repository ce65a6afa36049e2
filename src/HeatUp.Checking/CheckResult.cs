namespace HeatUp.Checking;

/// <summary>What came of checking one seed.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Violation">What did not hold; null if all did.</param>
/// <param name="Transcript">SHA-256 of all that happened, in order, in lower-case hexadecimal.</param>
/// <param name="Counts">How often each kind of thing was exercised; kinds that never came are there with 0.</param>
/// <param name="Until">The virtual time at which the check ended.</param>
/// <param name="Tail">The last things that happened, the newest last, for whoever looks into a violation.</param>
public sealed record CheckResult(
    Seed Seed,
    Violation? Violation,
    string Transcript,
    IReadOnlyDictionary<Exercised, long> Counts,
    DateTimeOffset Until,
    IReadOnlyList<string> Tail)
{
    /// <summary>Whether everything held.</summary>
    public bool Passed => Violation is null;
}

/// <summary>Something that must always hold did not.</summary>
/// <param name="Kind">Whether something bad happened or something good did not.</param>
/// <param name="Invariant">The name of what must hold, such as <c>one_sitting_at_a_time</c>.</param>
/// <param name="At">The virtual time, whatever the checked service's clock showed.</param>
/// <param name="Session">Whose sitting it was; null if it is about no single session.</param>
/// <param name="Sentence">What happened, for people.</param>
public sealed record Violation(
    ViolationKind Kind, string Invariant, DateTimeOffset At, SessionId? Session, string Sentence)
{
    /// <summary>The word for its kind, <c>safety</c> or <c>liveness</c>.</summary>
    public string Word => Kind == ViolationKind.Safety ? "safety" : "liveness";
}

/// <summary>The two ways to be wrong.</summary>
public enum ViolationKind
{
    /// <summary>Something happened that must never happen.</summary>
    Safety,

    /// <summary>Something did not happen that must happen in the end.</summary>
    Liveness,
}

/// <summary>What a check lets happen, and counts.</summary>
public enum Exercised
{
    /// <summary>A request for a sitting that reached the service.</summary>
    Request,

    /// <summary>Two requests for one session at one instant.</summary>
    TwinRequest,

    /// <summary>A request whose caller gave up.</summary>
    AbandonedRequest,

    /// <summary>A request that failed because the store did.</summary>
    FailedRequest,

    /// <summary>A request that was turned away because a sitting of its session ran.</summary>
    BusyRequest,

    /// <summary>A sitting that began.</summary>
    Sitting,

    /// <summary>A sitting that somebody cancelled.</summary>
    CancelledSitting,

    /// <summary>A step that was remembered.</summary>
    Step,

    /// <summary>A join that Telegram carried out.</summary>
    Join,

    /// <summary>A plan.</summary>
    Plan,

    /// <summary>A plan of the language model.</summary>
    ModelPlan,

    /// <summary>A plan for which the built-in planner stood in.</summary>
    FallbackPlan,

    /// <summary>A reply of the language model that took longer than it may.</summary>
    SlowReply,

    /// <summary>A reply that was cut off.</summary>
    CutOffReply,

    /// <summary>A reply that was prose, or nothing.</summary>
    ProseReply,

    /// <summary>A reply with channels that nobody knows.</summary>
    UnknownChannelReply,

    /// <summary>A reply with fifty actions.</summary>
    EndlessReply,

    /// <summary>A call of the model that failed.</summary>
    FailedReply,

    /// <summary>A crash as the service called the store, or before the call was carried out.</summary>
    CrashBeforeStore,

    /// <summary>A crash after the store had carried a call out, before its answer was heard.</summary>
    CrashAfterStore,

    /// <summary>A crash in a call of Telegram's.</summary>
    CrashAtTelegram,

    /// <summary>A crash in a wait.</summary>
    CrashInWait,

    /// <summary>A crash while an earlier crash's runs were taken up again.</summary>
    CrashInResumption,

    /// <summary>A stop of the service.</summary>
    Stop,

    /// <summary>A run that went on after a restart.</summary>
    ResumedRun,

    /// <summary>A run that was closed because its service came back too late.</summary>
    ClosedRun,

    /// <summary>A failure of the store, nothing carried out.</summary>
    StoreFailedBefore,

    /// <summary>A failure of the store that had carried the call out.</summary>
    StoreFailedAfter,

    /// <summary>A sitting that ended because a step could not be remembered.</summary>
    NotRemembered,

    /// <summary>A wait that Telegram asked for and that a sitting bears.</summary>
    ShortWait,

    /// <summary>A wait that Telegram asked for and that ends a sitting.</summary>
    LongWait,

    /// <summary>An account that was lost.</summary>
    AccountLost,

    /// <summary>A call that Telegram didn't answer in time.</summary>
    Offline,

    /// <summary>A refusal, such as that of a private channel.</summary>
    Refused,

    /// <summary>A jump of the clock.</summary>
    ClockJump,
}
