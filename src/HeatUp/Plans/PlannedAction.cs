using HeatUp.Channels;

namespace HeatUp.Plans;

/// <summary>
/// One thing that a session will do: <see cref="JoinChannel"/>, <see cref="ReadMessages"/> or <see cref="Idle"/>.
/// </summary>
/// <param name="Reason">Why, in a few words: the planner's text, for people.</param>
public abstract record PlannedAction(string Reason)
{
    /// <summary>The longest reason that is kept, in characters.</summary>
    public const int ReasonLengthMax = 200;

    /// <summary>The word for it that users, models and databases see, such as <c>join_channel</c>.</summary>
    public abstract string Kind { get; }
}

/// <summary>Become a member of a channel.</summary>
/// <param name="Channel">Which one.</param>
/// <param name="Reason">Why.</param>
public sealed record JoinChannel(ChannelName Channel, string Reason) : PlannedAction(Reason)
{
    /// <summary><c>join_channel</c></summary>
    public const string Word = "join_channel";

    /// <inheritdoc/>
    public override string Kind => Word;
}

/// <summary>Read a channel's recent posts for a while.</summary>
/// <param name="Channel">Which one.</param>
/// <param name="Duration">How long, in whole seconds.</param>
/// <param name="Reason">Why.</param>
public sealed record ReadMessages(ChannelName Channel, TimeSpan Duration, string Reason) : PlannedAction(Reason)
{
    /// <summary><c>read_messages</c></summary>
    public const string Word = "read_messages";

    /// <inheritdoc/>
    public override string Kind => Word;
}

/// <summary>Do nothing for a while.</summary>
/// <param name="Duration">How long, in whole seconds.</param>
/// <param name="Reason">Why.</param>
public sealed record Idle(TimeSpan Duration, string Reason) : PlannedAction(Reason)
{
    /// <summary><c>idle</c></summary>
    public const string Word = "idle";

    /// <inheritdoc/>
    public override string Kind => Word;
}
