namespace HeatUp.Runs.Conduct;

/// <summary>What one account may do now, after its stop, its wait, its ledger and the history.</summary>
internal sealed class AccountRule(AccountBookFile file, AccountTimes times)
{
    /// <summary>Why an account may do nothing now; null if it may.</summary>
    public AccountBook.Refusal? RefusalOf(List<Account> book, SessionId name) => Open(book, name, out _, out _);

    /// <summary>As <see cref="AccountBook.Check"/>.</summary>
    public AccountBook.Refusal? Check(
        List<Account> book, SessionId name, string kind, int counted, int max, KnownChannel? join) =>
        Check(book, name, kind, counted, max, join, out _, out _);

    /// <summary>As <see cref="AccountBook.Left"/>.</summary>
    public int Left(List<Account> book, SessionId name, string kind, int max) =>
        Open(book, name, out var ledger, out var now) is null
            ? Math.Max(0, max - ledger!.Since(kind, now - ConductLimits.Period, max).Count)
            : 0;

    /// <summary>As <see cref="AccountBook.Spend"/>.</summary>
    public AccountBook.Refusal? Spend(
        List<Account> book, SessionId name, string kind, int counted, int max, KnownChannel? join)
    {
        if (Check(book, name, kind, counted, max, join, out var ledger, out var now) is { } refusal) return refusal;
        book.Write(name, ledger!, kind, now);
        if (join is not null)
            book.Replace(name, account => account with
            {
                Joined = account.Joined.With(join.Names[0]),
                JoinedIds = join.Id == 0 ? account.JoinedIds : account.JoinedIds.With(join.Id),
            });
        return null;
    }

    private AccountBook.Refusal? Check(
        List<Account> book, SessionId name, string kind, int counted, int max, KnownChannel? join,
        out AccountLedger? ledger, out DateTimeOffset now)
    {
        if (Open(book, name, out ledger, out now) is { } closed) return closed;
        if (join is not null && JoinRule.RefusalOf(book, name, join) is { } refusal) return refusal;
        return AccountRefusals.Full(
            "An account", kind, counted, max, ledger!.Since(kind, now - ConductLimits.Period, max));
    }

    private AccountBook.Refusal? Open(
        List<Account> book, SessionId name, out AccountLedger? ledger, out DateTimeOffset now)
    {
        (ledger, now) = (null, times.Now);
        if (book.Find(one => one.Name == name && one.RemovedAt is null) is not { } account)
            return new(AccountRefusals.NoAccount(name), null);
        if (account.Stopped is { } stop) return AccountRefusals.Stopped(name, stop);
        ledger = file.LedgerOf(account);
        if (ledger.Fault is { } fault)
        {
            var broken = new AccountStop($"Its ledger {ledger.Path} can't be believed: {fault}",
                times.LatestOf(account, ledger));
            book.Replace(name, one => one with { Stopped = broken });
            return AccountRefusals.Stopped(name, broken);
        }
        now = times.Later(ledger.Newest);
        return account.WaitUntil > now ? AccountRefusals.Waits(name, account.WaitUntil.Value) : null;
    }
}
