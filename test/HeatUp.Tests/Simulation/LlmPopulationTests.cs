using System.Text;
using HeatUp.Plans;
using HeatUp.Simulations;
using HeatUp.Testing;
using HeatUp.Tests.Plans;

namespace HeatUp.Tests.Simulation;

public sealed class LlmPopulationTests : IAsyncLifetime
{
    private LlmPopulationWorld world = null!;

    public async ValueTask InitializeAsync() => world = await LlmPopulationWorld.StartAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task AReplayNeedsNoServerAndIsTheSameLife()
    {
        var recording = world.Record();
        var recorded = world.Live(recording);
        var calls = world.Llm.RequestCount;
        await world.Llm.DisposeAsync();
        var bytes = await File.ReadAllBytesAsync(world.RecordingPath(), TestContext.Current.CancellationToken);

        var replay = world.Replay();
        replay.Model.ShouldBe("stub");
        world.Live(replay).ShouldBe(recorded);

        calls.ShouldBeGreaterThan(60);
        world.Fallbacks.ShouldBeEmpty();
        replay.Reading.Replayed.ShouldBeGreaterThanOrEqualTo(calls);
        (await File.ReadAllBytesAsync(world.RecordingPath(), TestContext.Current.CancellationToken)).ShouldBe(bytes);
    }

    [Fact]
    public void ItIsTheSameLifeOnOneThreadAndOnTwo()
    {
        var recorded = world.Live(world.Record(), threads: 2);

        world.Live(world.Replay(), threads: 1).ShouldBe(recorded);
        world.Live(world.Replay(), threads: 2).ShouldBe(recorded);
        // The stand-in answers the same prompt the same way, so that even another recording is the same life.
        world.Live(world.Record("another", concurrency: 1), threads: 1).ShouldBe(recorded);
    }

    [Fact]
    public void NoMoreSessionsAskAFewPlacesForPlansThanKeepThemBusy()
    {
        using var planner = new Crowded(LlmPopulationWorld.Scenario.Seed);
        var scenario = LlmPopulationWorld.Scenario with { Sessions = 2_000 };
        using var simulation = new HeatUp.Simulations.Simulation(scenario, LlmPopulationWorld.Pool, planner, 1);

        simulation.RunEpoch(TestContext.Current.CancellationToken);

        simulation.Sittings.ShouldBeGreaterThan(1_500);
        planner.AskingMost.ShouldBeInRange(2, 512);
    }

    [Fact]
    public void WhatGoesWrongIsReplayedAsItWent()
    {
        world.Llm.Otherwise = request => Task.FromResult((request.Messages[0].Sum(unit => unit) % 9) switch
        {
            0 => StubReply.Fails(429, "slow down", retryAfter: "3600"),
            1 => StubReply.Fails(503, $"The key {LlmPopulationWorld.Key} broke"),
            2 => StubReply.Raw("<html>"),
            3 => StubReply.Says("no plan at all"),
            4 => StubReply.Says("""{"actions":[""", finish: "length"),
            5 => StubReply.Says(null, refusal: "I won't."),
            6 => StubReply.SaysWithoutUsage(Replies.Good),
            7 => StubReply.Fails(400, "no such model"),
            _ => world.Llm.GoodPlan(request),
        });

        var recorded = world.Live(world.Record());
        var fallbacks = world.Fallbacks.Order().ToList();
        world.Live(world.Replay()).ShouldBe(recorded);

        world.Fallbacks.Order().ShouldBe(fallbacks);
        var codes = fallbacks.Select(reason => reason.Split(':')[0]).Distinct();
        codes.ShouldBe(
            [
                FallbackCode.Busy, FallbackCode.ServerError, FallbackCode.Unreadable, FallbackCode.BadPlan,
                FallbackCode.CutOff, FallbackCode.Declined, FallbackCode.Refused,
            ],
            ignoreOrder: true);
        File.ReadAllText(world.RecordingPath(), Encoding.Latin1).ShouldNotContain("very-secret");
    }

    [Fact]
    public void ARunThatWasStoppedGoesOnWithoutAskingAgain()
    {
        var whole = world.Live(world.Record("whole"));
        var calls = world.Llm.RequestCount;
        world.Live(world.Record(), epochs: 1);
        var before = world.Llm.RequestCount - calls;

        var resumed = world.Record();
        resumed.Reading.Calls.ShouldBe(before);
        world.Live(resumed).ShouldBe(whole);

        before.ShouldBeInRange(1, calls - 1);
        (world.Llm.RequestCount - calls).ShouldBe(calls);
        resumed.Reading.Calls.ShouldBe(calls);
    }

    [Fact]
    public void ASpentBudgetEndsCallsAndTheReplayMeetsItAtTheSamePlaces()
    {
        const long bound = 40_000;
        var recording = world.Record(maxTokens: bound);
        recording.IsSpent.ShouldBeFalse();

        var recorded = world.Live(recording);

        recording.IsSpent.ShouldBeTrue();
        var reading = recording.Reading;
        reading.Spent.ShouldBe(2200 * reading.Calls);
        reading.Spent.ShouldBeInRange(bound - 5_000, bound);
        world.Llm.RequestCount.ShouldBe(reading.Calls);
        reading.Refused.ShouldBeGreaterThan(0);
        world.Fallbacks.ShouldNotBeEmpty();
        world.Fallbacks.ShouldAllBe(
            reason => reason == "llm_budget_spent: Of the run's 40000 tokens too few are left for a call.");
        var replay = world.Replay(maxTokens: bound);
        world.Live(replay).ShouldBe(recorded);
        replay.IsSpent.ShouldBeTrue();
    }

    [Fact]
    public void WhatWasSpentBeforeCountsWhenARunGoesOn()
    {
        world.Live(world.Record(), epochs: 1);
        var before = world.Llm.RequestCount;
        var spent = world.Record();
        var bound = spent.Reading.Spent + 1;
        spent.Dispose();

        var resumed = world.Record(maxTokens: bound);
        world.Live(resumed);

        resumed.IsSpent.ShouldBeTrue();
        world.Llm.RequestCount.ShouldBe(before);
    }

    [Fact]
    public void ARaisedBoundLetsARunGoOnBeyondItsRefusals()
    {
        world.Live(world.Record(maxTokens: 40_000), epochs: 1);
        var before = world.Llm.RequestCount;

        var raised = world.Record(maxTokens: 10_000_000);
        var recorded = world.Live(raised);

        raised.IsSpent.ShouldBeFalse();
        world.Llm.RequestCount.ShouldBeGreaterThan(before);
        world.Fallbacks.ShouldNotBeEmpty("what was refused remains a part of the run's past");
        world.Live(world.Replay(maxTokens: 10_000_000)).ShouldBe(recorded);
    }

    [Fact]
    public void CallsAreNeverMoreAtOnceThanAllowedAndAsManyWhereTheyCan()
    {
        const int allowed = 8;
        var (here, most) = (0, 0);
        var allAreHere = new TaskCompletionSource();
        world.Llm.Otherwise = async request =>
        {
            var now = Interlocked.Increment(ref here);
            for (var seen = most; now > seen; seen = most) Interlocked.CompareExchange(ref most, now, seen);
            if (now == allowed) allAreHere.TrySetResult();
            await allAreHere.Task;
            Interlocked.Decrement(ref here);
            return world.Llm.GoodPlan(request);
        };

        world.Live(world.Record(concurrency: allowed), threads: 2);

        most.ShouldBe(allowed);
    }

    [Fact]
    public void AReplayWithAnotherPoolSaysWhatDiffers()
    {
        world.Live(world.Record());

        var failure = Should.Throw<RecordingException>(() =>
            world.Live(world.Replay(), pool: Some.PoolOf(21, "News", "Science", "Music")));

        failure.Message.ShouldMatch(
            @"^The plan of session s\d{8}'s sitting 1 at 2026-01-0\d \d\d:\d\d:\d\dZ: the recording knows no prompt with "
            + "this pool. The pool or the program's version differs from those of the recording.$");
    }

    [Fact]
    public void AReplayOfAnotherScenarioSaysWhatDiffers()
    {
        world.Live(world.Record());
        var another = LlmPopulationWorld.Scenario with { Seed = new Seed(6) };

        Should.Throw<RecordingException>(() => world.Live(world.Replay(), threads: 2, scenario: another))
            .Message.ShouldContain("The scenario, its seed or the program's version differs");
    }

    [Fact]
    public void AnotherModelDoesNotGoOnWithARecording()
    {
        world.Live(world.Record(), epochs: 1);

        Should.Throw<RecordingException>(() => world.Record(model: "other")).Message
            .ShouldEndWith("holds exchanges with the model 'stub', and this run would ask 'other': "
                + "go on with that model, or record into another folder.");
    }

    [Fact]
    public void ThereMustBeSomethingToReplay() =>
        Should.Throw<RecordingException>(() => world.Replay("nothing")).Message
            .ShouldStartWith("There is nothing to replay: ");

    [Fact]
    public void AnExchangeCanBeReadInFullAndTheSharedPartIsStoredOnce()
    {
        world.Live(world.Record());

        var exchanges = RecordedExchange.ReadAll(world.RecordingPath());

        exchanges.Select(exchange => exchange.Messages[1].Text).Order()
            .ShouldBe(world.Llm.Requests.Select(request => request.Messages[0]).Order());
        exchanges.ShouldAllBe(exchange => exchange.Messages[0].Text == Prompt.SystemMessage(LlmPopulationWorld.Pool));
        exchanges.ShouldAllBe(exchange => RecordingKey.Of("stub", exchange.Messages) == exchange.Key);
        var bytes = File.ReadAllText(world.RecordingPath(), Encoding.Latin1);
        bytes.Split("<channels>").Length.ShouldBe(exchanges[0].Messages[0].Text.Split("<channels>").Length);
    }

    [Fact]
    public async Task ARecordingOfAnEarlierVersionIsReplayedTheSameAndGoneOnWith()
    {
        var recorded = world.Live(world.Record(), epochs: 1);
        var earlier = RecordedExchange.MakeEarlier(world.Folder(), "stub");
        var bytes = await File.ReadAllBytesAsync(earlier, TestContext.Current.CancellationToken);
        var calls = world.Llm.RequestCount;

        world.Live(world.Replay(), epochs: 1).ShouldBe(recorded);
        Directory.GetFiles(world.Folder()).ShouldBeEmpty("a replay changes nothing in the folder of the recording");
        var whole = world.Live(world.Record("whole"));
        var asked = world.Llm.RequestCount - calls;
        world.Live(world.Record()).ShouldBe(whole);

        (world.Llm.RequestCount - calls - asked).ShouldBe(asked - calls, "what was recorded is not asked again");
        (await File.ReadAllBytesAsync(earlier, TestContext.Current.CancellationToken)).ShouldBe(bytes);
        world.Live(world.Replay()).ShouldBe(whole);
    }

    [Fact]
    public void TheReadingCountsCallsTokensAndCost()
    {
        var recording = world.Record();
        world.Live(recording);

        var calls = world.Llm.RequestCount;
        var cost = calls * (80 * 2 + 1920 * 0.5 + 200 * 10) / 1e6;
        recording.Reading.ShouldBe(new LlmReading(
            calls, 0, 0, recording.Reading.Replayed, 0, new TokenUsage(2000 * calls, 200 * calls, 1920 * calls),
            2200 * calls, recording.Reading.Cost, "EUR"));
        recording.Reading.Cost.ShouldNotBeNull().ShouldBe(cost, 1e-9);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1025)]
    public void ConcurrencyHasBounds(int concurrency) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new LlmRunOptions { Seed = default, Concurrency = concurrency });

    /// <summary>Makes one plan at a time, and counts who waits.</summary>
    private sealed class Crowded(Seed seed) : IPlanner, IDisposable
    {
        private readonly BuiltinPlanner planner = new(seed);
        private readonly SemaphoreSlim place = new(1);
        private int asking;

        public int AskingMost { get; private set; }

        public int PlansAtOnce => 1;

        public async ValueTask<Plan> PlanAsync(PlanRequest request, CancellationToken cancellation)
        {
            var waiting = Interlocked.Increment(ref asking);
            await place.WaitAsync(cancellation);
            AskingMost = Math.Max(AskingMost, waiting);
            await Task.Yield();
            Interlocked.Decrement(ref asking);
            place.Release();
            return await planner.PlanAsync(request, cancellation);
        }

        public void Dispose() => place.Dispose();
    }
}
