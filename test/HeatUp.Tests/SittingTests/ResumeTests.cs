using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;
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

        await world.Sittings.StopAsync();

        (await running).ShouldBe(RunEnd.Stopping);
        (await world.Sittings.StartAsync(Bob, Cancellation)).ShouldBeOfType<SittingStart.Stopping>();
        (world.Store.Runs[0].Status, world.Store.Runs[0].Steps.Count).ShouldBe((RunStatus.Running, 2));

        world.Clock.Advance(TimeSpan.FromMinutes(10));
        var resumptions = await world.Restarted().ResumeAsync(cancellation: Cancellation);
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

        var resumed = (await world.Sittings.ResumeAsync(cancellation: Cancellation)).Single().Sitting!;

        (await world.Sittings.StartAsync(Alice, Cancellation)).ShouldBe(new SittingStart.AlreadyRunning(resumed.Id));
        (await world.Sittings.ResumeAsync(cancellation: Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task ARunThatIsTooOldIsClosed()
    {
        await InterruptedAsync();
        world.Clock.Advance(RunLimits.ResumeWithin + TimeSpan.FromSeconds(1));

        var (run, sitting) = (await world.Sittings.ResumeAsync(cancellation: Cancellation)).Single();

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
        await world.Store.BeginAsync(run, Cancellation);
        await world.Store.RememberAsync(run.Id, Alice, new Step(1, FourActions[0], wait, FakeTime.Noon, FakeTime.Noon));

        var (found, sitting) = (await world.Restarted().ResumeAsync(cancellation: Cancellation)).Single();

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

        var resumed = (await world.Restarted().ResumeAsync(cancellation: Cancellation)).Single().Sitting!;

        (await world.Sittings.RunAsync(resumed)).ShouldBe(RunEnd.Completed);
        world.Store.Runs[0].Steps.Count.ShouldBe(4);
    }

    [Fact]
    public async Task ARunThatCouldNotBeTakenUpIsTriedAgainAndHoldsNoStopUp()
    {
        await world.Store.BeginAsync(SittingsWorld.FirstRunOf(Alice), Cancellation);
        await world.Store.BeginAsync(SittingsWorld.FirstRunOf(Bob), Cancellation);
        var sittings = world.Restarted();
        var recalls = 0;
        world.Store.Fails = call => call == "recall" && ++recalls == 2;

        var first = (await sittings.ResumeAsync(cancellation: Cancellation)).ShouldHaveSingleItem().Sitting.ShouldNotBeNull();
        var second = (await sittings.ResumeAsync(cancellation: Cancellation)).ShouldHaveSingleItem().Sitting.ShouldNotBeNull();

        new[] { first.Session, second.Session }.ShouldBe([Alice, Bob], ignoreOrder: true);
        var both = Task.WhenAll(sittings.RunAsync(first), sittings.RunAsync(second));
        await world.Clock.RunAsync(sittings.StopAsync());
        await both;
    }

    [Fact]
    public async Task ARunWaitsWhileItsSessionIsBeingPlanned()
    {
        await world.Store.BeginAsync(SittingsWorld.FirstRunOf(Alice), Cancellation);
        var sittings = world.Restarted();
        var planned = new TaskCompletionSource();
        world.Planner.OnRequest = _ => planned.Task;
        var starting = sittings.StartAsync(Alice, Cancellation).AsTask();

        (await sittings.ResumeAsync(cancellation: Cancellation)).ShouldBeEmpty();
        planned.SetResult();
        (await starting).ShouldBeOfType<SittingStart.AlreadyRunning>();

        (await sittings.ResumeAsync(cancellation: Cancellation)).ShouldHaveSingleItem().Sitting.ShouldNotBeNull();
    }

    [Fact]
    public async Task AnEndThatCouldNotBeWrittenIsWrittenAtTheStop()
    {
        var sitting = await world.StartAsync(Alice);
        sitting.Cancel();
        world.Store.Fails = call => call == "end";
        await world.Clock.RunAsync(world.Sittings.RunAsync(sitting));
        world.Sittings.WithUnwrittenEnd(world.Store.Runs[0]).Status.ShouldBe(RunStatus.Cancelled);
        world.Store.Fails = _ => false;

        await world.Sittings.StopAsync();

        world.Store.Runs[0].End.ShouldBe(RunEnd.Cancelled);
    }

    [Fact]
    public async Task AStopDoesNotWaitForAPlan()
    {
        var asked = new TaskCompletionSource();
        var sittings = new Sittings(
            world.Store, new EndlessPlanner(asked), null!, new SittingCoordinator(10),
            () => HeatUp.Channels.ChannelPool.VerifiedOnly, world.Clock, new Seed(7), world.Log);
        var starting = sittings.StartAsync(Alice, Cancellation).AsTask();
        await asked.Task;

        await sittings.StopAsync();

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
    public async Task WhatFindsNoRoomIsClosed()
    {
        var crowded = new SittingsWorld(sittingsMax: 2);
        foreach (var session in new[] { Alice, Bob })
            _ = crowded.Sittings.RunAsync(await crowded.StartAsync(session));
        // Both joins are on their way, and are waited for.
        await crowded.Clock.RunAsync(crowded.Sittings.StopAsync());
        var smaller = new SittingCoordinator(1);
        crowded.Restarted();
        await smaller.ClaimAsync(SessionId.Parse("carol"), RunId.For(new Seed(9), Bob, 1, FakeTime.Noon), Cancellation);
        var runner = new Runner(new ScriptedTelegram(crowded.Clock), crowded.Clock, Pace.None, new Seed(7));
        var sittings = new Sittings(
            crowded.Store, crowded.Planner, runner,
            smaller, () => HeatUp.Channels.ChannelPool.VerifiedOnly, crowded.Clock, new Seed(7), crowded.Log);

        (await sittings.ResumeAsync(cancellation: Cancellation)).ShouldAllBe(resumption => resumption.Sitting == null);
        crowded.Store.Runs.ShouldAllBe(run => run.End == RunEnd.NoRoom);
    }

    [Fact]
    public async Task WhoCancelledHasTheLastWordOverAStop()
    {
        var sitting = await world.StartAsync(Alice);
        var running = world.Sittings.RunAsync(sitting);
        await world.StepsAsync(sitting, 1);
        // The read is on its way; both reach it there.
        var stopping = world.Sittings.StopAsync();
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
        await world.Store.BeginAsync(run, Cancellation);
        await world.Store.RememberAsync(run.Id, Alice, new Step(1, FourActions[0], refused, FakeTime.Noon, late));

        var resumed = (await world.Restarted().ResumeAsync(cancellation: Cancellation)).Single().Sitting.ShouldNotBeNull();
        await world.Clock.RunAsync(world.Sittings.RunAsync(resumed));

        world.Store.Runs[0].Steps.ShouldAllBe(step => step.EndedAt >= late);
        world.Store.Runs[0].EndedAt.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(late);
    }

    private async Task InterruptedAsync()
    {
        var sitting = await world.StartAsync(Alice);
        var running = world.Sittings.RunAsync(sitting);
        await world.StepsAsync(sitting, 1);
        await world.Sittings.StopAsync();
        await running;
        world.Restarted();
    }
}
