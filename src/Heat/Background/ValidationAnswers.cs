using System.Text.Json.Serialization;
using HeatUp.Channels;
using HeatUp.Runs.Validation;

namespace Heat.Background;

/// <summary>A check of the channels.</summary>
/// <param name="Status">`none` if this process has begun none; `running`; `completed`; `stopped` if it ended
/// early; `failed`.</param>
/// <param name="DryRun">Whether it writes nothing.</param>
/// <param name="StartedAt">When it began; absent if none has.</param>
/// <param name="EndedAt">When it ended; absent while it goes on.</param>
/// <param name="WaitingUntil">Until when Telegram asks to wait; absent if it doesn't.</param>
/// <param name="Total">How many channels it looks at.</param>
/// <param name="Checked">How many were looked up so far.</param>
/// <param name="Invalid">The channels that leave the pool.</param>
/// <param name="BackAgain">The channels that come back into the pool.</param>
/// <param name="StillInvalid">How many were looked up that were out of the pool before, and still are.</param>
/// <param name="Recounted">How many have another count of subscribers now.</param>
/// <param name="Undecided">How many look-ups said nothing about their channel.</param>
/// <param name="ReasonCode">Why it ended early: `too_many`, `must_wait`, `offline`, `account_lost`, `no_answers`,
/// `cancelled`, `unreadable`; absent if it didn't.</param>
/// <param name="Reason">The same for people, and what to do.</param>
public sealed record ValidationAnswer(
    string Status,
    bool DryRun,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    DateTimeOffset? WaitingUntil,
    int Total,
    int Checked,
    IReadOnlyList<InvalidChannelAnswer> Invalid,
    IReadOnlyList<string> BackAgain,
    int StillInvalid,
    int Recounted,
    int Undecided,
    string? ReasonCode,
    string? Reason)
{
    public static ValidationAnswer None { get; } =
        new("none", false, null, null, null, 0, 0, [], [], 0, 0, 0, null, null);

    public static ValidationAnswer Begun(DateTimeOffset at, bool isDryRun) =>
        None with { Status = "running", DryRun = isDryRun, StartedAt = at };

    /// <summary>The answer after one more event.</summary>
    public ValidationAnswer After(ValidationEvent happening, DateTimeOffset now) => happening switch
    {
        ValidationEvent.Began began => this with { Total = began.Channels },
        ValidationEvent.Checked done =>
            this with { Checked = done.Number, Total = Math.Max(Total, done.Number), WaitingUntil = null },
        ValidationEvent.Waiting wait => this with { WaitingUntil = wait.Until },
        ValidationEvent.Ended ended => With(ended.Summary, now),
        _ => this,
    };

    /// <summary>The answer of a pass that could not write.</summary>
    public ValidationAnswer Broken(string reason, DateTimeOffset now) => this with
    {
        Status = "failed",
        EndedAt = now,
        WaitingUntil = null,
        Reason = reason,
    };

    private ValidationAnswer With(ValidationSummary summary, DateTimeOffset now) => this with
    {
        Status = summary.Stop is null ? "completed" : "stopped",
        EndedAt = now,
        WaitingUntil = null,
        Checked = summary.Checked,
        Invalid = [.. summary.TakenOut.Select(taken => InvalidChannelAnswer.Of(taken, now))],
        BackAgain = [.. summary.BackAgain.Select(name => name.Value)],
        StillInvalid = summary.StillOut,
        Recounted = summary.Recounted,
        Undecided = summary.Undecided,
        ReasonCode = summary.Stop?.Code,
        Reason = summary.Stop?.Detail,
    };
}

/// <summary>The channels of the file that are out of the pool.</summary>
/// <param name="Count">How many.</param>
/// <param name="Channels">The channels, in the file's order.</param>
public sealed record InvalidChannelsAnswer(int Count, IReadOnlyList<InvalidChannelAnswer> Channels);

/// <summary>A channel that is out of the pool.</summary>
/// <param name="Username">Its name with one `@`.</param>
/// <param name="Reason">`gone`, `private`, `not_a_channel`, `renamed` or `restricted`.</param>
/// <param name="Detail">More about it, such as its new name; absent if there is no more.</param>
/// <param name="Since">Since when that is known; null if the file doesn't say.</param>
public sealed record InvalidChannelAnswer(
    string Username,
    string Reason,
    string? Detail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? Since)
{
    public static InvalidChannelAnswer Of(TakenOut taken, DateTimeOffset now) =>
        new(taken.Name.Value, taken.Fault.Word(), taken.Detail, now);

    /// <summary>Null for a channel that is not out of the pool.</summary>
    public static InvalidChannelAnswer? Of(ListedChannel entry) =>
        entry.Check is { Fault: { } fault } check
            ? new(entry.Channel.Name.Value, fault.Word(), check.Detail,
                check.FaultSince is { } since && since > DateTimeOffset.UnixEpoch ? since : null)
            : null;
}
