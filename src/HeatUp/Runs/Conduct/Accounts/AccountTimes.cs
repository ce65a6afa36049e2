namespace HeatUp.Runs.Conduct;

/// <summary>
/// What time it is for accounts: never earlier than what they have seen, so that a clock that was set back gives
/// nothing free.
/// </summary>
internal sealed class AccountTimes(TimeProvider clock)
{
    /// <summary>By the clock as it is.</summary>
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>By the clock or, if that is behind, by what was seen.</summary>
    public DateTimeOffset Later(DateTimeOffset? seen) => seen > Now ? seen.Value : Now;

    /// <summary>The newest time that an account has seen, as far as anything of it knows.</summary>
    public DateTimeOffset LatestOf(Account account, AccountLedger ledger) =>
        Later(SeenOf(account, ledger));

    /// <summary>How far the clock is behind what an account has seen; nothing if it isn't.</summary>
    public TimeSpan BehindOf(Account account, AccountLedger ledger)
    {
        var (seen, now) = (SeenOf(account, ledger), Now);
        return seen > now ? seen.Value - now : TimeSpan.Zero;
    }

    private static DateTimeOffset? SeenOf(Account account, AccountLedger ledger) =>
        new[]
        {
            account.AddedAt, account.Stopped?.At, account.Ended?.At, account.Seen, account.RemovedAt, ledger.Newest,
        }.Max();
}
