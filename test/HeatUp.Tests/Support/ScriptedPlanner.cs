using HeatUp.Plans;

namespace HeatUp.Tests.Support;

/// <summary>A planner that plans what the test says, and keeps what it was told.</summary>
internal sealed class ScriptedPlanner(Func<PlanRequest, PlannedAction[]> plan) : IPlanner
{
    private readonly List<PlanRequest> requests = [];

    /// <summary>What it was asked, in order.</summary>
    public IReadOnlyList<PlanRequest> Requests => requests;

    /// <summary>Called at each request.</summary>
    public Func<PlanRequest, Task> OnRequest { get; set; } = _ => Task.CompletedTask;

    public async ValueTask<Plan> PlanAsync(PlanRequest request, CancellationToken cancellation)
    {
        lock (requests) requests.Add(request);
        await OnRequest(request);
        cancellation.ThrowIfCancellationRequested();
        return Of(plan(request));
    }

    public static Plan Of(params PlannedAction[] actions) => new(actions, PlanOrigin.Builtin);
}
