namespace HeatUp.Runs;

/// <summary>Where a run stands.</summary>
public enum RunStatus
{
    /// <summary>It goes on, or will after a restart.</summary>
    Running,

    /// <summary>Every action was tried.</summary>
    Completed,

    /// <summary>It had to end before its last action.</summary>
    Failed,

    /// <summary>Somebody ended it.</summary>
    Cancelled,

    /// <summary>
    /// The service stopped. The run goes on after the restart, or is closed as this if it is too late then.
    /// </summary>
    Interrupted,
}

/// <summary>How a run ended.</summary>
/// <param name="Status">The final status.</param>
/// <param name="Code">The reason for programs: one of <see cref="EndCode"/>, or null if it completed.</param>
/// <param name="Detail">The reason for people, or null if it completed.</param>
public sealed record RunEnd(RunStatus Status, string? Code, string? Detail)
{
    /// <summary>
    /// Whether the run is over. If not, only this process ends its sitting: the store keeps the run open, and this or
    /// another process goes on with it.
    /// </summary>
    public bool IsFinal => Code is not (EndCode.Stopping or EndCode.HoldLost);

    /// <summary>Every action was tried.</summary>
    public static RunEnd Completed { get; } = new(RunStatus.Completed, null, null);

    /// <summary>Somebody ended it.</summary>
    public static RunEnd Cancelled { get; } = new(RunStatus.Cancelled, EndCode.Cancelled, "The sitting was cancelled.");

    /// <summary>The service is stopping. The store keeps the run open.</summary>
    public static RunEnd Stopping { get; } = new(RunStatus.Interrupted, EndCode.Stopping,
        "The service is stopping; the sitting goes on after its restart.");

    /// <summary>The service came back too late.</summary>
    public static RunEnd TooOld { get; } = new(RunStatus.Interrupted, EndCode.TooOld,
        $"The service stopped, and came back more than {RunLimits.ResumeWithin.TotalMinutes} minutes later.");

    /// <summary>Another process has the run now. Whatever becomes of it is for that one to write.</summary>
    public static RunEnd HoldLost { get; } = new(RunStatus.Interrupted, EndCode.HoldLost,
        "The sitting is no longer this process's: another one goes on with it, or its session was forgotten.");

    /// <summary>Its beginning could not be remembered for certain, so that nobody ran it.</summary>
    internal static RunEnd NotBegun { get; } = new(RunStatus.Failed, EndCode.NotRemembered,
        "The sitting's beginning could not be remembered, so nothing was done.");

    /// <summary>A step was done and could not be remembered.</summary>
    /// <param name="reason">Why, as a sentence.</param>
    public static RunEnd NotRemembered(string reason) => new(RunStatus.Failed, EndCode.NotRemembered,
        $"A step could not be remembered, so the sitting stops here. {reason}");

    /// <summary>The program itself failed.</summary>
    public static RunEnd Fault(Exception fault) =>
        new(RunStatus.Failed, EndCode.Fault, $"A fault in Heat Up: {fault.Message}");

    /// <summary>How a step with this outcome ends its run; null if the run goes on after it.</summary>
    public static RunEnd? After(Outcome outcome) => outcome switch
    {
        Outcome.MustWait wait => new RunEnd(RunStatus.Failed, EndCode.MustWait,
            $"Telegram asks to wait until {wait.Until.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC ({wait.Why})."),
        Outcome.AccountLost lost => new RunEnd(RunStatus.Failed, EndCode.AccountLost,
            $"The account can't go on ({lost.Why}). Log in again or look at the account in an official app."),
        Outcome.Cancelled => Cancelled,
        _ => null,
    };

    /// <summary>The session could not be brought online, for a reason that may pass.</summary>
    public static RunEnd NotOnline(Outcome failure) => failure.Error is { Kind: TelegramErrorKind.Conduct } rule
        ? new(RunStatus.Failed, EndCode.Conduct, rule.Message)
        : new(RunStatus.Failed, EndCode.Offline,
            $"The session can't be brought online ({failure.Error}). Try again later.");
}

/// <summary>Why runs end early.</summary>
public static class EndCode
{
    /// <summary>Telegram asked for a wait that is longer than a sitting bears.</summary>
    public const string MustWait = "must_wait";

    /// <summary>The account was logged out, banned, frozen or limited.</summary>
    public const string AccountLost = "account_lost";

    /// <summary>Telegram could not be reached.</summary>
    public const string Offline = "offline";

    /// <summary>The rules of conduct for real accounts forbid the sitting.</summary>
    public const string Conduct = "conduct";

    /// <summary>A step was done but could not be remembered.</summary>
    public const string NotRemembered = "not_remembered";

    /// <summary>Somebody cancelled the sitting.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>The service is stopping; the run goes on after the restart.</summary>
    public const string Stopping = "stopping";

    /// <summary>The service stopped and came back too late.</summary>
    public const string TooOld = "too_old";

    /// <summary>Another process has the run.</summary>
    public const string HoldLost = "hold_lost";

    /// <summary>What the store has of the run can't be read: somebody changed it by hand.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>A fault of the program itself.</summary>
    public const string Fault = "fault";
}
