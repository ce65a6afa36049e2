using HeatUp.Channels;
using HeatUp.Plans;

namespace HeatUp.Runs;

/// <summary>One action of a run, with its outcome.</summary>
/// <param name="Number">Its place in the plan; the first is 1.</param>
/// <param name="Action">What was to be done.</param>
/// <param name="Outcome">How it ended; never <see cref="Outcome.Cancelled"/>, since what was cancelled is not a
/// step.</param>
/// <param name="StartedAt">When it began, the wait before it over.</param>
/// <param name="EndedAt">When it ended.</param>
public sealed record Step(
    int Number, PlannedAction Action, Outcome Outcome, DateTimeOffset StartedAt, DateTimeOffset EndedAt)
{
    /// <summary>Whether it succeeded, and so belongs to the history.</summary>
    public bool IsDone => Outcome is Outcome.Done;

    /// <summary>
    /// The channel that refused it because of what the channel is: gone, private, or no channel. Null otherwise.
    /// </summary>
    public ChannelName? RefusedByChannel => Outcome.Error?.Kind is
        TelegramErrorKind.NotOccupied or TelegramErrorKind.Private
        or TelegramErrorKind.NotJoinable or TelegramErrorKind.ChatUnknown
        ? ActionJson.ChannelOf(Action)
        : null;
}

/// <summary>What a run tells while it goes on.</summary>
public abstract record RunEvent
{
    private RunEvent() { }

    /// <summary>A step begins.</summary>
    /// <param name="Number">Its place in the plan; the first is 1.</param>
    /// <param name="Action">What is to be done.</param>
    /// <param name="At">When.</param>
    public sealed record StepStarted(int Number, PlannedAction Action, DateTimeOffset At) : RunEvent;

    /// <summary>A step ended. It is not yet remembered: that is for the one who hears of it.</summary>
    /// <param name="Step">The step.</param>
    public sealed record StepEnded(Step Step) : RunEvent;

    /// <summary>The run is over. Always the last event.</summary>
    /// <param name="End">How it ended.</param>
    public sealed record RunEnded(RunEnd End) : RunEvent;
}
