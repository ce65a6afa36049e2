using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.Runs;

public sealed class RunnerTests : IDisposable
{
    private static readonly ChannelName A = ChannelName.Parse("@aaaa");
    private static readonly ChannelName B = ChannelName.Parse("@bbbb");
    private static readonly SessionId Alice = SessionId.Parse("alice");

    private readonly FakeTimeProvider clock = FakeTime.AtNoon();
    private readonly ScriptedTelegram telegram;
    private readonly CancellationTokenSource cancel = new();
    private readonly Plan plan = ScriptedPlanner.Of(
        new JoinChannel(A, "why"),
        new Idle(TimeSpan.FromSeconds(5), "why"),
        new ReadMessages(B, TimeSpan.FromSeconds(8), "why"));

    public RunnerTests() => telegram = new ScriptedTelegram(clock);

    public void Dispose() => cancel.Dispose();

    [Fact]
    public async Task StepsHappenInThePlansOrderEachToldBeforeAndAfter()
    {
        var events = await RunAsync();

        events.Select(Words).ShouldBe(["1 begins", "1 done", "2 begins", "2 done", "3 begins", "3 done", "Completed"]);
        telegram.Asked.ShouldBe(["connect", "join @aaaa", "read @bbbb 8 s", "dispose"]);
    }

    [Fact]
    public async Task BreaksAndReadingTakeAsLongAsPlanned()
    {
        var steps = StepsOf(await RunAsync());

        steps.Select(step => (step.EndedAt - step.StartedAt).TotalSeconds).ShouldBe([0, 5, 8], 0.2);
    }

    [Fact]
    public async Task BetweenActionsAreThreeToTenSecondsAndInOneOfTenFiveToTenMore()
    {
        var waits = new List<double>();
        for (var sitting = 1; sitting <= 400; sitting++)
            waits.AddRange(WaitsOf(StepsOf(await RunAsync(sitting: sitting))));

        waits.ShouldAllBe(wait => wait >= 2.9 && wait <= 20.1);
        waits.Count(wait => wait > 10.1).ShouldBeInRange(40, 100);
        waits.Count(wait => wait is > 2.9 and < 4).ShouldBeInRange(60, 150);
    }

    [Fact]
    public async Task WaitsComeFromTheSeedTheSessionAndTheSittingAlone()
    {
        var first = WaitsOf(StepsOf(await RunAsync()));

        WaitsOf(StepsOf(await RunAsync())).ShouldBe(first);
        WaitsOf(StepsOf(await RunAsync(sitting: 2))).ShouldNotBe(first);
        WaitsOf(StepsOf(await RunAsync(seed: 8))).ShouldNotBe(first);
    }

    [Fact]
    public async Task AtNoPaceNothingWaits()
    {
        var events = await CollectAsync(Of(Pace.None).RunAsync(Nobody, default, 1, plan, 0, cancel.Token));

        events[^1].ShouldBe(new RunEvent.RunEnded(RunEnd.Completed));
        clock.GetUtcNow().ShouldBe(FakeTime.Noon);
        telegram.Asked.ShouldContain("read @bbbb 0 s");
    }

    [Fact]
    public async Task AtTwicePaceEverythingTakesTwiceAsLong()
    {
        var real = WaitsOf(StepsOf(await RunAsync()));
        var slow = StepsOf(await RunAsync(pace: 2));

        WaitsOf(slow).ShouldBe(real.Select(wait => 2 * wait), 0.5);
        (slow[1].EndedAt - slow[1].StartedAt).ShouldBe(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(0.2));
        telegram.Asked.ShouldContain("read @bbbb 16 s");
    }

    [Fact]
    public async Task ARefusedStepIsToldAndTheRunGoesOn()
    {
        telegram.Answer(new Outcome.Refused(new TelegramError(406, "CHANNEL_PRIVATE")));

        (await RunAsync()).Select(Words).ShouldBe(
            ["1 begins", "1 refused", "2 begins", "2 done", "3 begins", "3 done", "Completed"]);
    }

    [Fact]
    public async Task AShortFloodWaitIsSatOutAndTheStepTriedAgain()
    {
        telegram.Answer(FloodWait(32));

        var steps = StepsOf(await RunAsync());

        steps[0].Outcome.ShouldBe(Outcome.Done.Plain);
        (steps[0].EndedAt - steps[0].StartedAt).ShouldBe(TimeSpan.FromSeconds(32), TimeSpan.FromSeconds(0.2));
        telegram.Asked.Count(asked => asked == "join @aaaa").ShouldBe(2);
    }

    [Fact]
    public async Task AFloodWaitEndsTheSitting()
    {
        telegram.Answer(FloodWait(61));

        var events = await RunAsync();

        events.Select(Words).ShouldBe(["1 begins", "1 must_wait", "must_wait"]);
        telegram.Asked.ShouldBe(["connect", "join @aaaa", "dispose"]);
        ((RunEvent.RunEnded)events[^1]).End.Detail.ShouldBe(
            "Telegram asks to wait until 2025-06-02 12:01:01 UTC (429 Too Many Requests: retry after 61).");
    }

    [Fact]
    public async Task ShortFloodWaitsThatSumUpToMoreThanAMinuteEndTheSitting()
    {
        telegram.OnAsked = _ => telegram.Answer(FloodWait(32));

        (await RunAsync()).Select(Words).ShouldBe(["1 begins", "1 must_wait", "must_wait"]);
        telegram.Asked.Count(asked => asked == "join @aaaa").ShouldBe(2);
    }

    [Fact]
    public async Task ManyTinyFloodWaitsEndTheSittingToo()
    {
        telegram.OnAsked = _ => telegram.Answer(FloodWait(1));

        (await RunAsync()).Select(Words).ShouldBe(["1 begins", "1 must_wait", "must_wait"]);
        telegram.Asked.Count(asked => asked == "join @aaaa").ShouldBe(RunLimits.TriesMax);
    }

    [Fact]
    public async Task ALostAccountEndsTheSitting()
    {
        telegram.Answer(new Outcome.AccountLost(new TelegramError(401, "SESSION_REVOKED")));

        (await RunAsync()).Select(Words).ShouldBe(["1 begins", "1 account_lost", "account_lost"]);
    }

    [Theory]
    [InlineData(401, "Unauthorized", EndCode.AccountLost)]
    [InlineData(429, "Too Many Requests: retry after 3600", EndCode.MustWait)]
    [InlineData(408, "No answer within 90 seconds", EndCode.Offline)]
    public async Task WhoCannotGoOnlineDoesNothing(int code, string message, string end)
    {
        telegram.ConnectFailure = new TelegramError(code, message).ToOutcome(clock.GetUtcNow());

        (await RunAsync()).Select(Words).ShouldBe([end]);
        telegram.Asked.ShouldBe(["connect"]);
    }

    [Fact]
    public async Task CancelledInAWaitTheNextStepDoesNotBegin()
    {
        var run = CollectAsync(Run());
        clock.Pass(TimeSpan.FromSeconds(1));
        await cancel.CancelAsync();

        (await run).Select(Words).ShouldBe(["1 begins", "1 done", "cancelled"]);
        telegram.Asked[^1].ShouldBe("dispose");
    }

    [Fact]
    public async Task ACancelledBreakEndsAtOnceAndIsNoStep()
    {
        var begun = false;
        var run = CollectAsync(Run(), seen => begun |= Words(seen) == "2 begins");
        while (!begun) clock.Pass(TimeSpan.FromSeconds(1));
        await cancel.CancelAsync();

        (await run).Select(Words).ShouldBe(["1 begins", "1 done", "2 begins", "cancelled"]);
    }

    [Fact]
    public async Task CancelledReadingEndsAtOnceAndIsNoStep()
    {
        var run = CollectAsync(Run());
        while (!telegram.Asked.Contains("read @bbbb 8 s")) clock.Pass(TimeSpan.FromSeconds(1));
        await cancel.CancelAsync();

        (await run).Select(Words).ShouldBe(["1 begins", "1 done", "2 begins", "2 done", "3 begins", "cancelled"]);
    }

    [Fact]
    public async Task CancelledInAFloodWaitTheStepIsNoStep()
    {
        telegram.Answer(FloodWait(50));
        var run = CollectAsync(Run());
        clock.Pass(TimeSpan.FromSeconds(10));
        await cancel.CancelAsync();

        (await run).Select(Words).ShouldBe(["1 begins", "cancelled"]);
        telegram.Asked.ShouldBe(["connect", "join @aaaa", "dispose"]);
    }

    [Fact]
    public async Task CancelledBeforeItsFirstStepNothingIsDone()
    {
        await cancel.CancelAsync();

        (await RunAsync()).Select(Words).ShouldBe(["cancelled"]);
        telegram.Asked.ShouldNotContain("join @aaaa");
    }

    [Fact]
    public async Task CancelledAfterItsLastStepItIsCompleted()
    {
        var events = await clock.RunAsync(CollectAsync(Run(), seen =>
        {
            if (Words(seen) == "3 done") cancel.Cancel();
        }));

        Words(events[^1]).ShouldBe("Completed");
    }

    [Fact]
    public async Task AResumedRunBeginsWithItsNextStepWithoutAWait()
    {
        var events = await RunAsync(stepsBefore: 2);

        events.Select(Words).ShouldBe(["3 begins", "3 done", "Completed"]);
        StepsOf(events)[0].StartedAt.ShouldBe(events.OfType<RunEvent.StepStarted>().First().At);
        StepsOf(events)[0].Number.ShouldBe(3);
    }

    [Fact]
    public async Task ARunWhoseStepsAreAllBehindItIsCompletedWithoutGoingOnline()
    {
        (await RunAsync(stepsBefore: 3)).Select(Words).ShouldBe(["Completed"]);
        telegram.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task AStepIsHandedOutBeforeAnythingElseHappens()
    {
        var askedWhenTold = new List<int>();
        await clock.RunAsync(CollectAsync(Run(), seen =>
        {
            if (seen is RunEvent.StepEnded) askedWhenTold.Add(telegram.Asked.Count);
        }));

        askedWhenTold.ShouldBe([2, 2, 3]);
    }

    [Fact]
    public async Task AListenerThatThrowsStopsTheRun()
    {
        var run = CollectAsync(Run(), seen =>
        {
            if (seen is RunEvent.StepEnded) throw new TimeoutException("the disk");
        });

        await Should.ThrowAsync<TimeoutException>(run);
        clock.Pass(TimeSpan.FromMinutes(1));
        telegram.Asked.ShouldBe(["connect", "join @aaaa", "dispose"]);
    }

    private static Recollection Nobody => Recollection.OfNobody(Alice);

    private static Outcome.MustWait FloodWaitAt(DateTimeOffset now, int seconds) =>
        new(now.AddSeconds(seconds), new TelegramError(429, $"Too Many Requests: retry after {seconds}"));

    private Outcome.MustWait FloodWait(int seconds) => FloodWaitAt(clock.GetUtcNow(), seconds);

    private Runner Of(Pace pace, ulong seed = 7) => new(telegram, clock, pace, new Seed(seed));

    private IAsyncEnumerable<RunEvent> Run() => Of(Pace.Real).RunAsync(Nobody, default, 1, plan, 0, cancel.Token);

    private Task<List<RunEvent>> RunAsync(double pace = 1, ulong seed = 7, int sitting = 1, int stepsBefore = 0) =>
        clock.RunAsync(CollectAsync(
            Of(new Pace(pace), seed).RunAsync(Nobody, default, sitting, plan, stepsBefore, cancel.Token)));

    private static async Task<List<RunEvent>> CollectAsync(
        IAsyncEnumerable<RunEvent> run, Action<RunEvent>? seen = null)
    {
        var events = new List<RunEvent>();
        await foreach (var happening in run)
        {
            events.Add(happening);
            seen?.Invoke(happening);
        }
        return events;
    }

    private static List<Step> StepsOf(List<RunEvent> events) =>
        [.. events.OfType<RunEvent.StepEnded>().Select(ended => ended.Step)];

    private static List<double> WaitsOf(List<Step> steps) =>
        [.. steps.Zip(steps.Skip(1), (before, after) => (after.StartedAt - before.EndedAt).TotalSeconds)];

    private static string Words(RunEvent happening) => happening switch
    {
        RunEvent.StepStarted started => $"{started.Number} begins",
        RunEvent.StepEnded ended => $"{ended.Step.Number} {ended.Step.Outcome.Word}",
        RunEvent.RunEnded ended => ended.End.Code ?? ended.End.Status.ToString(),
        _ => throw new NotSupportedException(),
    };
}
