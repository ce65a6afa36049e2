using System.Collections.Concurrent;

namespace HeatUp.Tests.Support;

/// <summary>
/// A clock on which waits up to a bound are over at once, and longer ones never: for code that talks to real sockets,
/// where a test can't know when to move the time. Remembers the waits that it cut short.
/// </summary>
internal sealed class ImpatientTime(DateTimeOffset now, TimeSpan bound) : TimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> waits = new();

    /// <summary>The waits that were asked for and over at once, the oldest first.</summary>
    public IReadOnlyCollection<TimeSpan> Waits => waits;

    /// <summary>The time, which stands still until it is set.</summary>
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < TimeSpan.Zero || dueTime > bound) return new Never();
        waits.Enqueue(dueTime);
        return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private sealed class Never : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() { }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
