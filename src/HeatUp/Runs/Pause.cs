using System.Threading.Tasks.Sources;

namespace HeatUp.Runs;

/// <summary>
/// The waits of a run, one after the other, on an injected clock: one timer and no memory for each of them, where <see
/// cref="Task.Delay(TimeSpan, TimeProvider)"/> takes some anew each time. A month of ten thousand sessions waits three
/// million times. One waiter at a time.
/// </summary>
internal sealed class Pause(TimeProvider clock) : IValueTaskSource, IDisposable
{
    private readonly TimeProvider clock = clock;
    private const int Nobody = 0;
    private const int Waiting = 1;
    private const int WaitingDeaf = 2;

    private ManualResetValueTaskSourceCore<bool> passed;
    private CancellationTokenRegistration registration;
    private Alarm? alarm;
    private int state;

    /// <summary>
    /// Lets this time pass, or less if cancelled. Never throws: whether it was cancelled is for the caller to look at.
    /// Goes on in the captured context.
    /// </summary>
    public ValueTask Delay(TimeSpan time, CancellationToken cancellation)
    {
        // Timers know whole milliseconds; virtual ones shall not be more exact than those on the wall.
        var milliseconds = (long)time.TotalMilliseconds;
        if (milliseconds <= 0 || cancellation.IsCancellationRequested) return default;
        passed.Reset();
        // Who waits for a while without listening needn't leave the list of those who are told.
        if (cancellation.CanBeCanceled && registration.Token != cancellation) Listen(cancellation);
        Volatile.Write(ref state, cancellation.CanBeCanceled ? Waiting : WaitingDeaf);
        alarm ??= new Alarm(this);
        alarm.Set(milliseconds);
        // It may have been cancelled before anybody waited.
        if (cancellation.IsCancellationRequested) Cancel();
        return new ValueTask(this, passed.Version);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        registration.Dispose();
        alarm?.Dispose();
    }

    void IValueTaskSource.GetResult(short token) => passed.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => passed.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        passed.OnCompleted(continuation, state, token, flags);

    private void Listen(CancellationToken cancellation)
    {
        registration.Dispose();
        registration = cancellation.UnsafeRegister(static pause => ((Pause)pause!).Cancel(), this);
    }

    private void Cancel()
    {
        if (Interlocked.CompareExchange(ref state, Nobody, Waiting) != Waiting) return;
        // It may be ringing already: what is waited for next must not hear it.
        Interlocked.Exchange(ref alarm, null)?.Dispose();
        passed.SetResult(true);
    }

    private void Ring(Alarm ringing)
    {
        if (ReferenceEquals(ringing, Volatile.Read(ref alarm)) && Interlocked.Exchange(ref state, Nobody) != Nobody)
            passed.SetResult(true);
    }

    private sealed class Alarm : IDisposable
    {
        private readonly Pause pause;
        private readonly ITimer timer;

        public Alarm(Pause pause)
        {
            this.pause = pause;
            timer = pause.clock.CreateTimer(
                static alarm => ((Alarm)alarm!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public void Set(long milliseconds) =>
            timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);

        public void Dispose() => timer.Dispose();

        private void Ring() => pause.Ring(this);
    }
}
