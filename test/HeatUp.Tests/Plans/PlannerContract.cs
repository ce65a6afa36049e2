using HeatUp.Channels;
using HeatUp.Plans;

namespace HeatUp.Tests.Plans;

/// <summary>What every planner keeps.</summary>
public abstract class PlannerContract
{
    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    public static TheoryData<string> Situations => [.. Requests.Keys];

    protected abstract IPlanner Planner { get; }

    private static Dictionary<string, PlanRequest> Requests { get; } = new()
    {
        ["a new session"] = Some.New(),
        ["a new session and two channels"] = Some.New(ChannelPool.VerifiedOnly),
        ["a session that comes back"] = Some.Returning(null, "@durov", "@nytimes"),
        ["a session that follows nothing in the pool"] = Some.Returning(null, "@somewhere_else"),
        ["a session that follows all of two channels"] =
            Some.Returning(ChannelPool.VerifiedOnly, "@durov", "@telegram"),
        ["a session that follows everything"] =
            Some.Returning(null, [.. Some.ShippedPool.All.Select(channel => channel.Name.Value)]),
        ["a session that follows a lot"] = Some.Returning(
            Some.PoolOf(500, "News", "Music"), [.. Enumerable.Range(1, 490).Select(i => $"@channel{i:0000}")]),
        ["a clock that was set back"] = Some.Returning(null, "@durov") with { Now = Some.Now.AddYears(-1) },
    };

    [Theory]
    [MemberData(nameof(Situations))]
    public async Task ThereIsAGoodPlanFor(string situation)
    {
        var plan = await Planner.PlanAsync(Requests[situation], Patience);

        PlanCheck.DefectsOf(plan.Actions, Requests[situation]).ShouldBeEmpty();
        plan.Actions.Select(action => action.Reason.Length)
            .ShouldAllBe(length => length > 0 && length <= PlannedAction.ReasonLengthMax);
    }

    [Fact]
    public async Task ManyMayAskAtOnce()
    {
        var requests = Enumerable.Range(0, 50).Select(i => Some.New(session: $"session{i}")).ToList();

        var plans = await Task.WhenAll(requests.Select(request => Planner.PlanAsync(request, Patience).AsTask()));

        plans.Zip(requests).ShouldAllBe(pair => PlanCheck.DefectsOf(pair.First.Actions, pair.Second).Count == 0);
    }

    [Fact]
    public async Task WhoGivesUpGetsNoPlan() => await Should.ThrowAsync<OperationCanceledException>(
        async () => await Planner.PlanAsync(Some.New(), new CancellationToken(canceled: true)));
}

public sealed class BuiltinPlannerContract : PlannerContract
{
    protected override IPlanner Planner { get; } = new BuiltinPlanner(Some.Seed);
}

public sealed class LlmPlannerContract : PlannerContract, IAsyncLifetime
{
    private LlmWorld world = null!;

    protected override IPlanner Planner => world.Planner;

    public async ValueTask InitializeAsync() => world = await LlmWorld.StartAsync();

    public async ValueTask DisposeAsync()
    {
        // The stub's plans are good for every situation: none of them needed the stand-in.
        world.Planner.Trouble.ShouldBeNull();
        await world.DisposeAsync();
    }
}

public sealed class FailingLlmPlannerContract : PlannerContract, IAsyncLifetime
{
    private LlmWorld world = null!;

    protected override IPlanner Planner => world.Planner;

    public async ValueTask InitializeAsync()
    {
        world = await LlmWorld.StartAsync();
        world.Llm.Otherwise = _ => Task.FromResult(HeatUp.Testing.StubReply.Fails(500));
    }

    public ValueTask DisposeAsync() => world.DisposeAsync();
}
