using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;
using HeatUp.Tests.Sessions;
using HeatUp.Tests.Support;
using static HeatUp.Tests.SittingTests.SittingsWorld;

namespace HeatUp.Tests.SittingTests;

public sealed class ResumeTests
{
    private readonly SittingsWorld world = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StoppingInterruptsAtAStepsEdgeAndTheRunGoesOnWithItsNextStep()
    {
        var sitting = await world.StartAsync(Alice);
        var running = world.Sittings.RunAsync(sitting);
        await world.StepsAsync(sitting, 2);

        await world.Path.Runs.StopAsync();

        (await running).ShouldBe(RunEnd.Stopping);
        (await world.Sittings.StartAsync(Bob, Cancellation)).ShouldBeOfType<SittingStart.Stopping>();
        (world.Store.Runs[0].Status, world.Store.Runs[0].Steps.Count).ShouldBe((RunStatus.Running, 2));

        world.Clock.Advance(TimeSpan.FromMinutes(10));
        var resumptions = await world.Restarted().LeftOpen.ResumeAsync(cancellation: Cancellation);
        var resumed = resumptions.Single().Sitting.ShouldNotBeNull();
        resumed.Id.ShouldBe(sitting.Id);
        (await world.Clock.RunAsync(world.Sittings.RunAsync(resumed))).ShouldBe(RunEnd.Completed);
        world.Store.Runs[0].Steps.Select(step => step.Number).ShouldBe([1, 2, 3, 4]);
        world.Store.Runs[0].Steps.Select(step => step.Action).ShouldBe(FourActions);
    }

    [Fact]
    public async Task AResumedSittingIsInTheWayOfAnother()
    {
        await InterruptedAsync();

        var resumed = (await world.Path.LeftOpen.ResumeAsync(cancellation: Cancellation)).Single().Sitting!;

        (await world.Sittings.StartAsync(Alice, Cancellation)).ShouldBe(new SittingStart.AlreadyRunning(resumed.Id));
        (await world.Path.LeftOpen.ResumeAsync(cancellation: Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task ARunThatIsTooOldIsClosed()
    {
        await InterruptedAsync();
        world.Clock.Advance(RunLimits.ResumeWithin + TimeSpan.FromSeconds(1));

        var (run, sitting) = (await world.Path.LeftOpen.ResumeAsync(cancellation: Cancellation)).Single();

        sitting.ShouldBeNull();
        run.End.ShouldBe(RunEnd.TooOld);
        (world.Store.Runs[0].Status, world.Store.Runs[0].EndedAt)
            .ShouldBe((RunStatus.Interrupted, world.Clock.GetUtcNow()));
        (await world.StartAsync(Alice)).Number.ShouldBe(2);
    }

    [Fact]
    public async Task ARunWhoseLastStepEndedItIsClosedAndDoesNotGoOn()
    {
        // The process died between remembering the flood wait and writing the run's end.
        var wait = new TelegramError(429, "Too Many Requests: retry after 3600").ToOutcome(FakeTime.Noon);
        var run = FirstRunOf(Alice);
        var hold = await world.Store.BegunAsync(run);
        await world.Store.RememberAsync(hold, new Step(1, FourActions[0], wait, FakeTime.Noon, FakeTime.Noon));

        var (found, sitting) = (await world.Restarted().LeftOpen.ResumeAsync(cancellation: Cancellation)).Single();

        sitting.ShouldBeNull();
        found.End!.Code.ShouldBe(EndCode.MustWait);
        world.Store.Runs[0].End.ShouldBe(found.End);
    }

    [Fact]
    public async Task ARunWhoseStepsAreAllDoneIsCompleted()
    {
        var sitting = await world.StartAsync(Alice);
        world.Store.Fails = call => call == "end";
        await world.Clock.RunAsync(world.Sittings.RunAsync(sitting));
        world.Store.Fails = _ => false;

        var resumed = (await world.Restarted().LeftOpen.ResumeAsync(cancellation: Cancellation)).Single().Sitting!;

        (await world.Sittings.RunAsync(resumed)).ShouldBe(RunEnd.Completed);
        world.Store.Runs[0].Steps.Count.ShouldBe(4);
    }

    [Fact]
    public async Task ARunThatCouldNotBeTakenUpIsTriedAgainAndHoldsNoStopUp()
    {
        await world.Store.BeginAsync(SittingsWorld.FirstRunOf(Alice), Cancellation);
        await world.Store.BeginAsync(SittingsWorld.FirstRunOf(Bob), Cancellation);
        var path = world.Restarted();
        var recalls = 0;
        world.Store.Fails = call => call == "recall" && ++recalls == 2;

        var first = (await path.LeftOpen.ResumeAsync(cancellation: Cancellation)).ShouldHaveSingleItem().Sitting.ShouldNotBeNull();
        var second = (await path.LeftOpen.ResumeAsync(cancellation: Cancellation)).ShouldHaveSingleItem().Sitting.ShouldNotBeNull();

        new[] { first.Session, second.Session }.ShouldBe([Alice, Bob], ignoreOrder: true);
        var both = Task.WhenAll(path.Sittings.RunAsync(first), path.Sittings.RunAsync(second));
        await world.Clock.RunAsync(path.Runs.StopAsync());
        await both;
    }

    [Fact]
    public async Task ARunWaitsWhileItsSessionIsBeingPlanned()
    {
        await world.Store.BeginAsync(SittingsWorld.FirstRunOf(Alice), Cancellation);
        var path = world.Restarted();
        var planned = new TaskCompletionSource();
        world.Planner.OnRequest = _ => planned.Task;
        var starting = path.Sittings.StartAsync(Alice, Cancellation).AsTask();

        (await path.LeftOpen.ResumeAsync(cancellation: Cancellation)).ShouldBeEmpty();
        planned.SetResult();
        (await starting).ShouldBeOfType<SittingStart.AlreadyRunning>();

        (await path.LeftOpen.ResumeAsync(cancellation: Cancellation)).ShouldHaveSingleItem().Sitting.ShouldNotBeNull();
    }

    [Fact]
    public async Task AnEndThatCouldNotBeWrittenIsWrittenAtTheStop()
    {
        var sitting = await world.StartAsync(Alice);
        sitting.Cancel();
        world.Store.Fails = call => call == "end";
        await world.Clock.RunAsync(world.Sittings.RunAsync(sitting));
        world.Path.Runs.WithUnwrittenEnd(world.Store.Runs[0]).Status.ShouldBe(RunStatus.Cancelled);
        world.Store.Fails = _ => false;

        await world.Path.Runs.StopAsync();

        world.Store.Runs[0].End.ShouldBe(RunEnd.Cancelled);
    }

    [Fact]
    public async Task AStopDoesNotWaitForAPlan()
    {
        var asked = new TaskCompletionSource();
        var path = new SittingPath(world.Store, new EndlessPlanner(asked), null!, world.Clock);
        var starting = path.Sittings.StartAsync(Alice, Cancellation).AsTask();
        await asked.Task;

        await path.Runs.StopAsync();

        (await starting).ShouldBeOfType<SittingStart.Stopping>();
        world.Store.Runs.ShouldBeEmpty();
    }

    private sealed class EndlessPlanner(TaskCompletionSource asked) : IPlanner
    {
        public async ValueTask<Plan> PlanAsync(PlanRequest request, CancellationToken cancellation)
        {
            asked.SetResult();
            await new TaskCompletionSource().Task.WaitAsync(cancellation);
            throw new InvalidOperationException("It never plans.");
        }
    }

    [Fact]
    public async Task WhatFindsNoRoomStaysOpenAndGoesOnWhenThereIsSome()
    {
        var crowded = new SittingsWorld(sittingsMax: 2);
        foreach (var session in new[] { Alice, Bob })
            _ = crowded.Sittings.RunAsync(await crowded.StartAsync(session));
        // Both joins are on their way, and are waited for.
        await crowded.Clock.RunAsync(crowded.Path.Runs.StopAsync());
        crowded.Store.Restart();
        var runner = new Runner(new ScriptedTelegram(crowded.Clock), crowded.Clock, Pace.None, new Seed(7));
        var smaller = new SittingPath(crowded.Store, crowded.Planner, runner, crowded.Clock, sittingsMax: 1);

        var first = (await smaller.LeftOpen.ResumeAsync(cancellation: Cancellation)).ShouldHaveSingleItem();
        (await smaller.LeftOpen.ResumeAsync(cancellation: Cancellation)).ShouldBeEmpty();
        crowded.Store.Runs.ShouldAllBe(run => run.End == null);
        await smaller.Sittings.RunAsync(first.Sitting.ShouldNotBeNull());
        var second = (await smaller.LeftOpen.ResumeAsync(cancellation: Cancellation)).ShouldHaveSingleItem();

        await smaller.Sittings.RunAsync(second.Sitting.ShouldNotBeNull());
        crowded.Store.Runs.ShouldAllBe(run => run.End == RunEnd.Completed);
    }

    [Fact]
    public async Task WhatFindsNoRoomForAnHourIsClosed()
    {
        await InterruptedAsync();
        var runner = new Runner(new ScriptedTelegram(world.Clock), world.Clock, Pace.None, new Seed(7));
        var full = new SittingPath(world.Store, world.Planner, runner, world.Clock, sittingsMax: 1);
        (await full.Sittings.StartAsync(Bob, Cancellation)).ShouldBeOfType<SittingStart.Started>();
        (await full.LeftOpen.ResumeAsync(cancellation: Cancellation)).ShouldBeEmpty();
        world.Clock.Advance(RunLimits.ResumeWithin + TimeSpan.FromSeconds(1));

        (await world.Restarted().LeftOpen.ResumeAsync(Alice, Cancellation)).ShouldHaveSingleItem().Run.End.ShouldBe(RunEnd.TooOld);
    }

    [Fact]
    public async Task WhoCancelledHasTheLastWordOverAStop()
    {
        var sitting = await world.StartAsync(Alice);
        var running = world.Sittings.RunAsync(sitting);
        await world.StepsAsync(sitting, 1);
        // The read is on its way; both reach it there.
        var stopping = world.Path.Runs.StopAsync();
        sitting.Cancel();
        await stopping;

        (await running).Status.ShouldBeOneOf(RunStatus.Cancelled, RunStatus.Interrupted);

        var other = new SittingsWorld();
        var second = await other.StartAsync(Alice);
        second.Cancel();
        second.Interrupt();
        (await other.Sittings.RunAsync(second)).ShouldBe(RunEnd.Cancelled);
        other.Store.Runs[0].Status.ShouldBe(RunStatus.Cancelled);
    }

    [Fact]
    public async Task ARunGoesOnInTimesAfterItsLastStepAlsoIfThatWasRefusedAndTheClockWasSetBack()
    {
        var (run, late) = (SittingsWorld.FirstRunOf(Alice), FakeTime.Noon.AddMinutes(30));
        var refused = new Outcome.Refused(new TelegramError(406, "CHANNEL_PRIVATE"));
        var hold = await world.Store.BegunAsync(run);
        await world.Store.RememberAsync(hold, new Step(1, FourActions[0], refused, FakeTime.Noon, late));

        var resumed = (await world.Restarted().LeftOpen.ResumeAsync(cancellation: Cancellation)).Single().Sitting.ShouldNotBeNull();
        await world.Clock.RunAsync(world.Sittings.RunAsync(resumed));

        world.Store.Runs[0].Steps.ShouldAllBe(step => step.EndedAt >= late);
        world.Store.Runs[0].EndedAt.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(late);
    }

    private async Task InterruptedAsync()
    {
        var sitting = await world.StartAsync(Alice);
        var running = world.Sittings.RunAsync(sitting);
        await world.StepsAsync(sitting, 1);
        await world.Path.Runs.StopAsync();
        await running;
        world.Restarted();
    }
}
