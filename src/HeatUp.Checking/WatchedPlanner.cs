using HeatUp.Channels;
using HeatUp.Plans;

namespace HeatUp.Checking;

/// <summary>Looks at every plan, with rules of its own that know nothing of the planner's.</summary>
internal sealed class WatchedPlanner(World world, Life life, IPlanner inner) : IPlanner
{
    private readonly HashSet<SessionId> planned = [];

    /// <inheritdoc/>
    public async ValueTask<Plan> PlanAsync(PlanRequest request, CancellationToken cancellation)
    {
        var plan = await AloneAsync(request, cancellation);
        world.Journal.Count(Exercised.Plan);
        if (plan.Origin.Planner == PlannerKind.Llm) world.Journal.Count(Exercised.ModelPlan);
        if (plan.Origin.FallbackReason is not null) world.Journal.Count(Exercised.FallbackPlan);
        Look(plan, request);
        return plan;
    }

    private async ValueTask<Plan> AloneAsync(PlanRequest request, CancellationToken cancellation)
    {
        var session = request.Past.Session;
        if (!planned.Add(session) && !life.IsOver)
            world.Seen.Bad(Invariant.OneSitting, session, $"Two sittings of {session} are planned at once.");
        try { return await inner.PlanAsync(request, cancellation); }
        finally { planned.Remove(session); }
    }

    private void Look(Plan plan, PlanRequest request)
    {
        var session = request.Past.Session;
        var (actions, seen) = (plan.Actions, world.Seen);
        if (actions.Count is < 3 or > 7)
            seen.Bad(Invariant.PlanSize, session, $"A plan for {session} has {actions.Count} actions.");
        foreach (var channel in actions.Select(ActionJson.ChannelOf).OfType<ChannelName>())
            if (!request.Pool.All.Any(listed => listed.Name == channel))
                seen.Bad(Invariant.PlanPool, session, $"A plan for {session} uses {channel}, which no pool has.");
        var joins = actions.OfType<JoinChannel>().Select(join => join.Channel).ToList();
        var before = request.Past.Joined.Select(membership => membership.Channel);
        if (joins.Concat(before).ToHashSet().Count < joins.Count + request.Past.Joined.Count)
            seen.Bad(Invariant.PlanJoins, session, $"A plan for {session} joins a channel again.");
        if (actions.Any(HasBadTime))
            seen.Bad(Invariant.PlanTimes, session, $"A plan for {session} takes too little time or too much.");
    }

    private static bool HasBadTime(PlannedAction action) => action switch
    {
        ReadMessages read => read.Duration.TotalSeconds is < 3 or > 30,
        Idle idle => idle.Duration.TotalSeconds is < 2 or > 15,
        _ => false,
    };
}
