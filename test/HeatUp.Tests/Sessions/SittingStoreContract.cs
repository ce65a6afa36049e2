using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;
using static HeatUp.Tests.Sessions.Remembered;

namespace HeatUp.Tests.Sessions;

/// <summary>What the path needs of every store. A subclass says how its processes start and end.</summary>
public abstract class SittingStoreContract
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A new process on the same memory.</summary>
    protected abstract Task<ISittingStore> StartAsync();

    /// <summary>A process is gone, and leaves its runs open.</summary>
    protected abstract Task KillAsync(ISittingStore process);

    /// <summary>A process sleeps for so long that the others take it for gone.</summary>
    protected abstract Task PutToSleepAsync(ISittingStore process);

    /// <summary>A session of this number.</summary>
    protected virtual SessionId Session(int number) => SessionId.Parse($"s{number}");

    private SessionId First => Session(1);

    private SessionId Second => Session(2);

    [Fact]
    public async Task NothingIsRecalledOfANewSession() =>
        (await (await StartAsync()).RecallAsync(First, Cancellation)).ShouldBeEquivalentTo(Recollection.OfNobody(First));

    [Fact]
    public async Task TheNextPlanIsToldOfThePast()
    {
        var store = await StartAsync();
        await store.SitAsync(First, 1, Noon, Join("@durov"), Read("@durov"), Idle(), Idle(), Idle(), Idle());

        var past = await store.RecallAsync(First, Cancellation);

        (past.NextSitting, past.TotalActions, past.LastActivity, past.IsNew).ShouldBe((2, 6, Noon.AddSeconds(6), false));
        past.Joined.ShouldBe([new Membership(((JoinChannel)Join("@durov")).Channel, Noon.AddSeconds(1), Noon.AddSeconds(2))]);
        past.Recent.Select(action => action.Kind).ShouldBe(["idle", "idle", "idle", "idle", "read_messages"]);
    }

    [Fact]
    public async Task WhatWasRefusedIsNotOfThePast()
    {
        var store = await StartAsync();
        var run = await store.LiveAsync(First, 1, Noon);
        await store.RememberAsync(run.Hold, Step(1, Join("@durov"), new Outcome.Refused(new(400, "CHANNEL_PRIVATE"))));

        var past = await store.RecallAsync(First, Cancellation);

        (past.TotalActions, past.Joined.Count, past.Sittings).ShouldBe((0, 0, 1));
    }

    [Fact]
    public async Task ASessionHasOneOpenRunAtATime()
    {
        var store = await StartAsync();
        var run = await store.LiveAsync(First, 1, Noon);

        (await store.BeginAsync(Run(First, 2), Cancellation)).ShouldBe(Beginning.AlreadyRunning(run.Id));
        (await store.EndAsync(run.Hold, RunEnd.Cancelled, Noon)).ShouldBeTrue();
        (await store.BeginAsync(Run(First, 2), Cancellation)).Kind.ShouldBe(BeginningKind.Begun);
    }

    [Fact]
    public async Task APlanOfAnOldRecollectionCannotBegin()
    {
        var store = await StartAsync();
        await store.SitAsync(First, 1, Noon);

        (await store.BeginAsync(Run(First, 1, Noon.AddHours(1)), Cancellation)).ShouldBe(Beginning.Stale);
        (await store.BeginAsync(Run(First, 3, Noon.AddHours(1)), Cancellation)).ShouldBe(Beginning.Stale);
        (await store.RecallAsync(First, Cancellation)).Sittings.ShouldBe(1, "what didn't begin isn't counted");
    }

    [Fact]
    public async Task ABeginningGivesAHoldOfTheRun()
    {
        var run = Run(First);

        var hold = (await (await StartAsync()).BeginAsync(run, Cancellation)).Hold;

        (hold.Run, hold.Session, hold.Epoch).ShouldBe((run.Id, First, 1));
    }

    [Fact]
    public async Task AStepIsRememberedOnce()
    {
        var store = await StartAsync();
        var run = await store.LiveAsync(First, 1, Noon, Idle());

        (await Should.ThrowAsync<StoreException>(async () => await store.RememberAsync(run.Hold, Done(1, Idle()))))
            .Message.ShouldContain("remembered already");
        (await store.RecallAsync(First, Cancellation)).TotalActions.ShouldBe(1);
    }

    [Fact]
    public async Task NothingIsRememberedOfARunThatHasEnded()
    {
        var store = await StartAsync();
        var run = await store.SitAsync(First, 1, Noon);

        (await store.RememberAsync(run.Hold, Done(1, Idle()))).ShouldBeFalse();
        (await store.RecallAsync(First, Cancellation)).TotalActions.ShouldBe(0);
    }

    [Fact]
    public async Task ALateWriterWritesNothingIntoARunThatAnotherHasTaken()
    {
        var late = await StartAsync();
        var run = await late.LiveAsync(First, 1, Noon, Idle());
        await PutToSleepAsync(late);
        var other = await StartAsync();
        var taken = (await other.TakeOverAsync(Holding(), Cancellation)).ShouldHaveSingleItem();

        (await late.RememberAsync(run.Hold, Done(2, Idle()))).ShouldBeFalse();
        (await late.EndAsync(run.Hold, RunEnd.Cancelled, Noon.AddMinutes(1))).ShouldBeFalse();

        (await other.RecallAsync(First, Cancellation)).TotalActions.ShouldBe(1);
        (await other.RememberAsync(taken.Hold, Done(2, Idle()))).ShouldBeTrue();
        (await other.EndAsync(taken.Hold, RunEnd.Completed, Noon.AddMinutes(2))).ShouldBeTrue();
        (await late.EndAsync(run.Hold, RunEnd.Cancelled, Noon.AddMinutes(3))).ShouldBeFalse();
        (await other.RecallAsync(First, Cancellation)).TotalActions.ShouldBe(2);
    }

    [Fact]
    public async Task ARecollectionTellsOfASittingThatGoesOnSinceItDoesNotKnowAllOfIt()
    {
        var store = await StartAsync();
        var run = await store.LiveAsync(First, 1, Noon, Idle());
        (await store.RecallAsync(First, Cancellation)).Running.ShouldBe(run.Id);

        await store.EndAsync(run.Hold, RunEnd.Completed, Noon.AddMinutes(2));

        (await store.RecallAsync(First, Cancellation)).Running.ShouldBeNull();
    }

    [Fact]
    public async Task OfSeveralTakersOneGoesOn()
    {
        var gone = await StartAsync();
        await gone.LiveAsync(First, 1, Noon, Idle());
        await KillAsync(gone);

        var takers = new[] { await StartAsync(), await StartAsync(), await StartAsync() };
        var taken = await Task.WhenAll(takers.Select(
            async taker => (Taker: taker, Runs: await taker.TakeOverAsync(Holding(), Cancellation))));

        var written = 0;
        foreach (var (taker, runs) in taken)
            foreach (var (run, hold) in runs)
                if (await taker.RememberAsync(hold, Done(run.Steps.Count + 1, Idle())))
                    written++;
        written.ShouldBe(1);
        (await takers[0].RecallAsync(First, Cancellation)).TotalActions.ShouldBe(2);
    }

    [Fact]
    public async Task ASleeperThatWakesHasLostItsRunAndCanHaveOthers()
    {
        var sleeper = await StartAsync();
        var lost = await sleeper.LiveAsync(First, 1, Noon);
        await PutToSleepAsync(sleeper);
        var other = await StartAsync();
        await other.TakeOverAsync(Holding(), Cancellation);

        (await sleeper.RememberAsync(lost.Hold, Done(1, Idle()))).ShouldBeFalse();
        var run = await sleeper.LiveAsync(Second, 1, Noon, Idle());

        (await other.TakeOverAsync(Holding(lost.Id, run.Id), Cancellation)).ShouldBeEmpty("the sleeper is awake");
        (await sleeper.EndAsync(run.Hold, RunEnd.Completed, Noon)).ShouldBeTrue();
    }

    [Fact]
    public async Task ARunIsTakenOverWithItsPlanItsStepsAndAnEpochMore()
    {
        var gone = await StartAsync();
        var run = await gone.LiveAsync(First, 1, Noon, Join("@durov"), Idle());
        await KillAsync(gone);

        var taken = (await (await StartAsync()).TakeOverAsync(Holding(), Cancellation)).ShouldHaveSingleItem();

        taken.Run.Id.ShouldBe(run.Id);
        taken.Run.Plan.Actions.ShouldBe(run.Run.Plan.Actions);
        taken.Run.Steps.Select(step => step.Number).ShouldBe([1, 2]);
        (taken.Run.Sitting, taken.Run.StartedAt, taken.Run.End).ShouldBe((1, Noon, null));
        (taken.Hold.Run, taken.Hold.Session, taken.Hold.Epoch).ShouldBe((run.Id, First, run.Hold.Epoch + 1));
    }

    [Fact]
    public async Task OpenRunsAreTakenOverOldestFirstAndNoMoreThanWereAskedFor()
    {
        var gone = await StartAsync();
        var young = await gone.LiveAsync(First, 1, Noon.AddHours(1));
        var old = await gone.LiveAsync(Second, 1, Noon);
        await gone.SitAsync(Session(3), 1, Noon);
        await KillAsync(gone);

        var heir = await StartAsync();
        var first = (await heir.TakeOverAsync(Holding() with { Most = 1 }, Cancellation)).ShouldHaveSingleItem();
        var then = (await heir.TakeOverAsync(Holding(first.Run.Id), Cancellation)).ShouldHaveSingleItem();

        (first.Run.Id, then.Run.Id).ShouldBe((old.Id, young.Id));
    }

    [Fact]
    public async Task OneSessionsRunIsTakenOverAlone()
    {
        var gone = await StartAsync();
        await gone.LiveAsync(First, 1, Noon);
        var asked = await gone.LiveAsync(Second, 1, Noon);
        await KillAsync(gone);

        var taken = await (await StartAsync()).TakeOverAsync(Holding() with { Session = Second }, Cancellation);

        taken.ShouldHaveSingleItem().Run.Id.ShouldBe(asked.Id);
    }

    [Fact]
    public async Task ARunThatAProcessGoesOnWithStaysItsOwn()
    {
        var living = await StartAsync();
        var run = await living.LiveAsync(First, 1, Noon);

        (await living.TakeOverAsync(Holding(run.Id), Cancellation)).ShouldBeEmpty();
        (await living.RememberAsync(run.Hold, Done(1, Idle()))).ShouldBeTrue();
    }

    [Fact]
    public async Task ARunThatItsProcessDoesNotHoldIsFoundAgain()
    {
        var process = await StartAsync();
        var unacknowledged = await process.LiveAsync(First, 1, Noon);

        var taken = (await process.TakeOverAsync(Holding(), Cancellation)).ShouldHaveSingleItem();
        var again = (await process.TakeOverAsync(Holding(), Cancellation)).ShouldHaveSingleItem();

        (await process.RememberAsync(unacknowledged.Hold, Done(1, Idle()))).ShouldBeFalse();
        (await process.RememberAsync(taken.Hold, Done(1, Idle()))).ShouldBeFalse();
        (await process.RememberAsync(again.Hold, Done(1, Idle()))).ShouldBeTrue();
    }
}
