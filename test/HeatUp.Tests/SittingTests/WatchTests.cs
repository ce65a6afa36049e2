using HeatUp.Runs;
using HeatUp.Tests.Support;
using static HeatUp.Tests.SittingTests.SittingsWorld;

namespace HeatUp.Tests.SittingTests;

public sealed class WatchTests
{
    private static readonly string[] All =
        ["1 begins", "1 done", "2 begins", "2 done", "3 begins", "3 done", "4 begins", "4 done", "Completed"];
    private static readonly string[] Ended = ["1 done", "2 done", "3 done", "4 done", "Completed"];

    private readonly SittingsWorld world = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnEarlyWatcherHearsAllInOrderAndTheEnd()
    {
        var sitting = await world.StartAsync(Alice);
        var watching = WatchAsync(sitting, 0);
        await world.Clock.RunAsync(world.Sittings.RunAsync(sitting));

        var heard = await watching;

        heard.Where(word => !word.EndsWith("begins", StringComparison.Ordinal)).ShouldBe(Ended);
        // A watcher that is slow may miss that a step begins, never that it ended, and hears nothing out of order.
        heard.ShouldBe(All.Where(heard.Contains));
    }

    [Fact]
    public async Task TheStepThatIsGoingOnIsTold()
    {
        var sitting = await world.StartAsync(Alice);
        var running = world.Sittings.RunAsync(sitting);
        var heard = new List<string>();
        while (!running.IsCompleted)
        {
            // What is known already is heard without waiting, before the call returns.
            using var cancel = new CancellationTokenSource();
            var watching = HearAsync(sitting, 0, heard, cancel.Token);
            await cancel.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(watching);
            world.Clock.Advance(TimeSpan.FromMilliseconds(50));
        }

        // The last step and the end come in one instant, after which nobody looked.
        heard.Distinct().ShouldBe(All[..^2]);
    }

    [Fact]
    public async Task AWatcherInTheMiddleHearsWhatWasWhatIsAndWhatComes()
    {
        var sitting = await world.StartAsync(Alice);
        var running = world.Sittings.RunAsync(sitting);
        await world.StepsAsync(sitting, 2);

        var watching = WatchAsync(sitting, 1);
        await world.Clock.RunAsync(running);

        (await watching).Where(word => !word.EndsWith("begins", StringComparison.Ordinal)).ShouldBe(Ended[1..]);
    }

    [Fact]
    public async Task ALateWatcherHearsTheWholeStory()
    {
        var sitting = await world.StartAsync(Alice);
        await world.Clock.RunAsync(world.Sittings.RunAsync(sitting));

        (await WatchAsync(sitting, 0)).ShouldBe(Ended);
        (await WatchAsync(sitting, 3)).ShouldBe(Ended[3..]);
        (await WatchAsync(sitting, 4)).ShouldBe(Ended[4..]);
    }

    [Fact]
    public async Task WhoStopsWatchingDoesNotStopTheSitting()
    {
        var sitting = await world.StartAsync(Alice);
        using var cancel = new CancellationTokenSource();
        var watching = HearAsync(sitting, 0, [], cancel.Token);
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(watching);
        (await world.Clock.RunAsync(world.Sittings.RunAsync(sitting))).ShouldBe(RunEnd.Completed);
        (await sitting.Completion).ShouldBe(RunEnd.Completed);
    }

    [Fact]
    public async Task ASnapshotShowsWhereTheSittingStands()
    {
        var sitting = await world.StartAsync(Alice);
        sitting.Snapshot().ShouldSatisfyAllConditions(
            run => run.Status.ShouldBe(RunStatus.Running),
            run => run.Steps.ShouldBeEmpty(),
            run => run.EndedAt.ShouldBeNull());
        await world.Clock.RunAsync(world.Sittings.RunAsync(sitting));

        sitting.Snapshot().ShouldSatisfyAllConditions(
            run => run.Status.ShouldBe(RunStatus.Completed), run => run.Steps.Count.ShouldBe(4),
            run => run.EndedAt.ShouldNotBeNull().ShouldBeGreaterThan(FakeTime.Noon.AddSeconds(26)));
    }

    private static Task<List<string>> WatchAsync(Sitting sitting, int afterStep) =>
        HearAsync(sitting, afterStep, [], Cancellation);

    private static async Task<List<string>> HearAsync(
        Sitting sitting, int afterStep, List<string> heard, CancellationToken cancellation)
    {
        await foreach (var happening in sitting.WatchAsync(afterStep, cancellation)) heard.Add(Word(happening));
        return heard;
    }

    private static string Word(RunEvent happening) => happening switch
    {
        RunEvent.StepStarted started => $"{started.Number} begins",
        RunEvent.StepEnded ended => $"{ended.Step.Number} {ended.Step.Outcome.Word}",
        RunEvent.RunEnded ended => ended.End.Status.ToString(),
        _ => throw new NotSupportedException(),
    };
}
