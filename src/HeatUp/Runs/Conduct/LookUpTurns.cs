namespace HeatUp.Runs.Conduct;

/// <summary>
/// Whose turn it is to look something up: an account that may, the one that looked up least in the last 24 hours, of
/// those the first by name. Its look-up is written down before it is done.
/// </summary>
internal sealed class LookUpTurns(AccountBook accounts)
{
    private const string Nobody = "No account is logged in. Log one in first: heat account login NAME";

    /// <summary>An account, for which a look-up is spent; or why none may now.</summary>
    /// <param name="tried">Those that were of no use a moment ago.</param>
    /// <exception cref="IOException">The book can't be read or written.</exception>
    public (SessionId? Account, AccountBook.Refusal? Refusal) Take(IReadOnlyCollection<SessionId> tried)
    {
        var refusals = new List<AccountBook.Refusal>();
        foreach (var account in Order().Except(tried))
        {
            if (accounts.Spend(account, AccountLedger.Look, 0, ConductLimits.LookUpsMax) is not { } refusal)
                return (account, null);
            refusals.Add(refusal);
        }
        return (null, Soonest(refusals));
    }

    private List<SessionId> Order() => [.. accounts.List().Select(account => account.Name)
        .OrderByDescending(name => accounts.Left(name, AccountLedger.Look, ConductLimits.LookUpsMax))
        .ThenBy(name => name.Value, StringComparer.Ordinal)];

    private static AccountBook.Refusal Soonest(List<AccountBook.Refusal> refusals) =>
        refusals.Where(refusal => refusal.Until is not null).MinBy(refusal => refusal.Until)
        ?? (refusals.Count > 0 ? refusals[0] : new(Nobody, null));
}
