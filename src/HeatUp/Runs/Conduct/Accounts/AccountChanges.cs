namespace HeatUp.Runs.Conduct;

/// <summary>Changes of the accounts in a book that is being written.</summary>
internal static class AccountChanges
{
    /// <summary>Puts an account's successor in its place; false if there is no such account.</summary>
    public static bool Replace(this List<Account> book, SessionId name, Func<Account, Account> change)
    {
        var index = book.FindIndex(account => account.Name == name && account.RemovedAt is null);
        if (index >= 0) book[index] = change(book[index]);
        return index >= 0;
    }

    /// <summary>Writes down what is about to be done, and how long the ledger is then.</summary>
    public static void Write(
        this List<Account> book, SessionId name, AccountLedger ledger, string kind, DateTimeOffset at)
    {
        ledger.Add(kind, at);
        book.Replace(name, ledger.Of);
    }

    public static IReadOnlyList<T> With<T>(this IReadOnlyList<T> all, T one) =>
        all.Contains(one) ? all : [.. all.Append(one).Order()];

    public static IReadOnlyList<T> Without<T>(this IReadOnlyList<T> all, T one) =>
        [.. all.Where(other => !Equals(other, one))];
}
