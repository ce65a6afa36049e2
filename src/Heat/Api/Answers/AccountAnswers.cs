using Heat.Accounts;
using HeatUp.Runs.Conduct;

namespace Heat.Api;

/// <summary>The accounts of the installation.</summary>
internal sealed record AccountsAnswer(
    string Mode, string Folder, int Count, IReadOnlyList<AccountAnswer> Accounts, IReadOnlyList<BegunAnswer> Begun)
{
    public static AccountsAnswer Of(LiveAccounts accounts)
    {
        var now = accounts.Now;
        var all = accounts.Book.List().Select(account => AccountAnswer.Of(account, now)).ToList();
        return new(accounts.Mode, accounts.Folder, all.Count, all, [.. accounts.Begun().Select(BegunAnswer.Of)]);
    }
}

/// <summary>A login that was begun and not finished.</summary>
/// <param name="Name">The account's name here.</param>
/// <param name="State">TDLib's name for where it stands; absent if nobody noted it.</param>
/// <param name="Sentence">The same in words, and how it goes on.</param>
internal sealed record BegunAnswer(string Name, string? State, string Sentence)
{
    public static BegunAnswer Of(BegunLogin begun) => new(begun.Name.Value, begun.Note?.State, begun.Sentence);
}

/// <summary>An account of the operator's.</summary>
/// <param name="Name">Its name here.</param>
/// <param name="AddedAt">When it was logged in.</param>
/// <param name="Allowed">What it may join.</param>
/// <param name="Stopped">Why it does nothing until its owner has looked; absent if it may.</param>
/// <param name="StoppedAt">Since when.</param>
/// <param name="Ended">Why its login is over, and what to do; absent if it isn't.</param>
/// <param name="EndedAt">Since when.</param>
/// <param name="WaitUntil">Until when Telegram wants nothing of it; absent if that is over.</param>
internal sealed record AccountAnswer(
    string Name, DateTimeOffset AddedAt, IReadOnlyList<string> Allowed, string? Stopped, DateTimeOffset? StoppedAt,
    string? Ended, DateTimeOffset? EndedAt, DateTimeOffset? WaitUntil)
{
    public static AccountAnswer Of(Account account, DateTimeOffset now) => new(
        account.Name.Value, account.AddedAt, [.. account.Allowed.Select(channel => channel.Value)],
        account.Stopped?.Reason, account.Stopped?.At,
        account.Ended is { } end ? $"{end.Reason} {end.Remedy(account.Name)}" : null, account.Ended?.At,
        account.WaitUntil > now ? account.WaitUntil : null);
}
