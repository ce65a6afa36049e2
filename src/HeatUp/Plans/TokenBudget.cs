namespace HeatUp.Plans;

/// <summary>
/// How many tokens a day language-model calls may cost; a day is one of UTC. Stops calls, not sittings. A call reserves
/// what it will probably cost, so that many at once don't overshoot by more than their estimates are wrong.
/// Thread-safe.
/// </summary>
/// <param name="perDay">The most tokens a day, input and output together; null for no limit.</param>
/// <param name="spentToday">What was spent on the day on which this begins.</param>
/// <param name="clock">Tells the day.</param>
/// <param name="ledger">Where it is written down, and where others write what they spend; null for nowhere.</param>
public sealed class TokenBudget(long? perDay, long spentToday, TimeProvider clock, ITokenLedger? ledger = null)
{
    private readonly Lock gate = new();
    private DateOnly day = Today(clock);
    private long spent = spentToday;
    private long reserved;
    private (DateOnly Day, TokenUsage Tokens) unwritten;

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
    /// Takes tokens for a call if the day has as many left; whoever gets them must <see cref="SettleAsync"/>.
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
    /// Gives back what was reserved and counts what the call really cost, on the day on which it ends. When this is
    /// over, it is written down, and what others have spent is known. What can't be written counts in this process, and
    /// is written with the next call's.
    /// </summary>
    public async ValueTask SettleAsync(long reservedTokens, TokenUsage tokens)
    {
        DateOnly today;
        lock (gate)
        {
            today = Today(clock);
            reserved -= reservedTokens;
            spent = SpentOn(today) + tokens.Total;
            if (unwritten.Day == today) tokens += unwritten.Tokens;
            unwritten = default;
        }
        if (ledger is not null && tokens != default) await WriteAsync(ledger, today, tokens);
    }

    private async ValueTask WriteAsync(ITokenLedger to, DateOnly today, TokenUsage tokens)
    {
        try
        {
            var sum = await to.AddTokensAsync(today, tokens);
            lock (gate)
                if (SpentOn(Today(clock)) < sum.Total && day == today)
                    spent = sum.Total;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // A plan doesn't fail for its bill: the sitting hears of the store's trouble by what it writes itself.
            lock (gate) unwritten = (today, unwritten.Day == today ? unwritten.Tokens + tokens : tokens);
        }
    }

    private long SpentOn(DateOnly today)
    {
        if (today != day) (day, spent) = (today, 0);
        return spent;
    }

    private static DateOnly Today(TimeProvider clock) => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
}
