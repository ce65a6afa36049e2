namespace HeatUp.Sessions;

/// <summary>
/// The right to write to an open run. Every write names its hold, and a store refuses those of a hold that is not the
/// run's newest: a process that slept, or whose run another process has taken over, can change nothing any more.
/// </summary>
/// <param name="Run">The run.</param>
/// <param name="Session">Whose run it is.</param>
/// <param name="Owner">The process that has it, as the store numbers processes.</param>
/// <param name="Epoch">How often the run was given to an owner; its beginning is 1.</param>
public readonly record struct Hold(RunId Run, SessionId Session, long Owner, long Epoch);

/// <summary>A run that was taken over, with the hold to go on with it.</summary>
/// <param name="Run">The run with its steps so far.</param>
/// <param name="Hold">The new hold; those before it are lost.</param>
public sealed record TakenRun(RunRecord Run, Hold Hold);

/// <summary>Which open runs to take over.</summary>
/// <param name="IsHeld">Whether this process goes on with a run already. Asked while the store decides; must be quick
/// and not throw.</param>
public sealed record TakeOver(Func<RunId, bool> IsHeld)
{
    /// <summary>Only this session's run; null for those of all sessions.</summary>
    public SessionId? Session { get; init; }

    /// <summary>The most runs to take over, 1 or more; the oldest come first.</summary>
    public int Most { get; init; } = int.MaxValue;
}

/// <summary>The answer to beginning a run.</summary>
/// <param name="Kind">What came of it.</param>
/// <param name="Hold">The hold of the run that has begun; default if none has.</param>
/// <param name="Running">The open run that is in the way; default if none is.</param>
public readonly record struct Beginning(BeginningKind Kind, Hold Hold, RunId Running)
{
    /// <summary>A sitting has begun and ended since the plan's recollection.</summary>
    public static Beginning Stale { get; } = new(BeginningKind.Stale, default, default);

    /// <summary>The run has begun.</summary>
    public static Beginning Begun(Hold hold) => new(BeginningKind.Begun, hold, default);

    /// <summary>Another run of the session is open.</summary>
    public static Beginning AlreadyRunning(RunId running) => new(BeginningKind.AlreadyRunning, default, running);
}

/// <summary>What came of beginning a run.</summary>
public enum BeginningKind
{
    /// <summary>It has begun.</summary>
    Begun,

    /// <summary>Another run of the session is open.</summary>
    AlreadyRunning,

    /// <summary>A sitting has begun and ended since the plan's recollection: the plan must be made anew.</summary>
    Stale,
}

/// <summary>The answer to forgetting a session.</summary>
/// <param name="Kind">What came of it.</param>
/// <param name="Running">The open run that is in the way; default if none is.</param>
public readonly record struct Forgetting(ForgettingKind Kind, RunId Running);

/// <summary>What came of forgetting a session.</summary>
public enum ForgettingKind
{
    /// <summary>Nothing of it is remembered any more.</summary>
    Forgotten,

    /// <summary>Nothing of it was remembered.</summary>
    Unknown,

    /// <summary>It has a sitting now, here or in another process: nothing was forgotten.</summary>
    Sitting,
}
