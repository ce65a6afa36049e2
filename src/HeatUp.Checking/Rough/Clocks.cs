using HeatUp.Simulations;

namespace HeatUp.Checking;

/// <summary>
/// The clock of the machine, which shows a wrong time now and then; what is measured on it stays right.
/// </summary>
internal sealed class MachineClock(VirtualTime time) : TimeProvider
{
    /// <summary>How far the shown time is ahead.</summary>
    public TimeSpan Offset { get; set; }

    /// <inheritdoc/>
    public override long TimestampFrequency => time.TimestampFrequency;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => time.GetUtcNow() + Offset;

    /// <inheritdoc/>
    public override long GetTimestamp() => time.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(callback, state, dueTime, period);
}

/// <summary>The machine's clock as a process sees it: its timers die with it, and it may die as one rings.</summary>
internal sealed class LifeClock(Life life, MachineClock machine) : TimeProvider
{
    /// <inheritdoc/>
    public override long TimestampFrequency => machine.TimestampFrequency;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => machine.LocalTimeZone;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => machine.GetUtcNow();

    /// <inheritdoc/>
    public override long GetTimestamp() => machine.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        machine.CreateTimer(
            ringing =>
            {
                if (!life.DiesAt(Exercised.CrashInWait)) callback(ringing);
            },
            state, dueTime, period);
}
