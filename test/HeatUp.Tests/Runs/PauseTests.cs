using HeatUp.Runs;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.Runs;

public sealed class PauseTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider clock = new();
    private readonly CancellationTokenSource source = new();
    private readonly Pause pause;

    public PauseTests() => pause = new Pause(clock);

    public void Dispose()
    {
        pause.Dispose();
        source.Dispose();
    }

    [Fact]
    public void EachWaitTakesItsTime()
    {
        foreach (var time in new[] { Second, 3 * Second, 2 * Second })
        {
            var waiting = Let(time, source.Token);
            clock.Advance(time - TimeSpan.FromMilliseconds(1));
            waiting.IsCompleted.ShouldBeFalse();
            clock.Advance(TimeSpan.FromMilliseconds(1));
            waiting.IsCompletedSuccessfully.ShouldBeTrue();
        }
    }

    [Fact]
    public void NoTimeIsNoWait()
    {
        Let(TimeSpan.Zero, source.Token).IsCompletedSuccessfully.ShouldBeTrue();
        Let(-Second, source.Token).IsCompletedSuccessfully.ShouldBeTrue();
        Let(TimeSpan.FromMicroseconds(999), source.Token).IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public void ACancelledWaitEndsAtOnceAndThrowsNothing()
    {
        var waiting = Let(Second, source.Token);

        source.Cancel();

        waiting.IsCompletedSuccessfully.ShouldBeTrue();
        Let(Second, source.Token).IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public void TheAlarmOfACancelledWaitDoesNotEndTheNext()
    {
        _ = Let(Second, source.Token);
        source.Cancel();

        var next = Let(5 * Second, CancellationToken.None);
        clock.Advance(2 * Second);

        next.IsCompleted.ShouldBeFalse();
        clock.Advance(3 * Second);
        next.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public void OnlyTheTokenOfTheWaitEndsIt()
    {
        _ = Let(Second, source.Token);
        clock.Advance(Second);

        var uncallable = Let(Second, CancellationToken.None);
        source.Cancel();

        uncallable.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public void AWaitThatHearsNoTokenLeavesTheNextOneItsOwn()
    {
        _ = Let(Second, source.Token);
        clock.Advance(Second);
        _ = Let(Second, CancellationToken.None);
        clock.Advance(Second);

        var waiting = Let(Second, source.Token);
        waiting.IsCompleted.ShouldBeFalse();
        source.Cancel();

        waiting.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public void TheSameAlarmIsSetAgainForEachWait()
    {
        var counting = new CountingTime();
        using var own = new Pause(counting);

        for (var i = 0; i < 10; i++) own.Delay(Second, source.Token).AsTask().IsCompletedSuccessfully.ShouldBeTrue();

        counting.Timers.ShouldBe(1);
    }

    private Task Let(TimeSpan time, CancellationToken cancellation) => pause.Delay(time, cancellation).AsTask();

    /// <summary>A clock whose timers ring as soon as they are set.</summary>
    private sealed class CountingTime : TimeProvider
    {
        public int Timers { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Timers++;
            return new AtOnce(callback, state);
        }

        private sealed class AtOnce(TimerCallback callback, object? state) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                callback(state);
                return true;
            }

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
