using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Tests.Sessions;
using HeatUp.Tests.Support;
using static HeatUp.Tests.SittingTests.SittingsWorld;

namespace HeatUp.Tests.SittingTests;

public sealed class SittingsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheSecondSittingKnowsTheFirst()
    {
        var aBreak = new Idle(TimeSpan.FromSeconds(2), "");
        var world = new SittingsWorld(request => request.Past.HasJoined(Durov)
            ? [aBreak, new ReadMessages(Durov, TimeSpan.FromSeconds(30), ""), aBreak]
            : FourActions);

        var first = await world.LiveAsync(Alice);
        world.Clock.Advance(TimeSpan.FromDays(3));
        var second = await world.LiveAsync(Alice);

        (first.Sitting, first.Status, first.Steps.Count).ShouldBe((1, RunStatus.Completed, 4));
        (second.Sitting, second.Status, second.Steps.Count).ShouldBe((2, RunStatus.Completed, 3));
        world.Planner.Requests[0].Past.IsNew.ShouldBeTrue();
        var past = world.Planner.Requests[1].Past;
        (past.TotalActions, past.LastActivity, past.HasJoined(Durov)).ShouldBe((4, first.Steps[^1].EndedAt, true));
        second.Steps[1].Outcome.ShouldBeOfType<Outcome.Done>().PostsRead.ShouldBeGreaterThan(0);
        world.Store.Runs.ShouldAllBe(run => run.Status == RunStatus.Completed);
    }

    [Fact]
    public async Task EachStepIsRememberedBeforeTheNextBegins()
    {
        var world = new SittingsWorld();
        var sitting = await world.StartAsync(Alice);
        var running = world.Sittings.RunAsync(sitting);

        for (var count = 1; count <= 4; count++)
        {
            await world.StepsAsync(sitting, count);
            world.Store.Runs[0].Steps.Select(step => step.Number).ShouldBe(Enumerable.Range(1, count));
        }
        (await world.Clock.RunAsync(running)).ShouldBe(RunEnd.Completed);
    }

    [Fact]
    public async Task AStepThatCannotBeRememberedEndsTheSittingAndTheEndIsWrittenLater()
    {
        var world = new SittingsWorld();
        world.Store.Fails = call => call is "remember" or "end";

        var run = await world.LiveAsync(Alice);

        (run.Status, run.End!.Code, run.Steps.Count).ShouldBe((RunStatus.Failed, EndCode.NotRemembered, 0));
        run.End.Detail.ShouldBe(
            "A step could not be remembered, so the sitting stops here. The disk is full (remember).");
        world.Store.Runs[0].End.ShouldBeNull();

        world.Store.Fails = _ => false;
        (await world.StartAsync(Alice)).Number.ShouldBe(2);
        world.Store.Runs[0].End.ShouldBe(run.End);
        world.Store.Runs[0].EndedAt.ShouldBe(run.EndedAt);
    }

    [Fact]
    public async Task AnUnwrittenEndIsWrittenWithTheNextEndOfAnySession()
    {
        var world = new SittingsWorld();
        world.Store.Fails = call => call is "end";
        var run = await world.LiveAsync(Alice);
        world.Store.Fails = _ => false;

        await world.LiveAsync(Bob);

        world.Store.Runs.Single(record => record.Session == Alice).End.ShouldBe(run.End);
    }

    [Fact]
    public async Task AsLongAsItsEndCannotBeWrittenTheSessionsRunIsInTheWay()
    {
        var world = new SittingsWorld();
        world.Store.Fails = call => call is "end";
        await world.LiveAsync(Alice);

        await Should.ThrowAsync<HeatUp.Sessions.StoreException>(
            world.Sittings.StartAsync(Alice, Cancellation).AsTask());
        world.Store.Fails = _ => false;
        (await world.StartAsync(Alice)).Number.ShouldBe(2);
    }

    [Fact]
    public async Task ASecondStartGetsTheRunningOne()
    {
        var world = new SittingsWorld();
        var sitting = await world.StartAsync(Alice);

        (await world.Sittings.StartAsync(Alice, Cancellation)).ShouldBe(new SittingStart.AlreadyRunning(sitting.Id));
        world.Path.Claims.Find(sitting.Id).ShouldBe(sitting);
        await world.Clock.RunAsync(world.Sittings.RunAsync(sitting));
        world.Path.Claims.Find(sitting.Id).ShouldBeNull();
        (await world.StartAsync(Alice)).Number.ShouldBe(2);
    }

    [Fact]
    public async Task OfManyStartsAtOneInstantOneBegins()
    {
        var world = new SittingsWorld();
        var planned = new TaskCompletionSource();
        world.Planner.OnRequest = _ => planned.Task;

        var starts = Enumerable.Range(0, 20)
            .Select(_ => world.Sittings.StartAsync(Alice, Cancellation).AsTask()).ToList();
        planned.SetResult();
        var answers = await Task.WhenAll(starts);

        var begun = answers.OfType<SittingStart.Started>().Single().Sitting;
        answers.Count(answer => answer == new SittingStart.AlreadyRunning(begun.Id)).ShouldBe(19);
        world.Planner.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task TooManyAreToldSo()
    {
        var world = new SittingsWorld(sittingsMax: 1);
        var sitting = await world.StartAsync(Alice);

        (await world.Sittings.StartAsync(Bob, Cancellation)).ShouldBeOfType<SittingStart.TooMany>();
        await world.Clock.RunAsync(world.Sittings.RunAsync(sitting));
        await world.StartAsync(Bob);
    }

    [Fact]
    public async Task AStaleRecollectionIsPlannedAnew()
    {
        var world = new SittingsWorld();
        world.Planner.OnRequest = async request =>
        {
            // Another process has a whole sitting of the session while this one plans.
            if (request.Past.Sittings > 0) return;
            var run = FirstRunOf(Alice);
            var hold = await world.Store.BegunAsync(run);
            await world.Store.EndAsync(hold, RunEnd.Completed, FakeTime.Noon);
        };

        (await world.StartAsync(Alice)).Number.ShouldBe(2);
        world.Planner.Requests.Select(request => request.Past.Sittings).ShouldBe([0, 1]);
    }

    [Fact]
    public async Task AStartThatIsGivenUpBeginsNothing()
    {
        var world = new SittingsWorld();
        using var cancel = new CancellationTokenSource();
        world.Planner.OnRequest = _ => cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(world.Sittings.StartAsync(Alice, cancel.Token).AsTask());

        world.Store.Runs.ShouldBeEmpty();
        world.Planner.OnRequest = _ => Task.CompletedTask;
        await world.StartAsync(Alice);
    }

    [Fact]
    public async Task CancellingKeepsWhatWasDone()
    {
        var world = new SittingsWorld();
        var sitting = await world.StartAsync(Alice);
        var running = world.Sittings.RunAsync(sitting);
        await world.StepsAsync(sitting, 2);
        sitting.Cancel();

        (await running).ShouldBe(RunEnd.Cancelled);
        (world.Store.Runs[0].Status, world.Store.Runs[0].Steps.Count).ShouldBe((RunStatus.Cancelled, 2));
        (await world.StartAsync(Alice)).Number.ShouldBe(2);
    }

    [Fact]
    public async Task ASittingCanBeRunOnce()
    {
        var world = new SittingsWorld();
        var sitting = await world.StartAsync(Alice);
        var running = world.Sittings.RunAsync(sitting);

        await Should.ThrowAsync<InvalidOperationException>(world.Sittings.RunAsync(sitting));

        (await world.Clock.RunAsync(running)).ShouldBe(RunEnd.Completed);
        world.Store.Runs[0].Status.ShouldBe(RunStatus.Completed);
    }

    [Fact]
    public async Task WhenTheClockIsSetBackRememberedTimeDoesNotRunBackwards()
    {
        var clock = new SetBackClock(FakeTime.Noon);
        var world = new SittingsWorld();
        var telegram = new ScriptedTelegram(clock) { OnAsked = _ => clock.SetBack(TimeSpan.FromHours(1)) };
        var runner = new Runner(telegram, clock, Pace.None, new Seed(7));
        var sittings = new SittingPath(world.Store, world.Planner, runner, clock, log: world.Log).Sittings;

        for (var sitting = 0; sitting < 2; sitting++)
            await sittings.RunAsync(((SittingStart.Started)await sittings.StartAsync(Alice, Cancellation)).Sitting);

        var times = world.Store.Runs.SelectMany(run => run.Steps)
            .SelectMany(step => new[] { step.StartedAt, step.EndedAt }).ToList();
        times.ShouldBe(times.Order());
        times.Count.ShouldBe(16);
        world.Store.Runs[1].EndedAt.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(times[^1]);
    }

    [Fact]
    public async Task ASittingAfterTheClockWasSetBackBeginsNotBeforeTheLastAction()
    {
        var world = new SittingsWorld();
        var (early, late) = (SittingsWorld.FirstRunOf(Alice), FakeTime.Noon.AddHours(1));
        var hold = await world.Store.BegunAsync(early);
        await world.Store.RememberAsync(
            hold, new Step(1, SittingsWorld.FourActions[0], Outcome.Done.Plain, FakeTime.Noon, late));
        await world.Store.EndAsync(hold, RunEnd.Cancelled, late);

        (await world.StartAsync(Alice)).Snapshot().StartedAt.ShouldBe(late);
    }

    [Fact]
    public async Task ASittingWhoseBeginningFailedIsNotInTheWayAlthoughTheStoreHasIt()
    {
        var world = new SittingsWorld();
        world.Store.FailsAfterwards = _ => true;
        await Should.ThrowAsync<HeatUp.Sessions.StoreException>(
            world.Sittings.StartAsync(Alice, Cancellation).AsTask());
        world.Store.FailsAfterwards = _ => false;
        world.Clock.Advance(TimeSpan.FromSeconds(1));

        (await world.StartAsync(Alice)).Number.ShouldBe(2);

        world.Store.Runs[0].End.ShouldBe(RunEnd.NotBegun);
    }

    [Fact]
    public async Task ASittingWhoseBeginningFailedCanBeginAtTheSameInstant()
    {
        var world = new SittingsWorld();
        world.Store.Fails = call => call == "begin";
        await Should.ThrowAsync<HeatUp.Sessions.StoreException>(
            world.Sittings.StartAsync(Alice, Cancellation).AsTask());
        world.Store.Fails = _ => false;

        var sitting = await world.StartAsync(Alice);
        await world.LiveAsync(Bob);

        sitting.Number.ShouldBe(1);
        world.Store.Runs[0].End.ShouldBeNull("what ends with Bob's sitting is not the run of the second try");
    }

    [Fact]
    public async Task AFaultInTheProgramEndsTheSittingWithItsStatus()
    {
        var world = new SittingsWorld();
        var sitting = await world.StartAsync(Alice);
        world.Store.Fails = call => call == "remember" ? throw new InvalidCastException("oops") : false;

        var end = await world.Clock.RunAsync(world.Sittings.RunAsync(sitting));

        (end.Code, end.Detail).ShouldBe((EndCode.Fault, "A fault in Heat Up: oops"));
        world.Store.Runs[0].End.ShouldBe(end);
        world.Log.LatestRecord.Message.ShouldContain("alice");
    }

    private sealed class SetBackClock(DateTimeOffset now) : TimeProvider
    {
        private DateTimeOffset now = now;

        public void SetBack(TimeSpan time) => now -= time;

        public override DateTimeOffset GetUtcNow() => now;
    }
}
