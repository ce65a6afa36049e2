using HeatUp.Channels;

namespace HeatUp.Runs.Validation;

/// <summary>What a pass of validation tells while it goes on.</summary>
public abstract record ValidationEvent
{
    private ValidationEvent() { }

    /// <summary>The pass begins. Always the first event.</summary>
    /// <param name="Channels">How many channels it will look at, but for those that sittings report meanwhile.</param>
    public sealed record Began(int Channels) : ValidationEvent;

    /// <summary>A channel was looked up.</summary>
    /// <param name="Before">Its entry as it was.</param>
    /// <param name="Verdict">What the look-up says; null if it says nothing about the channel.</param>
    /// <param name="Number">How many were looked up, this one included.</param>
    public sealed record Checked(ListedChannel Before, ChannelVerdict? Verdict, int Number) : ValidationEvent;

    /// <summary>Telegram asks for a wait, which begins.</summary>
    /// <param name="Until">When the pass goes on.</param>
    public sealed record Waiting(DateTimeOffset Until) : ValidationEvent;

    /// <summary>The pass is over. Always the last event.</summary>
    /// <param name="Summary">What came of it.</param>
    public sealed record Ended(ValidationSummary Summary) : ValidationEvent;
}

/// <summary>What came of a pass.</summary>
/// <param name="Checked">How many channels were looked up.</param>
/// <param name="TakenOut">The channels that left the pool, or would.</param>
/// <param name="StillOut">How many were looked up that were out of the pool before, and still are.</param>
/// <param name="BackAgain">The channels that came back into the pool, or would.</param>
/// <param name="Recounted">How many channels have another count of subscribers now.</param>
/// <param name="Undecided">How many look-ups said nothing about their channel.</param>
/// <param name="Stop">Why the pass ended before its last channel; null if it didn't.</param>
public sealed record ValidationSummary(
    int Checked,
    IReadOnlyList<TakenOut> TakenOut,
    int StillOut,
    IReadOnlyList<ChannelName> BackAgain,
    int Recounted,
    int Undecided,
    ValidationStop? Stop);

/// <summary>A channel that left the pool.</summary>
/// <param name="Name">Which one.</param>
/// <param name="Fault">Why.</param>
/// <param name="Detail">More about it, for people; or null.</param>
public sealed record TakenOut(ChannelName Name, ChannelFault Fault, string? Detail);

/// <summary>Why a pass ended early.</summary>
/// <param name="Code">For programs: one of <see cref="ValidationStopCode"/>.</param>
/// <param name="Detail">For people: a sentence, and what to do.</param>
public sealed record ValidationStop(string Code, string Detail);

/// <summary>Why passes end early.</summary>
public static class ValidationStopCode
{
    /// <summary>More channels would have gone than may: none of the pass has left the pool.</summary>
    public const string TooMany = "too_many";

    /// <summary>Telegram asks for a wait that is longer than a pass bears.</summary>
    public const string MustWait = "must_wait";

    /// <summary>Telegram could not be reached.</summary>
    public const string Offline = "offline";

    /// <summary>The account that looks can't go on.</summary>
    public const string AccountLost = "account_lost";

    /// <summary>Several answers in a row said nothing about their channels.</summary>
    public const string NoAnswers = "no_answers";

    /// <summary>Somebody ended it.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>The file of channels can't be read.</summary>
    public const string Unreadable = "unreadable";
}
