using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace HeatUp.Simulations;

/// <summary>
/// A clock that stands still while code runs and jumps to the next event when none does: an event queue, and one
/// captured context in which all that waits on it goes on, in one order. The path runs on it unchanged. Calls to the
/// outside world take no virtual time: whoever waits for one goes on at the time at which it asked, while others run
/// on. Not thread-safe but for what comes back from outside: one thread at a time runs it.
/// </summary>
internal sealed class VirtualTime : TimeProvider
{
    // Apart, because all sessions wait to be visited, but only those that sit have timers: few, and often set.
    private readonly PriorityQueue<int, long> visits = new();
    private readonly PriorityQueue<Alarm, long> alarms = new();
    private readonly Queue<(SendOrPostCallback Callback, object? State)> posted = new();
    private readonly ConcurrentQueue<(DateTimeOffset At, long Call, Action GoOn)> returned = new();
    private readonly Context? context;
    private readonly Action<int> visit;
    private Exception? fault;
    private DateTimeOffset now;
    private readonly SortedSet<(long At, long Call)> outside = [];
    private long calls;
    private int thread;

    /// <summary>A clock.</summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="visit">Called for each <see cref="Visit"/>, at its time.</param>
    /// <param name="isInline">Whether what waits goes on at once where its wait ends, without a context that is
    /// captured: a third faster, but only for code that never leaves the going on to the thread pool. What strays from
    /// the thread is found and fails.</param>
    public VirtualTime(DateTimeOffset start, Action<int> visit, bool isInline = false)
    {
        now = start.ToUniversalTime();
        this.visit = visit;
        context = isInline ? null : new Context(this);
    }

    /// <summary>Called, on whatever thread, when something came back from outside.</summary>
    public Action? Returned { get; set; }

    /// <summary>Whether something came back from outside and waits to go on.</summary>
    public bool HasReturned => !returned.IsEmpty;

    /// <summary>
    /// How many events there may be in all; one more ends the run with <see cref="EndlessException"/>, so that code
    /// that goes round in circles is found and doesn't hang. Unbounded unless set.
    /// </summary>
    public long EventsMax { get; set; } = long.MaxValue;

    /// <summary>
    /// How many may wait for the outside before nobody else is visited: more would only hold memory while they wait.
    /// Unbounded unless set.
    /// </summary>
    public int OutsideMax { get; init; } = int.MaxValue;

    /// <summary>How many events there were.</summary>
    public long Events { get; private set; }

    /// <summary>How many events wait for their time.</summary>
    public int Pending => visits.Count + alarms.Count;

    /// <summary>Nothing happens any more before this time, in UTC ticks; for whoever asks between two runs.</summary>
    public long Settled
    {
        get
        {
            if (!alarms.TryPeek(out _, out var settled)) settled = long.MaxValue;
            if (visits.TryPeek(out _, out var visitAt)) settled = Math.Min(settled, visitAt);
            return outside.Count > 0 ? Math.Min(settled, outside.Min.At) : settled;
        }
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        if (thread != 0 && thread != Environment.CurrentManagedThreadId) throw Strayed();
        return now;
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => now.UtcTicks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Plans a visit of a session.</summary>
    public void Visit(int session, DateTimeOffset at) => visits.Enqueue(session, at.UtcTicks);

    /// <summary>Forgets all visits that are planned.</summary>
    public void CancelVisits() => visits.Clear();

    /// <summary>
    /// Runs all events before a time. False if some of what happens before it still waits for the outside: then run
    /// again when it has returned.
    /// </summary>
    public bool RunUntil(long end)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        thread = Environment.CurrentManagedThreadId;
        // Nothing here flows with the calls, and each wait would carry it.
        var flow = ExecutionContext.SuppressFlow();
        try
        {
            while (RunNext(end))
            {
                if (fault is not null) Throw(fault);
                if (++Events > EventsMax) throw new EndlessException(EventsMax);
            }
            return outside.Count == 0;
        }
        finally
        {
            thread = 0;
            flow.Dispose();
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>
    /// Calls the outside world, on no thread of this one. Whoever awaits the answer goes on at the time of the call.
    /// </summary>
    public Task<T> OutsideAsync<T>(Func<Task<T>> call)
    {
        // Continued inline: the loop completes it with its own context current.
        var answer = new TaskCompletionSource<T>();
        var (at, number) = (now, calls++);
        outside.Add((at.UtcTicks, number));
        var calling = Task.Factory.StartNew(
            call, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default).Unwrap();
        calling.ContinueWith(
            answered =>
            {
                returned.Enqueue((at, number, () => answer.SetFromTask(answered)));
                Returned?.Invoke();
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return answer.Task;
    }

    /// <summary>Ends the run with this fault: nothing that a simulated sitting throws is swallowed.</summary>
    public void Fail(Exception failure) => fault ??= failure;

    private static InvalidOperationException Strayed() => new(
        "Something went on outside of virtual time: call the outside world through OutsideAsync.");

    private static void Throw(Exception fault)
    {
        // Nobody's fault, and told as it is.
        if (fault is RecordingException or OperationCanceledException) ExceptionDispatchInfo.Throw(fault);
        throw new InvalidOperationException("A fault in a simulated sitting.", fault);
    }

    private bool RunNext(long end)
    {
        if (posted.TryDequeue(out var post))
        {
            post.Callback(post.State);
            return true;
        }
        if (outside.Count > 0 && returned.TryDequeue(out var back))
        {
            outside.Remove((back.At.UtcTicks, back.Call));
            now = back.At;
            back.GoOn();
            return true;
        }
        if (!alarms.TryPeek(out _, out var alarmAt)) alarmAt = long.MaxValue;
        if (outside.Count >= OutsideMax || !visits.TryPeek(out _, out var visitAt)) visitAt = long.MaxValue;
        if (Math.Min(alarmAt, visitAt) >= end) return false;
        if (alarmAt <= visitAt) Ring(alarms.Dequeue(), alarmAt);
        else Pay(visits.Dequeue(), visitAt);
        return true;
    }

    private void Ring(Alarm alarm, long at)
    {
        if (!alarm.Timer.IsSetAs(alarm.Setting)) return;
        now = TimeAt(at);
        alarm.Timer.Fire();
    }

    private void Pay(int session, long at)
    {
        now = TimeAt(at);
        visit(session);
    }

    private static DateTimeOffset TimeAt(long ticks) => new(new DateTime(ticks, DateTimeKind.Utc));

    /// <summary>A timer in one of its settings.</summary>
    private readonly record struct Alarm(Timer Timer, int Setting);

    private sealed class Timer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan period;
        private int setting;

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            // What the queue holds of an earlier setting is passed over.
            setting++;
            period = newPeriod;
            if (dueTime != Timeout.InfiniteTimeSpan)
                time.alarms.Enqueue(new Alarm(this, setting), time.now.UtcTicks + dueTime.Ticks);
            return true;
        }

        public bool IsSetAs(int earlier) => earlier == setting;

        public void Fire()
        {
            if (period > TimeSpan.Zero) Change(period, period);
            callback(state);
        }

        public void Dispose() => setting++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }

    private sealed class Context(VirtualTime time) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
            if (Current != this) throw Strayed();
            time.posted.Enqueue((d, state));
        }

        public override void Send(SendOrPostCallback d, object? state) => d(state);

        public override SynchronizationContext CreateCopy() => this;
    }
}

/// <summary>There were more events than there may be.</summary>
internal sealed class EndlessException(long eventsMax) : Exception($"There were more than {eventsMax} events.");
