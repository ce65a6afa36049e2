using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs.Conduct;

namespace HeatUp;

/// <summary>
/// How a plan is asked for: the pool as it is now, what the gate allows of it, the advisor's suggestions, the planner.
/// Thread-safe.
/// </summary>
/// <param name="planner">Makes the plan.</param>
/// <param name="pool">The channels that there are now.</param>
/// <param name="clock">Times it.</param>
/// <param name="advisor">Names channels that may suit the session; null for nobody.</param>
/// <param name="gate">The rules of conduct for real accounts; null in the sandbox.</param>
public sealed class Planning(
    IPlanner planner, Func<ChannelPool> pool, TimeProvider clock, IAdvisor? advisor = null, ISittingGate? gate = null)
{
    /// <summary>A plan for a session's next sitting; or null, and why the rules of conduct forbid it.</summary>
    /// <param name="past">What is remembered of the session.</param>
    /// <param name="run">The run that the plan is for.</param>
    /// <param name="at">When the sitting begins.</param>
    /// <param name="cancellation">Gives up.</param>
    internal async ValueTask<(Plan? Plan, SittingStart.Refused? Refusal)> PlanAsync(
        Recollection past, RunId run, DateTimeOffset at, CancellationToken cancellation)
    {
        var request = new PlanRequest(past, pool(), at);
        if (gate is not null)
        {
            var admission = await gate.AdmitAsync(past, request.Pool, cancellation);
            if (admission.Pool is null) return (null, new SittingStart.Refused(admission.Reason!, admission.Until));
            request = request with
            {
                Past = past.WithFollowed(admission.Followed, at), Pool = admission.Pool, IsForOwner = true,
            };
        }
        if (advisor is not null)
            request = request with { Suggested = advisor.Suggest(request.Past, request.Pool) };
        using var span = SittingTelemetry.PlanStarted(past.Session, run);
        var startedAt = clock.GetTimestamp();
        var plan = await planner.PlanAsync(request, cancellation);
        SittingTelemetry.PlanEnded(plan.Origin, clock.GetElapsedTime(startedAt), span);
        return (plan, null);
    }
}
