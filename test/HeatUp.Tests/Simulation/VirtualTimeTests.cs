using HeatUp.Runs;
using HeatUp.Simulations;

namespace HeatUp.Tests.Simulation;

public sealed class VirtualTimeTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    private readonly List<string> happened = [];
    private readonly VirtualTime time;

    public VirtualTimeTests() => time = new VirtualTime(Start, session => Note($"visit {session}"));

    [Fact]
    public void WhatIsDueHappensInTheOrderOfTimeAndTakesNone()
    {
        time.Visit(1, Start.AddDays(20));
        time.Visit(2, Start.AddHours(1));
        time.CreateTimer(_ => Note("timer"), null, TimeSpan.FromDays(3), Timeout.InfiniteTimeSpan);

        time.RunUntil(long.MaxValue).ShouldBeTrue();

        happened.ShouldBe(["0.01:00 visit 2", "3.00:00 timer", "20.00:00 visit 1"]);
    }

    [Fact]
    public void WhatWaitsGoesOnBeforeAVisitOfTheSameTime()
    {
        time.Visit(1, Start.AddHours(1));
        time.CreateTimer(_ => Note("timer"), null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);

        time.RunUntil(long.MaxValue).ShouldBeTrue();

        happened.ShouldBe(["0.01:00 timer", "0.01:00 visit 1"]);
    }

    [Fact]
    public void NothingHappensAtOrAfterTheEnd()
    {
        time.Visit(1, Start.AddHours(1));
        time.Visit(2, Start.AddHours(2));

        time.RunUntil(Start.AddHours(2).UtcTicks).ShouldBeTrue();

        happened.ShouldBe(["0.01:00 visit 1"]);
    }

    [Fact]
    public void AnAwaitedDelayGoesOnAtItsTimeBetweenTheOthers()
    {
        Begin(async () =>
        {
            await time.Delay(TimeSpan.FromHours(5), CancellationToken.None);
            Note("rested");
            await Task.Yield();
            Note("went on");
        });
        time.Visit(1, Start.AddHours(4));
        time.Visit(2, Start.AddHours(6));

        time.RunUntil(long.MaxValue);

        happened.ShouldBe(["0.04:00 visit 1", "0.05:00 rested", "0.05:00 went on", "0.06:00 visit 2"]);
    }

    [Fact]
    public void ATimerThatIsSetAnewFiresOnceAndOneThatIsDisposedNever()
    {
        var moved = time.CreateTimer(_ => Note("moved"), null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        moved.Change(TimeSpan.FromHours(3), Timeout.InfiniteTimeSpan);
        time.CreateTimer(_ => Note("disposed"), null, TimeSpan.FromHours(2), Timeout.InfiniteTimeSpan).Dispose();

        time.RunUntil(long.MaxValue);

        happened.ShouldBe(["0.03:00 moved"]);
    }

    [Fact]
    public void APeriodicTimerFiresUntilItIsDisposed()
    {
        var ticks = 0;
        var timer = default(ITimer);
        timer = time.CreateTimer(_ => { if (++ticks == 3) timer!.Dispose(); }, null, TimeSpan.Zero, TimeSpan.FromDays(1));

        time.RunUntil(long.MaxValue);

        (ticks, time.GetUtcNow()).ShouldBe((3, Start.AddDays(2)));
    }

    [Fact]
    public void WhoeverAsksTheOutsideGoesOnAtTheTimeOfTheQuestionWhileOthersLive()
    {
        var answer = new TaskCompletionSource<string>();
        using var returned = new ManualResetEventSlim();
        time.Returned = returned.Set;
        Begin(async () =>
        {
            Note(await time.OutsideAsync(() => answer.Task));
            await time.Delay(TimeSpan.FromMinutes(1), CancellationToken.None);
            Note("after");
        });
        time.Visit(1, Start.AddHours(4));

        time.RunUntil(long.MaxValue).ShouldBeFalse("it waits for the outside");
        time.Settled.ShouldBe(Start.UtcTicks, "whoever asked then goes on then");
        answer.SetResult("answer");
        returned.Wait(TestContext.Current.CancellationToken);
        time.RunUntil(long.MaxValue).ShouldBeTrue();

        happened.ShouldBe(["0.04:00 visit 1", "0.00:00 answer", "0.00:01 after"]);
        time.Settled.ShouldBe(long.MaxValue);
    }

    [Fact]
    public void NobodyElseIsVisitedWhileAsManyWaitForTheOutsideAsMay()
    {
        var crowd = new VirtualTime(Start, session => Note($"visit {session}")) { OutsideMax = 1 };
        var answer = new TaskCompletionSource<string>();
        using var returned = new ManualResetEventSlim();
        crowd.Returned = returned.Set;
        _ = crowd.OutsideAsync(() => answer.Task);
        crowd.Visit(1, Start.AddHours(1));
        crowd.CreateTimer(_ => Note("timer"), null, TimeSpan.FromHours(2), Timeout.InfiniteTimeSpan);

        crowd.RunUntil(long.MaxValue).ShouldBeFalse();
        happened.Count.ShouldBe(1, "who is there already goes on");
        answer.SetResult("answer");
        returned.Wait(TestContext.Current.CancellationToken);
        crowd.RunUntil(long.MaxValue).ShouldBeTrue();

        happened.Select(line => line[(line.IndexOf(' ') + 1)..]).ShouldBe(["timer", "visit 1"]);
    }

    [Fact]
    public void AFailureOutsideIsThrownToWhoeverAsked()
    {
        Begin(async () =>
        {
            try { await time.OutsideAsync<int>(() => throw new TimeoutException("slow")); }
            catch (TimeoutException slow) { Note(slow.Message); }
        });

        SpinWait.SpinUntil(() => time.RunUntil(long.MaxValue), TimeSpan.FromSeconds(60)).ShouldBeTrue();

        happened.ShouldBe(["0.00:00 slow"]);
    }

    [Fact]
    public void AFaultEndsTheRun()
    {
        time.Visit(1, Start.AddHours(1));
        time.Fail(new InvalidDataException("broken"));

        Should.Throw<InvalidOperationException>(() => time.RunUntil(long.MaxValue))
            .InnerException.ShouldBeOfType<InvalidDataException>();
    }

    /// <summary>Begins something in the context of the clock.</summary>
    private void Begin(Func<Task> work) =>
        time.CreateTimer(_ => _ = work(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);

    private void Note(string what) => happened.Add($@"{time.GetUtcNow() - Start:d\.hh\:mm} {what}");
}
