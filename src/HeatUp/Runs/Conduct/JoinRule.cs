using HeatUp.Channels;

namespace HeatUp.Runs.Conduct;

/// <summary>Which account may join which channel: one on its owner's list that no other account has.</summary>
internal static class JoinRule
{
    /// <summary>
    /// Another account that has a channel on its list, follows it or joined it, whenever that was, under whatever name.
    /// </summary>
    public static Account? OwnerOf(IEnumerable<Account> book, SessionId name, ChannelName channel, long id = 0) =>
        book.FirstOrDefault(account => account.Name != name
            && (account.Allowed.Contains(channel) || account.Joined.Contains(channel)
                || account.JoinedIds.Contains(id) || IsFollowedBy(account, channel, id)));

    /// <summary>Why an account may not join a channel; null if it may.</summary>
    public static AccountBook.Refusal? RefusalOf(List<Account> book, SessionId name, KnownChannel known)
    {
        var channel = known.Names[0];
        if (OwnerOf(book, name, channel, known.Id) is { } other)
            return new($"{channel} is the channel of the account '{other.Name}'; "
                + "two accounts of one installation never join the same.", null);
        return book.Exists(account => account.Name == name && account.Allowed.Contains(channel))
            ? null
            : new($"{channel} is not on the list of '{name}'. Its owner can put it there: "
                + $"heat account allow {name} {channel}", null);
    }

    /// <summary>
    /// The names by which an account's channel is kept: otherwise one that was allowed by its second name would be
    /// offered to be joined again.
    /// </summary>
    public static IEnumerable<ChannelName> NamesFor(Account account, KnownChannel channel)
    {
        var chosen = channel.Names.Where(one => account.Allowed.Contains(one) || account.Joined.Contains(one)).ToList();
        return chosen.Count > 0 ? chosen : channel.Names.Take(1);
    }

    private static bool IsFollowedBy(Account account, ChannelName channel, long id) =>
        account.RemovedAt is null && (account.Followed.Contains(channel) || account.FollowedIds.Contains(id));
}
