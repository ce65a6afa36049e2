namespace Heat.Api;

/// <summary>The accounts of the installation.</summary>
internal sealed record AccountsAnswer(string Mode, string Folder, int Count, IReadOnlyList<AccountAnswer> Accounts)
{
    public static AccountsAnswer Of(LiveAccounts accounts)
    {
        var all = accounts.List().Select(AccountAnswer.Of).ToList();
        return new(accounts.Mode, accounts.Folder, all.Count, all);
    }
}
