namespace HeatUp.Runs.Conduct;

/// <summary>
/// Which account looks something up, and whether any may: a wait, a stop and the ceiling are the installation's.
/// </summary>
internal sealed class LookUpRule(AccountDatabase file, AccountTimes times, AccountTurns turns, AccountRule rule)
{
    /// <summary>As <see cref="AccountBook.SpendLookUp"/>.</summary>
    public (SessionId? Account, AccountBook.Refusal? Refusal) Spend(
        List<Account> book, IReadOnlyCollection<SessionId> passedOver)
    {
        var names = book.Where(account => account.RemovedAt is null).Select(account => account.Name).ToList();
        if (names.Count == 0) return (null, new(AccountRefusals.Nobody, null));
        var ledgers = book.ToDictionary(account => account.Name, file.LedgerOf);
        var now = ledgers.Values.Max(ledger => times.Later(ledger.Newest));
        if (RefusalOf(book, names, ledgers, now) is { } closed) return (null, closed);
        var looked = ledgers.ToDictionary(one => one.Key, one => LookUpsOf(one.Value));
        var all = looked.Values.SelectMany(one => one).Order().ToList();
        if (AccountRefusals.Full("An installation", AccountLedger.Look, 0, ConductLimits.LookUpsMax, all) is { } full)
            return (null, full);
        // TDLib lets one process into an account's folder; what a sitting here has is shared.
        var ended = book.Where(account => account.Ended is not null).Select(account => account.Name).ToHashSet();
        if (names.Find(name => !ended.Contains(name)) == default) return (null, rule.RefusalOf(book, names[0]));
        var asked = names.Except(passedOver).Except(ended).ToLookup(turns.IsElsewhere);
        if (asked[false].Select(one => (SessionId?)one).MinBy(one => (looked[one!.Value].Count, one.Value.Value))
            is not { } next)
            return (null, asked.Contains(true) ? AccountRefusals.AllInUse(asked[true]) : null);
        book.Write(next, ledgers[next], AccountLedger.Look, times.Later(ledgers[next].Newest));
        return (next, null);
    }

    /// <summary>Of several reasons one that only its owner can end, or else the longest wait.</summary>
    private AccountBook.Refusal? RefusalOf(
        List<Account> book, List<SessionId> names, Dictionary<SessionId, AccountLedger> ledgers, DateTimeOffset now)
    {
        var closed = names.Select(name => rule.RefusalOf(book, name)).Where(refusal => refusal is not { IsEnd: true })
            .Concat(book.Select(account => AfterLogout(account, ledgers[account.Name], now)))
            .OfType<AccountBook.Refusal>().ToList();
        return closed.Find(one => one.Until is null) ?? closed.MaxBy(one => one.Until);
    }

    private IReadOnlyList<DateTimeOffset> LookUpsOf(AccountLedger ledger) =>
        ledger.Counting(AccountLedger.Look, times.Later(ledger.Newest), ConductLimits.LookUpsMax);

    /// <summary>Why a logout frees no look-up: what holds an account back holds on for as long as it counts.</summary>
    private static AccountBook.Refusal? AfterLogout(Account account, AccountLedger ledger, DateTimeOffset now)
    {
        if (account.RemovedAt is not { } removed || removed <= now - ConductLimits.Period) return null;
        var until = removed + ConductLimits.Period;
        if (account.Stopped is null && ledger.Fault is null) until = account.WaitAt(now) ?? now;
        return until > now ? AccountRefusals.LoggedOutBound(account.Name, until) : null;
    }
}
