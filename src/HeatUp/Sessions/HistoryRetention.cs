using HeatUp.Primitives;

namespace HeatUp.Sessions;

/// <summary>
/// Removes what is older than it is to be kept, unless the clock may have jumped: a wrong clock must erase nothing.
/// Thread-safe.
/// </summary>
/// <param name="store">Whose history.</param>
/// <param name="clock">Says what time it is.</param>
public sealed class HistoryRetention(ISessionStore store, TimeProvider clock)
{
    private volatile string? notice;

    /// <summary>What the owner should know since the last removal was asked for, as sentences; null if nothing.
    /// </summary>
    public string? Notice => notice;

    /// <summary>
    /// Removes the history and the ended runs that are older than some days. If the clock lies implausibly far from the
    /// time at which that was last done, or, the first time, from the newest remembered time, nothing goes before the
    /// owner says that it is right.
    /// </summary>
    /// <param name="days">How many days are kept.</param>
    /// <param name="trustsClock">Whether the owner says that the clock is right.</param>
    /// <param name="isAwaited">Whether somebody waits for it.</param>
    /// <param name="cancellation">Stops after a slice; what went stays gone.</param>
    /// <exception cref="StoreException">The store can't be read or written.</exception>
    public async ValueTask<Removal> RemoveAsync(
        int days, bool trustsClock, bool isAwaited, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var times = await store.TimesAsync(now + ClockLimits.AheadMax, cancellation);
        var seen = await store.ClockAsync(cancellation) ?? times.Newest ?? now;
        var refusal = trustsClock || now - seen <= ClockLimits.GapMax(days)
            ? null
            : $"The clock says {Text(now)}, {(now - seen).Days} days after what was remembered of it last, "
                + $"{Text(seen)}. So that a wrong clock erases nothing, all history is kept until you say that it is "
                + "right: heat db cleanup --trust-clock";
        var ahead = AheadOf(times);
        notice = refusal is null || ahead is null ? refusal ?? ahead : $"{refusal}. {ahead}";
        // What is remembered from now on by a clock that may be wrong doesn't make it right.
        await store.KeepClockAsync(refusal is null ? now : seen);
        if (refusal is not null) return new Removal(0, refusal);
        return new Removal(await store.CleanUpAsync(now.AddDays(-days), isAwaited, cancellation), null);
    }

    /// <summary>A sentence that says that a row lies ahead of the clock, and how many do.</summary>
    public static string Ahead(long id, string session, string time, long count) =>
        $"The history's row {id} of '{session}' lies ahead of the clock, at {time}"
        + (count > 1 ? $", and {count - 1:N0} more do" : "")
        + ". A wrong clock wrote that; sittings go by the clock of now.";

    private static string? AheadOf(RememberedTimes times) => times.FirstAhead is { } row
        ? Ahead(row.Id, row.Session, Text(row.At), times.AheadCount)
        : null;

    private static string Text(DateTimeOffset time) => $"{time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC";
}

/// <summary>What came of a removal.</summary>
/// <param name="Removed">How many rows of the history went.</param>
/// <param name="Refusal">Why nothing goes; null if what was too old is gone.</param>
public readonly record struct Removal(long Removed, string? Refusal);
