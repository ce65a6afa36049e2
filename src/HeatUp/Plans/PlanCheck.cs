using HeatUp.Channels;

namespace HeatUp.Plans;

/// <summary>The strict reading of what a plan must keep. There is no other way to make a <see cref="Plan"/>.</summary>
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

    /// <summary>What is wrong with these actions as a plan: one sentence for each defect, none for a good plan.</summary>
    public static IReadOnlyList<string> DefectsOf(IReadOnlyList<PlannedAction> actions, PlanRequest request)
    {
        var defects = new List<string>();
        if (actions.Count is < PlanLimits.ActionsMin or > PlanLimits.ActionsMax)
            defects.Add($"The plan has {actions.Count} actions; "
                + $"it must have {PlanLimits.ActionsMin} to {PlanLimits.ActionsMax}.");
        var joining = new HashSet<ChannelName>();
        for (var i = 0; i < actions.Count; i++)
            if (DefectOf(actions[i], request, joining) is { } defect)
                defects.Add($"Action {i + 1} ({actions[i].Kind}) {defect}");
        return defects;
    }

    private static string? DefectOf(PlannedAction action, PlanRequest request, HashSet<ChannelName> joining) => action switch
    {
        JoinChannel(var channel, _) when !request.Pool.Contains(channel) => NotInPool(channel),
        JoinChannel(var channel, _) when request.Past.HasJoined(channel) => $"joins {channel}, which is joined already.",
        JoinChannel(var channel, _) when !joining.Add(channel) => $"joins {channel} a second time.",
        ReadMessages(var channel, _, _) when !request.Pool.Contains(channel) => NotInPool(channel),
        ReadMessages(_, var time, _) => TimeDefect(time, PlanLimits.ReadMin, PlanLimits.ReadMax),
        Idle(var time, _) => TimeDefect(time, PlanLimits.IdleMin, PlanLimits.IdleMax),
        _ => null,
    };

    private static string NotInPool(ChannelName channel) => $"uses {channel}, which is not in the pool.";

    private static string? TimeDefect(TimeSpan time, TimeSpan min, TimeSpan max) => time >= min && time <= max
        ? null
        : $"takes {time.TotalSeconds} seconds; it must take {min.TotalSeconds} to {max.TotalSeconds}.";
}
