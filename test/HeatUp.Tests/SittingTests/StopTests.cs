using HeatUp.Runs;
using HeatUp.Sessions;
using HeatUp.Tests.Sessions;
using HeatUp.Tests.Support;
using static HeatUp.Tests.SittingTests.SittingsWorld;

namespace HeatUp.Tests.SittingTests;

/// <summary>That every sitting gives its session back, and every stop ends, whatever fails.</summary>
public sealed class StopTests
{
    private readonly SittingsWorld world = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ASittingThatNobodyHasRunHoldsNoStopUpAndIsLeftToTheNextProcess()
    {
        var sitting = await world.StartAsync(Alice);

        await world.Path.Runs.StopAsync();

        (await sitting.Completion).ShouldBe(RunEnd.Stopping);
        (await world.Sittings.RunAsync(sitting)).ShouldBe(RunEnd.Stopping, "who comes to run it hears that it is over");
        world.Store.Runs[0].End.ShouldBeNull();
        (await world.Restarted().LeftOpen.ResumeAsync(cancellation: Cancellation)).ShouldHaveSingleItem().Sitting.ShouldNotBeNull();
    }

    [Fact]
    public async Task ASittingThatWasCancelledBeforeAnybodyRanItEndsAsCancelledAtTheStop()
    {
        var sitting = await world.StartAsync(Alice);
        sitting.Cancel();

        await world.Path.Runs.StopAsync();

        (await sitting.Completion).ShouldBe(RunEnd.Cancelled);
        world.Store.Runs[0].Status.ShouldBe(RunStatus.Cancelled);
    }

    [Theory]
    [InlineData("remember")]
    [InlineData("end")]
    public async Task WhateverTheStoreThrowsTheSessionIsFreeAgainAndWhoWatchesHearsTheEnd(string call)
    {
        var sitting = await world.StartAsync(Alice);
        world.Store.Fails = asked => asked == call ? throw new InsufficientMemoryException() : false;
        var watching = WatchedEndAsync(sitting);

        await world.Clock.RunAsync(world.Sittings.RunAsync(sitting));

        (await watching).ShouldBe(await sitting.Completion);
        world.Path.Claims.Free.ShouldBe(100);
        world.Store.Fails = _ => false;
        (await world.StartAsync(Alice)).Number.ShouldBe(2);
    }

    [Fact]
    public async Task WhoGoesOnWithALostRunStopsAtOnceAndWritesNoEnd()
    {
        var sitting = await world.StartAsync(Alice);
        var running = world.Sittings.RunAsync(sitting);
        await world.StepsAsync(sitting, 1);
        // To another process this one seems gone: it takes the run over.
        var elsewhere = new MemoryTaker(world.Store);
        await elsewhere.TakeAsync();

        var end = await world.Clock.RunAsync(running);

        end.ShouldBe(RunEnd.HoldLost);
        sitting.Snapshot().Steps.Count.ShouldBe(1);
        world.Store.Runs[0].End.ShouldBeNull("the run is the other process's to end");
        world.Path.Claims.Free.ShouldBe(100);
    }

    [Fact]
    public async Task AsLongAsTooManyEndsWaitNoSittingBegins()
    {
        world.Store.Fails = call => call is "begin" or "take over";
        for (var i = 0; i < PendingEnds.Max; i++)
            await Should.ThrowAsync<StoreException>(
                world.Sittings.StartAsync(SessionId.Parse($"s{i}"), Cancellation).AsTask());
        var planned = world.Planner.Requests.Count;

        var refused = await Should.ThrowAsync<StoreException>(world.Sittings.StartAsync(Alice, Cancellation).AsTask());

        refused.Message.ShouldContain($"{PendingEnds.Max} ends");
        world.Planner.Requests.Count.ShouldBe(planned, "no plan is paid for that can't begin");
        world.Store.Fails = _ => false;
        world.Clock.Pass(PendingEnds.RetryMax);
        await world.StartAsync(Alice);
    }

    [Fact]
    public async Task AnEndIsWrittenInTheBackgroundWithoutAnybodysSitting()
    {
        world.Store.Fails = call => call is "end";
        var run = await world.LiveAsync(Alice);
        world.Clock.Pass(TimeSpan.FromMinutes(1));
        world.Store.Runs[0].End.ShouldBeNull();
        world.Store.Fails = _ => false;

        world.Clock.Pass(PendingEnds.RetryMax);

        (world.Store.Runs[0].End, world.Store.Runs[0].EndedAt).ShouldBe((run.End, run.EndedAt));
    }

    [Fact]
    public async Task ATakeOverThatWasCarriedOutButNotAcknowledgedIsFoundAgain()
    {
        await world.Store.BegunAsync(FirstRunOf(Alice));
        var path = world.Restarted();
        world.Store.FailsAfterwards = call => call == "take over";
        await Should.ThrowAsync<StoreException>(path.LeftOpen.ResumeAsync(cancellation: Cancellation));
        world.Store.FailsAfterwards = _ => false;

        var resumed = (await path.LeftOpen.ResumeAsync(cancellation: Cancellation)).ShouldHaveSingleItem().Sitting.ShouldNotBeNull();

        (await world.Clock.RunAsync(path.Sittings.RunAsync(resumed))).ShouldBe(RunEnd.Completed);
    }

    [Fact]
    public async Task ASittingIsPlannedAnewOnlySoOften()
    {
        world.Planner.OnRequest = async request =>
        {
            // Another process has a whole sitting of the session while this one plans, each time.
            var number = request.Past.Sittings + 1;
            var run = FirstRunOf(Alice) with
            {
                Sitting = number, Id = RunId.For(new Seed(9), Alice, number, FakeTime.Noon),
            };
            await world.Store.EndAsync(await world.Store.BegunAsync(run), RunEnd.Completed, FakeTime.Noon);
        };

        (await world.Sittings.StartAsync(Alice, Cancellation)).ShouldBeOfType<SittingStart.Overtaken>();

        world.Planner.Requests.Count.ShouldBe(Sittings.PlansMax);
        world.Path.Claims.Free.ShouldBe(100);
    }

    private static async Task<RunEnd> WatchedEndAsync(Sitting sitting)
    {
        await foreach (var happening in sitting.WatchAsync(0, Cancellation))
            if (happening is RunEvent.RunEnded(var end))
                return end;
        throw new InvalidOperationException("It ended without an end.");
    }

    /// <summary>Another process on the same store.</summary>
    private sealed class MemoryTaker(MemorySessionStore store)
    {
        public async Task TakeAsync()
        {
            store.Restart();
            (await store.TakeOverAsync(Remembered.Holding(), Cancellation)).ShouldHaveSingleItem();
        }
    }
}
