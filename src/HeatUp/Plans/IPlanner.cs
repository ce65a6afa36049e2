using HeatUp.Channels;

namespace HeatUp.Plans;

/// <summary>Decides what a session does next. Thread-safe.</summary>
public interface IPlanner
{
    /// <summary>
    /// How many plans it makes at once, 1 or more; whoever asks for another waits. Unbounded unless it says otherwise.
    /// </summary>
    int PlansAtOnce => int.MaxValue;

    /// <summary>
    /// A plan for the session's next sitting. It always comes: a planner that can't make one of its own lets the
    /// built-in planner make it and says why in the plan's origin.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    ValueTask<Plan> PlanAsync(PlanRequest request, CancellationToken cancellation);
}

/// <summary>What a planner is told.</summary>
/// <param name="Past">What the session did before.</param>
/// <param name="Pool">The channels that the plan may use.</param>
/// <param name="Now">The time.</param>
public sealed record PlanRequest(Recollection Past, ChannelPool Pool, DateTimeOffset Now)
{
    /// <summary>
    /// Channels of the pool that may suit the session and that it doesn't follow, the best first; empty if nobody
    /// advises.
    /// </summary>
    public IReadOnlyList<ChannelName> Suggested { get; init; } = [];

    /// <summary>Whether the account is a real one, for whose owner it reads; otherwise it is the sandbox's.</summary>
    public bool IsForOwner { get; init; }
}
