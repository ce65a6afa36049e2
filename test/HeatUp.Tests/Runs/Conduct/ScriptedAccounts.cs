using HeatUp.Channels;
using HeatUp.Runs;
using HeatUp.Runs.Conduct;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Runs.Conduct;

/// <summary>Accounts that follow and join what the test says, on a Telegram that does whatever it is asked.</summary>
internal sealed class ScriptedAccounts(Func<ScriptedTelegram> telegram) : IAccountTelegram
{
    private readonly Dictionary<SessionId, HashSet<long>> followed = [];
    private readonly List<List<ChannelName>> channels = [];

    /// <summary>Which accounts went online or looked something up, in order.</summary>
    public List<SessionId> Used { get; } = [];

    /// <summary>What an account meets when it looks something up; null for an answer.</summary>
    public Dictionary<SessionId, Outcome> Meets { get; } = [];

    /// <summary>What Telegram answers to the question what is followed; null for the truth.</summary>
    public Outcome? FollowedFailure { get; set; }

    /// <summary>What Telegram answers to the question which channel a name leads to; null for the truth.</summary>
    public Outcome? FollowsFailure { get; set; }

    /// <summary>What the next session tells unasked.</summary>
    public Queue<AccountNews> News { get; } = [];

    public bool IsDisposed { get; private set; }

    public string? Trouble => null;

    /// <summary>A channel has these names, and had the old ones.</summary>
    public long Name(params ChannelName[] names)
    {
        var known = channels.FindIndex(one => one.Intersect(names).Any());
        if (known < 0) channels.Add([.. names]);
        else channels[known] = [.. names];
        return (known < 0 ? channels.Count - 1 : known) + 1;
    }

    public void Follow(SessionId account, ChannelName channel) => Of(account).Add(IdOf(channel));

    /// <summary>By hand, on a phone.</summary>
    public void Leave(SessionId account, ChannelName channel) => Of(account).Remove(IdOf(channel));

    public IReadOnlyList<KnownChannel> FollowedBy(SessionId account) =>
        [.. Of(account).Select(id => new KnownChannel(id, channels[(int)id - 1]))];

    public ValueTask<AccountConnection> ConnectAsync(SessionId account, CancellationToken cancellation) =>
        ConnectAsync(account, telegram(), cancellation);

    public async ValueTask<LookUp> LookUpAsync(SessionId account, ChannelName name, CancellationToken cancellation)
    {
        Used.Add(account);
        return Meets.TryGetValue(account, out var met) ? new(null, met) : await telegram().LookUpAsync(name, cancellation);
    }

    public async ValueTask<Similar> SimilarAsync(SessionId account, ChannelName channel, CancellationToken cancellation)
    {
        Used.Add(account);
        return Meets.TryGetValue(account, out var met) ? new([], met) : await telegram().SimilarAsync(channel, cancellation);
    }

    public ValueTask<Outcome?> KeepHeardAsync() => default;

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return default;
    }

    private async ValueTask<AccountConnection> ConnectAsync(
        SessionId account, ScriptedTelegram asked, CancellationToken cancellation)
    {
        Used.Add(account);
        var (online, failure) = await asked.ConnectAsync(account, [], default, cancellation);
        return online is null ? new(null, failure) : new(new Session(this, account, online), null);
    }

    private HashSet<long> Of(SessionId account) => followed.TryGetValue(account, out var ids) ? ids : followed[account] = [];

    private long IdOf(ChannelName channel) =>
        channels.FindIndex(one => one.Contains(channel)) is var known and >= 0 ? known + 1 : Name(channel);

    private sealed class Session(ScriptedAccounts accounts, SessionId account, ITelegramSession inner) : IAccountSession
    {
        public ValueTask<FollowState> FollowsAsync(ChannelName channel, CancellationToken cancellation)
        {
            if (accounts.FollowsFailure is { } failure) return new(new FollowState(0, false, failure));
            var id = accounts.IdOf(channel);
            return new(new FollowState(id, accounts.Of(account).Contains(id), null));
        }

        public ValueTask<Followed> FollowedAsync(CancellationToken cancellation) =>
            new(accounts.FollowedFailure is { } failure ? new Followed(null, failure) : new(accounts.FollowedBy(account), null));

        public async ValueTask<Outcome> JoinAsync(ChannelName channel, long id, CancellationToken cancellation)
        {
            id.ShouldBe(accounts.IdOf(channel));
            var outcome = await inner.JoinAsync(channel, cancellation);
            if (outcome is Outcome.Done) accounts.Follow(account, channel);
            return outcome;
        }

        public ValueTask<Outcome> ReadAsync(ChannelName channel, TimeSpan duration, CancellationToken cancellation) =>
            inner.ReadAsync(channel, duration, cancellation);

        public AccountNews TakeNews() => accounts.News.TryDequeue(out var news) ? news : new([], []);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
