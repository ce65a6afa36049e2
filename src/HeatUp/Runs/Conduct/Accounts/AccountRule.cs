using HeatUp.Primitives;

namespace HeatUp.Runs.Conduct;

/// <summary>What one account may do now, after its stop, its wait, its ledger and the history.</summary>
internal sealed class AccountRule(AccountDatabase file, AccountTimes times)
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
            ? Math.Max(0, max - ledger!.Counting(kind, now, max).Count)
            : 0;

    /// <summary>As <see cref="AccountBook.ResumptionOf"/>.</summary>
    public string ResumptionOf(Account account)
    {
        var ledger = file.LedgerOf(account);
        var (name, seen) = (account.Name, times.LatestOf(account, ledger));
        if (ledger.Fault is { } fault)
            return $"The ledger of '{name}' can't be believed: {fault} It begins anew, as if all had been done that "
                + $"may be done in a day: '{name}' goes on at {AccountRefusals.Text(seen + ConductLimits.Period)}.";
        if (times.BehindOf(account, ledger) <= ClockLimits.AheadMax)
            return account.Ended is { } end ? AccountRefusals.Ended(name, end).Reason : $"'{name}' goes on at once.";
        var wait = times.Now + (account.WaitUntil - seen) is { } ends && ends > times.Now
            ? $" The wait that Telegram asked for begins anew and ends at {AccountRefusals.Text(ends)}."
            : "";
        return $"{AccountRefusals.Ahead(name, seen, times.Now)} From now on the clock counts. What '{name}' did may "
            + "have been done today, so it counts as if all had been done that may be done in a day: it goes on at "
            + $"{AccountRefusals.Text(times.Now + ConductLimits.Period)}.{wait}";
    }

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

    /// <summary>As <see cref="AccountBook.SpendSitting"/>.</summary>
    public AccountBook.Refusal? SpendSitting(List<Account> book, SessionId name, RunId run, int counted)
    {
        if (Open(book, name, out var ledger, out var now) is { } closed) return closed;
        // Its line must count still: a run that stood still for a day begins a sitting of today.
        if (book.Find(account => account.Name == name) is { LastRun: { } last } && last == run
            && ledger!.Counting(AccountLedger.Sitting, now, 1).Count > 0)
            return null;
        if (Spend(book, name, AccountLedger.Sitting, counted, ConductLimits.SittingsMax, null) is { } refusal)
            return refusal;
        book.Replace(name, account => account with { LastRun = run == default ? null : run });
        return null;
    }

    private AccountBook.Refusal? Check(
        List<Account> book, SessionId name, string kind, int counted, int max, KnownChannel? join,
        out AccountLedger? ledger, out DateTimeOffset now)
    {
        if (Open(book, name, out ledger, out now) is { } closed) return closed;
        if (join is not null && JoinRule.RefusalOf(book, name, join) is { } refusal) return refusal;
        return Hinted(name, now, AccountRefusals.Full(
            "An account", kind, counted, max, ledger!.Counting(kind, now, max)));
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
            var broken = new AccountStop($"Its ledger can't be believed: {fault}",
                times.LatestOf(account, ledger));
            book.Replace(name, one => one with { Stopped = broken });
            return AccountRefusals.Stopped(name, broken);
        }
        now = times.Later(ledger.Newest);
        if (account.WaitAt(now) is { } until) return Hinted(name, now, AccountRefusals.Waits(name, until));
        // Last: whoever must wait or look must do so also when a login has ended meanwhile.
        return account.Ended is { } end ? AccountRefusals.Ended(name, end) : null;
    }

    /// <summary>An account that a wrong clock has brought far ahead needn't be locked until that time comes.</summary>
    private AccountBook.Refusal? Hinted(SessionId name, DateTimeOffset now, AccountBook.Refusal? refusal) =>
        refusal is not null && now > times.Now + ClockLimits.AheadMax
            ? refusal with
            {
                Reason = $"{refusal.Reason} {AccountRefusals.Ahead(name, now, times.Now)} If the clock is right: "
                    + $"heat account resume {name}",
            }
            : refusal;
}
