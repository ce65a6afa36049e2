namespace HeatUp.Plans;

/// <summary>
/// How many tokens a day language-model calls may cost; a day is one of UTC. Stops calls, not sittings. A call reserves
/// what it will probably cost, so that many at once don't overshoot by more than their estimates are wrong.
/// Thread-safe.
/// </summary>
/// <param name="perDay">The most tokens a day, input and output together; null for no limit.</param>
/// <param name="spentToday">What was spent on the day on which this begins.</param>
/// <param name="clock">Tells the day.</param>
public sealed class TokenBudget(long? perDay, long spentToday, TimeProvider clock)
{
    private readonly Lock gate = new();
    private DateOnly day = Today(clock);
    private long spent = spentToday;
    private long reserved;

    /// <summary>The most tokens a day; null for no limit.</summary>
    public long? PerDay => perDay;

    /// <summary>What was spent since midnight UTC, without what calls that are under way will cost.</summary>
    public long SpentToday
    {
        get
        {
            lock (gate) return SpentOn(Today(clock));
        }
    }

    /// <summary>
    /// Takes tokens for a call if the day has as many left; whoever gets them must <see cref="Settle"/>.
    /// </summary>
    public bool TryReserve(long tokens)
    {
        lock (gate)
        {
            if (perDay is { } limit && SpentOn(Today(clock)) + reserved + tokens > limit) return false;
            reserved += tokens;
            return true;
        }
    }

    /// <summary>
    /// Gives back what was reserved and counts what the call really cost, on the day on which it ends.
    /// </summary>
    public void Settle(long reservedTokens, long spentTokens)
    {
        lock (gate)
        {
            reserved -= reservedTokens;
            spent = SpentOn(Today(clock)) + spentTokens;
        }
    }

    private long SpentOn(DateOnly today)
    {
        if (today != day) (day, spent) = (today, 0);
        return spent;
    }

    private static DateOnly Today(TimeProvider clock) => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
}
