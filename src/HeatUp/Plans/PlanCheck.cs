using HeatUp.Channels;

namespace HeatUp.Plans;

/// <summary>
/// The strict reading of what a plan must keep; who asks for a new plan gets it past this only. A good plan costs no
/// memory to check, because every sitting of a simulation comes through here.
/// </summary>
public static class PlanCheck
{
    /// <summary>
    /// A plan of these actions if they keep every rule; else null, and <paramref name="defects"/> says what is wrong.
    /// </summary>
    /// <param name="actions">What is to be done.</param>
    /// <param name="request">What the plan is for.</param>
    /// <param name="origin">Who made it.</param>
    /// <param name="defects">One sentence for each defect; empty for a good plan.</param>
    public static Plan? Check(
        IReadOnlyList<PlannedAction> actions, PlanRequest request, PlanOrigin origin, out IReadOnlyList<string> defects)
    {
        defects = DefectsOf(actions, request);
        return defects.Count == 0 ? new Plan(actions, origin) : null;
    }

    /// <summary>
    /// What is wrong with these actions as a plan: one sentence for each defect, none for a good plan.
    /// </summary>
    /// <param name="actions">
    /// The actions; null in the place of one that could not be read, which is somebody else's defect.
    /// </param>
    /// <param name="request">What the plan is for.</param>
    public static IReadOnlyList<string> DefectsOf(IReadOnlyList<PlannedAction?> actions, PlanRequest request)
    {
        // Only the number is named when it is wrong: the defects of fifty actions help nobody.
        if (CountDefect(actions.Count) is { } countDefect) return [countDefect];
        List<string>? defects = null;
        for (var i = 0; i < actions.Count; i++)
            if (DefectOf(actions, i, request) is { } defect)
                (defects ??= []).Add($"Action {i + 1} ({actions[i]!.Kind}) {defect}");
        return defects ?? (IReadOnlyList<string>)[];
    }

    /// <summary>What is wrong with a plan of this many actions; null if nothing.</summary>
    internal static string? CountDefect(int count) => count is >= PlanLimits.ActionsMin and <= PlanLimits.ActionsMax
        ? null
        : $"The plan has {Counted.Of(count, "action")}; "
            + $"it must have {PlanLimits.ActionsMin} to {PlanLimits.ActionsMax}.";

    private static string? DefectOf(IReadOnlyList<PlannedAction?> actions, int index, PlanRequest request) =>
        actions[index] switch
        {
            JoinChannel(var channel, _) when !request.Pool.Contains(channel) => NotInPool(channel),
            JoinChannel(var channel, _) when request.Past.HasJoined(channel) =>
                $"joins {channel}, which is joined already.",
            JoinChannel(var channel, _) when IsJoinedBefore(actions, index, channel) =>
                $"joins {channel} a second time.",
            ReadMessages(var channel, _, _) when !request.Pool.Contains(channel) => NotInPool(channel),
            ReadMessages(var channel, _, _) when ReadsBefore(actions, index, channel) >= PlanLimits.ReadsOfChannelMax =>
                $"reads {channel} once more; a plan reads a channel {PlanLimits.ReadsOfChannelMax} times at most.",
            ReadMessages(_, var time, _) => TimeDefect(time, PlanLimits.ReadMin, PlanLimits.ReadMax),
            Idle(var time, _) => TimeDefect(time, PlanLimits.IdleMin, PlanLimits.IdleMax),
            _ => null,
        };

    private static bool IsJoinedBefore(IReadOnlyList<PlannedAction?> actions, int index, ChannelName channel)
    {
        for (var i = 0; i < index; i++)
            if (actions[i] is JoinChannel earlier && earlier.Channel == channel)
                return true;
        return false;
    }

    private static int ReadsBefore(IReadOnlyList<PlannedAction?> actions, int index, ChannelName channel)
    {
        var reads = 0;
        for (var i = 0; i < index; i++)
            if (actions[i] is ReadMessages earlier && earlier.Channel == channel)
                reads++;
        return reads;
    }

    private static string NotInPool(ChannelName channel) => $"uses {channel}, which is not in the pool.";

    private static string? TimeDefect(TimeSpan time, TimeSpan min, TimeSpan max) => time >= min && time <= max
        ? null
        : $"takes {Counted.Seconds(time)}; it must take {min.TotalSeconds} to {max.TotalSeconds}.";
}
