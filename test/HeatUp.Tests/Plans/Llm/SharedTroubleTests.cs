using HeatUp.Plans;
using HeatUp.Plans.Llm;
using HeatUp.Testing;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.Plans.Llm;

/// <summary>A server in trouble is met once, and left alone by all for a while.</summary>
public sealed class SharedTroubleTests : IAsyncLifetime
{
    private LlmWorld world = null!;

    public async ValueTask InitializeAsync() => world = await LlmWorld.StartAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task TwoHundredSittingsWaitOnceForAServerThatHangs()
    {
        var clock = new FakeTimeProvider(Some.Now);
        await using var hanging = await LlmWorld.StartAsync(clock: clock);
        var asked = 0;
        var allAsked = new TaskCompletionSource();
        hanging.Llm.Otherwise = _ =>
        {
            if (Interlocked.Increment(ref asked) == 200) allAsked.SetResult();
            return new TaskCompletionSource<StubReply>().Task;
        };
        var waiting = Many(hanging, 200, "first");
        await allAsked.Task.WaitAsync(TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(30));
        (await waiting).ShouldAllBe(plan => plan.Origin.FallbackCode == FallbackCode.Timeout);

        // Nobody moves the clock any more: whoever waited for the server would wait for ever.
        var plans = await Many(hanging, 200, "second");

        plans.ShouldAllBe(plan => plan.Origin.FallbackCode == FallbackCode.Timeout);
        plans[0].Origin.FallbackReason.ShouldBe("llm_timeout: The model did not answer within 30 seconds. "
            + "It isn't asked since 12:35:26, until 12:35:41 UTC.");
        hanging.Llm.RequestCount.ShouldBe(200);
        hanging.Planner.Held.ShouldBe(new LlmTrouble("llm_timeout: The model did not answer within 30 seconds.",
            Some.Now.AddSeconds(30), Some.Now.AddSeconds(45)));
    }

    [Fact]
    public async Task WhatAnotherProcessMetIsNotMetAgainUntilItIsOver()
    {
        world.Planner.Hear(new LlmNews(FallbackCode.Unreachable, "It is down.", TimeSpan.FromMinutes(1)));
        (await world.PlanAsync()).Origin.FallbackReason.ShouldStartWith("llm_unreachable: It is down.");
        world.Llm.RequestCount.ShouldBe(0);

        world.Planner.Hear(null);
        world.Llm.Then(StubReply.Fails(401));
        var told = new List<LlmNews?>();
        world.Planner.OnNews = told.Add;
        await world.PlanAsync();
        world.Llm.RequestCount.ShouldBe(1);
        told.ShouldHaveSingleItem()!.Rest.ShouldBe(LlmBreaker.First);
    }

    [Fact]
    public async Task OneOfManyTriesWhetherTheTroubleIsOver()
    {
        world.Llm.Then(StubReply.Fails(401));
        await world.PlanAsync();
        world.Clock.Now += LlmBreaker.First;
        var (tried, answer) = (new TaskCompletionSource(), new TaskCompletionSource<StubReply>());
        world.Llm.Then(_ =>
        {
            tried.SetResult();
            return answer.Task;
        });
        var trying = world.PlanAsync();
        await tried.Task.WaitAsync(TestContext.Current.CancellationToken);

        (await Many(world, 20, "beside")).ShouldAllBe(plan => plan.Origin.Planner == PlannerKind.Builtin);
        answer.SetResult(StubReply.Says(GoodReply));

        (await trying).Origin.Planner.ShouldBe(PlannerKind.Llm);
        world.Planner.Held.ShouldBeNull();
        (await world.PlanAsync()).Origin.Planner.ShouldBe(PlannerKind.Llm);
        world.Llm.RequestCount.ShouldBe(3);
    }

    [Fact]
    public async Task TroubleThatGoesOnIsTriedLessAndLessOften()
    {
        world.Llm.Otherwise = _ => Task.FromResult(StubReply.Fails(401));
        var holds = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            await world.PlanAsync();
            var until = world.Planner.Held.ShouldNotBeNull().Until;
            holds.Add((until - world.Clock.Now).TotalSeconds);
            world.Clock.Now = until;
        }

        holds.ShouldBe([15, 30, 60, 120, 240, 300, 300]);
        world.Planner.Held!.Since.ShouldBe(Some.Now);
    }

    [Fact]
    public async Task AServerThatWantsToBeLeftAloneIsLeftAloneByAll()
    {
        world.Llm.Then(StubReply.Fails(429, "Daily quota.", retryAfter: "3600"));

        (await world.PlanAsync()).Origin.FallbackCode.ShouldBe(FallbackCode.Busy);
        (await world.PlanAsync(Some.New(session: "bob"))).Origin.FallbackReason.ShouldNotBeNull()
            .ShouldContain("Daily quota. It isn't asked since 12:34:56, until 13:34:56 UTC.");

        world.Llm.RequestCount.ShouldBe(1);
        world.Planner.Held!.Until.ShouldBe(Some.Now.AddHours(1));
    }

    [Fact]
    public async Task WhileOneSittingWaitsAsItWasToldOthersDoNotAsk()
    {
        var clock = new FakeTimeProvider(Some.Now);
        await using var busy = await LlmWorld.StartAsync(clock: clock);
        busy.Llm.Then(StubReply.Fails(429, retryAfter: "7"));
        var told = busy.PlanAsync();
        while (busy.Planner.Held is null) await Task.Yield();

        (await busy.PlanAsync(Some.New(session: "bob"))).Origin.FallbackCode.ShouldBe(FallbackCode.Busy);
        clock.Advance(TimeSpan.FromSeconds(7));

        (await told).Origin.Planner.ShouldBe(PlannerKind.Llm);
        busy.Planner.Held.ShouldBeNull();
        busy.Llm.RequestCount.ShouldBe(2);
    }

    [Fact]
    public async Task ARefusalOfOneRequestHoldsNobodyUp()
    {
        world.Llm.Then(StubReply.Fails(400, "Your prompt was flagged."));

        (await world.PlanAsync()).Origin.FallbackCode.ShouldBe(FallbackCode.Refused);
        world.Planner.Held.ShouldBeNull();

        (await world.PlanAsync()).Origin.Planner.ShouldBe(PlannerKind.Llm);
    }

    [Fact]
    public async Task WhoGivesUpTryingLetsAnotherTry()
    {
        world.Llm.Then(StubReply.Fails(401));
        await world.PlanAsync();
        world.Clock.Now += LlmBreaker.First;
        var tried = new TaskCompletionSource();
        world.Llm.Then(_ =>
        {
            tried.SetResult();
            return new TaskCompletionSource<StubReply>().Task;
        });
        using var caller = new CancellationTokenSource();
        var trying = world.Planner.PlanAsync(Some.New(), caller.Token).AsTask();
        await tried.Task.WaitAsync(TestContext.Current.CancellationToken);
        await caller.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(trying);

        (await world.PlanAsync()).Origin.Planner.ShouldBe(PlannerKind.Llm);
    }

    [Fact]
    public async Task CallersWhoLeaveBeforeACallsTimeShowAServerThatHangsToo()
    {
        var clock = new FakeTimeProvider(Some.Now);
        await using var hanging = await LlmWorld.StartAsync(clock: clock);
        var asked = new TaskCompletionSource();
        hanging.Llm.Then(_ =>
        {
            asked.SetResult();
            return new TaskCompletionSource<StubReply>().Task;
        });
        using var caller = new CancellationTokenSource();
        var leaving = hanging.Planner.PlanAsync(Some.New(), caller.Token).AsTask();
        await asked.Task.WaitAsync(TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(16));
        await caller.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(leaving);

        (await hanging.PlanAsync()).Origin.FallbackReason.ShouldStartWith(
            "llm_timeout: The model did not answer within 15 seconds, and its caller left.");
        hanging.Budget.SpentToday.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public async Task AServerThatSaysZeroIsNotAskedAtOnce()
    {
        world.Llm.Then(Enumerable.Repeat(StubReply.Fails(429, retryAfter: "0"), 3));

        (await world.PlanAsync()).Origin.Planner.ShouldBe(PlannerKind.Llm);

        world.Clock.Waits.Count.ShouldBe(3);
        world.Clock.Waits.ShouldAllBe(wait => wait >= TimeSpan.FromSeconds(0.5));
    }

    [Fact]
    public async Task WhatAnErrorWithCountsCostIsSpent()
    {
        world.Llm.Then(StubReply.Raw(
            """{"error":{"message":"upstream","code":502},"usage":{"prompt_tokens":900,"completion_tokens":40}}""",
            "application/json"));
        world.Llm.Then(StubReply.Says(GoodReply, usage: new StubUsage(1000, 50, 0)));

        var plan = await world.PlanAsync();

        plan.Origin.Tokens.ShouldBe(new TokenUsage(1000, 50, 0));
        world.Budget.SpentToday.ShouldBe(1990);
    }

    [Fact]
    public async Task WhatIsNoCompletionIsSpentByEstimate()
    {
        world.Llm.Then(StubReply.Raw("<html>Hello</html>"));

        await world.PlanAsync();

        world.Budget.SpentToday.ShouldBeGreaterThan(1000);
    }

    private static string GoodReply => Replies.Good;

    private static async Task<Plan[]> Many(LlmWorld world, int count, string name) => await Task.WhenAll(
        Enumerable.Range(0, count).Select(i => world.PlanAsync(Some.New(session: $"{name}{i}"))));
}
