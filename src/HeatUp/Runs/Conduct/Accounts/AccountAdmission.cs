using HeatUp.Channels;

namespace HeatUp.Runs.Conduct;

/// <summary>The channels that an account's next plan may use: what it follows, and what it may still join.</summary>
internal sealed class AccountAdmission(AccountBook accounts, SessionId name, ActionCounts did)
{
    public Admission Of(ChannelPool pool)
    {
        var book = accounts.ListAll();
        var account = book.First(one => one.Name == name);
        var reads = Left(AccountLedger.Read, did.Reads, ConductLimits.ReadsMax);
        var joins = Left(AccountLedger.Join, did.Joins, ConductLimits.JoinsMax);
        var free = account.Allowed.Where(channel =>
            !account.Followed.Contains(channel) && JoinRule.OwnerOf(book, name, channel) is null);
        var channels = account.Followed.Concat(joins > 0 ? free : []).ToList();
        if (reads == 0) return new(null, $"An account has at most {ConductLimits.ReadsMax} reads in 24 hours.", null);
        if (channels.Count > 0)
            return new(ChannelPool.OfExactly(channels.Select(channel => pool.Find(channel) ?? Unlisted(channel))),
                null, null)
            { Followed = account.Followed };
        return new(null, $"There is no channel that '{name}' follows or may join now. "
            + $"Its owner can allow one: heat account allow {name} @channel", null);
    }

    private int Left(string kind, int counted, int max) =>
        Math.Min(max - Math.Min(counted, max), accounts.Left(name, kind, max));

    private static Channel Unlisted(ChannelName channel) => new(channel, null, null, null, null);
}
