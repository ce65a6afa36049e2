using System.Text;
using System.Text.Json;
using HeatUp.Plans;
using HeatUp.Plans.Llm;
using HeatUp.Testing;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.Plans;

public sealed class LlmPlannerTests : IAsyncLifetime
{
    // Only a fault of the code under test makes a test wait so long.
    private static readonly TimeSpan Hangs = TimeSpan.FromSeconds(30);

    private LlmWorld world = null!;

    public async ValueTask InitializeAsync() => world = await LlmWorld.StartAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task TheModelsPlanIsThePlanAndItsTokensAreCounted()
    {
        world.Llm.Then(StubReply.Says(Replies.Good, usage: new StubUsage(2000, 150, 1920)));

        var plan = await world.PlanAsync();

        plan.Actions.Select(Some.Text).ShouldBe(Replies.GoodActions);
        plan.Origin.ShouldBe(new PlanOrigin(PlannerKind.Llm, null, new TokenUsage(2000, 150, 1920)));
        world.Budget.SpentToday.ShouldBe(2150);
        world.Planner.Trouble.ShouldBeNull();
    }

    [Fact]
    public async Task TheServerIsAskedForThePlansSchemaStrictly()
    {
        await world.PlanAsync();

        var request = world.Llm.Requests.ShouldHaveSingleItem();
        using var body = JsonDocument.Parse(request.Body);
        body.RootElement.GetProperty("model").GetString().ShouldBe("stub");
        var format = body.RootElement.GetProperty("response_format").GetProperty("json_schema");
        format.GetProperty("strict").GetBoolean().ShouldBeTrue();
        format.GetProperty("schema").GetProperty("required")[0].GetString().ShouldBe("actions");
        request.System.ShouldBe(Prompt.SystemMessage(Some.ShippedPool));
        request.Authorization.ShouldBe($"Bearer {LlmWorld.Key}");
    }

    [Fact]
    public async Task WithoutAKeyNoneIsSent()
    {
        await using var keyless = await LlmWorld.StartAsync(key: null);

        (await keyless.PlanAsync()).Origin.Planner.ShouldBe(PlannerKind.Llm);
        keyless.Llm.Requests.ShouldHaveSingleItem().Authorization.ShouldBeNull();
    }

    [Fact]
    public async Task AllRequestsOfAPoolBeginWithTheSameBytes()
    {
        await world.PlanAsync(Some.New(session: "bob"));
        await world.PlanAsync(Some.Returning(null, "@durov"));

        var bodies = world.Llm.Requests.Select(request => Encoding.UTF8.GetString(request.Body)).ToList();
        var common = bodies[0].Zip(bodies[1]).TakeWhile(pair => pair.First == pair.Second).Count();
        common.ShouldBeGreaterThan(bodies[0].LastIndexOf("\"role\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(400, "This response_format type is unavailable now")]
    [InlineData(422, "json_schema is not supported")]
    [InlineData(501, "Structured output: unsupported")]
    [InlineData(404, "No endpoint that supports structured outputs")]
    public async Task AServerThatRefusesTheSchemaIsAskedForPlainJsonFromThenOn(int status, string message)
    {
        world.Llm.Otherwise = request => Task.FromResult(
            request.ResponseFormat == "json_schema" ? StubReply.Fails(status, message) : world.Llm.GoodPlan(request));

        (await world.PlanAsync()).Origin.Planner.ShouldBe(PlannerKind.Llm);
        (await world.PlanAsync()).Origin.Planner.ShouldBe(PlannerKind.Llm);

        FormsAskedFor().ShouldBe(["json_schema", "json_object", "json_object"]);
    }

    [Fact]
    public async Task AServerThatKnowsNoFormsIsAskedForText()
    {
        var refusal = StubReply.Fails(400, "response_format: unsupported");
        world.Llm.Otherwise = request => Task.FromResult(
            request.ResponseFormat is null ? world.Llm.GoodPlan(request) : refusal);

        await world.PlanAsync();
        (await world.PlanAsync()).Origin.Planner.ShouldBe(PlannerKind.Llm);

        FormsAskedFor().ShouldBe(["json_schema", "json_object", null, null]);
    }

    [Fact]
    public async Task OneRefusalThatIsAboutSomethingElseDoesNotCostTheSchema()
    {
        world.Llm.Then(Enumerable.Repeat(StubReply.Fails(400, "This model is unsupported"), 3));

        (await world.PlanAsync()).Origin.FallbackCode.ShouldBe(FallbackCode.Refused);
        await world.PlanAsync();

        world.Llm.Requests.Last().ResponseFormat.ShouldBe("json_schema");
    }

    [Fact]
    public async Task ABadPlanIsRepairedOnceAndBothCallsArePaidFor()
    {
        world.Llm.Then(
            StubReply.Says(Replies.Good.Replace("17", "0"), usage: new StubUsage(2000, 100, 0)),
            StubReply.Says(Replies.Good, usage: new StubUsage(2200, 100, 1920)));

        var plan = await world.PlanAsync();

        plan.Origin.ShouldBe(new PlanOrigin(PlannerKind.Llm, null, new TokenUsage(4200, 200, 1920)));
        var repair = world.Llm.Requests.Last();
        repair.Messages.Count.ShouldBe(3);
        repair.Messages[1].ShouldBe(Replies.Good.Replace("17", "0"));
        repair.Messages[2].ShouldContain("- Action 2 (read_messages) takes 0 seconds; it must take 3 to 30.");
    }

    [Fact]
    public async Task AllDefectsOfAPlanAreNamedAtOnce()
    {
        world.Llm.Then(StubReply.Says(Replies.Good.Replace("17", "null").Replace("6", "-5")));

        await world.PlanAsync();

        world.Llm.Requests.Last().Messages[2].ShouldContain("Action 2 has no duration_seconds.");
        world.Llm.Requests.Last().Messages[2].ShouldContain("Action 3 (idle) takes -5 seconds");
    }

    [Fact]
    public async Task AFailureThatPassesIsWaitedFor()
    {
        world.Llm.Then(StubReply.Fails(500), StubReply.Fails(503));

        (await world.PlanAsync()).Origin.Planner.ShouldBe(PlannerKind.Llm);

        world.Llm.RequestCount.ShouldBe(3);
        var waits = world.Clock.Waits.ToList();
        waits.Count.ShouldBe(2);
        waits[0].ShouldBeInRange(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1.5));
        waits[1].ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task AServerThatSaysWhenToComeBackIsObeyed()
    {
        world.Llm.Then(
            StubReply.Fails(429, retryAfter: "7"),
            StubReply.Fails(429, retryAfter: "Wed, 10 Jan 2024 12:35:01 GMT"));

        (await world.PlanAsync()).Origin.Planner.ShouldBe(PlannerKind.Llm);

        world.Clock.Waits.ShouldBe([TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(5)]);
    }

    [Fact]
    public async Task AServerThatWantsMuchMoreTimeIsNotWaitedFor()
    {
        world.Llm.Then(StubReply.Fails(429, retryAfter: "3600"));

        var plan = await world.PlanAsync();

        plan.Origin.FallbackReason.ShouldStartWith("llm_busy: ");
        world.Llm.RequestCount.ShouldBe(1);
        world.Clock.Waits.ShouldBeEmpty();
    }

    [Fact]
    public async Task ASilentServerIsLeftAfterTheCallsTimeOut()
    {
        var clock = new FakeTimeProvider(Some.Now);
        await using var silent = await LlmWorld.StartAsync(clock: clock);
        var asked = new TaskCompletionSource();
        silent.Llm.Otherwise = _ => Never(asked);
        var planning = silent.PlanAsync();
        await asked.Task;
        planning.IsCompleted.ShouldBeFalse();

        clock.Advance(TimeSpan.FromSeconds(30));

        (await OutcomeOf(planning)).Origin.FallbackReason
            .ShouldBe("llm_timeout: The model did not answer within 30 seconds.");
        silent.Llm.RequestCount.ShouldBe(1);
        silent.Budget.SpentToday.ShouldBeGreaterThan(
            1000, "a server that didn't answer in time sends a bill all the same");
    }

    [Fact]
    public async Task ThePlansTimeOutCoversAllCalls()
    {
        var clock = new FakeTimeProvider(Some.Now);
        await using var slow = await LlmWorld.StartAsync(clock: clock, planTimeout: TimeSpan.FromSeconds(40));
        slow.Llm.Then(_ =>
        {
            clock.Advance(TimeSpan.FromSeconds(29));
            return Task.FromResult(StubReply.Says("no", usage: new StubUsage(10, 1, 0)));
        });
        var repairAsked = new TaskCompletionSource();
        slow.Llm.Then(_ => Never(repairAsked));
        var planning = slow.PlanAsync();
        await repairAsked.Task;

        clock.Advance(TimeSpan.FromSeconds(11));

        (await OutcomeOf(planning)).Origin.ShouldBe(new PlanOrigin(
            PlannerKind.Builtin, "llm_timeout: The model made no plan within 40 seconds.", new TokenUsage(10, 1, 0)));
    }

    [Fact]
    public async Task SixtyFourCallsAreUnderWayAtOnce()
    {
        var here = 0;
        var allAreHere = new TaskCompletionSource();
        world.Llm.Otherwise = async request =>
        {
            if (Interlocked.Increment(ref here) == 64) allAreHere.SetResult();
            await allAreHere.Task;
            return world.Llm.GoodPlan(request);
        };

        var plans = await Task.WhenAll(
            Enumerable.Range(0, 64).Select(i => world.PlanAsync(Some.New(session: $"session{i}"))));

        plans.ShouldAllBe(plan => plan.Origin.Planner == PlannerKind.Llm);
    }

    [Fact]
    public async Task WhoGivesUpIsNotKeptWaiting()
    {
        var asked = new TaskCompletionSource();
        world.Llm.Otherwise = _ => Never(asked);
        using var caller = new CancellationTokenSource();
        var planning = world.Planner.PlanAsync(Some.New(), caller.Token).AsTask();
        await asked.Task;

        await caller.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(OutcomeOf(planning));
    }

    [Fact]
    public async Task AServerThatIsDownIsTriedAndThenDoneWithout()
    {
        await using var down = await LlmWorld.StartAsync(address: new Uri($"http://127.0.0.1:{Ports.Free()}/v1"));

        var plan = await down.PlanAsync();

        plan.Origin.FallbackReason.ShouldStartWith("llm_unreachable: The model's server can't be reached");
        down.Clock.Waits.Count.ShouldBe(2);
        down.Planner.Trouble.ShouldBe(plan.Origin.FallbackReason);
    }

    [Fact]
    public async Task TroubleIsOverWithTheNextGoodPlan()
    {
        world.Llm.Then(StubReply.Fails(401));
        await world.PlanAsync();
        world.Planner.Trouble.ShouldNotBeNull();
        world.Clock.Now += LlmBreaker.First;

        await world.PlanAsync();

        world.Planner.Trouble.ShouldBeNull();
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(400)]
    public async Task TheKeyIsShownNowhere(int status)
    {
        world.Llm.Then(Enumerable.Repeat(StubReply.Fails(status, $"Incorrect API key provided: {LlmWorld.Key}"), 9));

        var plan = await world.PlanAsync();

        plan.Origin.FallbackReason.ShouldNotBeNull().ShouldNotContain("very-secret");
        world.Log.LatestRecord.Message.ShouldNotContain("very-secret");
        world.Llm.RequestCount.ShouldBe(1);
    }

    [Fact]
    public async Task ASpentBudgetStopsCallsAndNotSittings()
    {
        await using var poor = await LlmWorld.StartAsync(budget: new TokenBudget(10_000, 9_999, TimeProvider.System));

        var plan = await poor.PlanAsync();

        plan.Actions.Count.ShouldBeGreaterThan(2);
        plan.Origin.FallbackReason.ShouldNotBeNull().ShouldMatch(
            "^llm_budget_spent: A call may take [0-9]{4} tokens; of the 10000 of this day \\(UTC\\) 9999 are spent.$");
        poor.Llm.RequestCount.ShouldBe(0);
    }

    [Fact]
    public async Task WhatAUselessReplyCostIsCountedInThePlanThatReplacesIt()
    {
        var useless = StubReply.Says("I'd rather not.", usage: new StubUsage(1000, 10, 0));
        world.Llm.Otherwise = _ => Task.FromResult(useless);

        var plan = await world.PlanAsync();

        plan.Origin.FallbackReason.ShouldStartWith("llm_bad_plan: ");
        plan.Origin.Tokens.ShouldBe(new TokenUsage(2000, 20, 0));
    }

    [Fact]
    public async Task AServerThatCountsNoTokensStillUsesTheBudget()
    {
        world.Llm.Then(StubReply.SaysWithoutUsage(Replies.Good));

        (await world.PlanAsync()).Origin.Tokens.ShouldBe(default);

        world.Budget.SpentToday.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public async Task TheStandInIsTheBuiltinPlannersOwnPlan()
    {
        world.Llm.Then(StubReply.Fails(401));

        var builtin = new BuiltinPlanner(Some.Seed).Make(Some.New(), PlanOrigin.Builtin);
        Some.Text(await world.PlanAsync()).ShouldBe(Some.Text(builtin));
    }

    private static Task<Plan> OutcomeOf(Task<Plan> planning) =>
        planning.WaitAsync(Hangs, TestContext.Current.CancellationToken);

    private IEnumerable<string?> FormsAskedFor() => world.Llm.Requests.Select(request => request.ResponseFormat);

    private static async Task<StubReply> Never(TaskCompletionSource asked)
    {
        asked.TrySetResult();
        return await new TaskCompletionSource<StubReply>().Task;
    }
}
