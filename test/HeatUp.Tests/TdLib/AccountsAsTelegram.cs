using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Runs.Conduct;

namespace HeatUp.Tests.TdLib;

/// <summary>Real accounts as any Telegram, without the rules of conduct: for the contract that all of them keep.</summary>
internal sealed class AccountsAsTelegram(IAccountTelegram accounts, SessionId looksUp) : ITelegram
{
    public Action<Membership> OnRemembered { get; init; } = _ => { };

    public string? Trouble => accounts.Trouble;

    public ValueTask<LookUp> LookUpAsync(ChannelName name, CancellationToken cancellation) =>
        accounts.LookUpAsync(looksUp, name, cancellation);

    public ValueTask<Similar> SimilarAsync(ChannelName channel, CancellationToken cancellation) =>
        accounts.SimilarAsync(looksUp, channel, cancellation);

    public async ValueTask<Connection> ConnectAsync(
        SessionId session, IReadOnlyList<Membership> remembered, RunId run, CancellationToken cancellation)
    {
        foreach (var membership in remembered) OnRemembered(membership);
        var (online, failure) = await accounts.ConnectAsync(session, cancellation);
        return new(online is null ? null : new Session(online), failure);
    }

    public static async ValueTask<Outcome> JoinAsync(
        IAccountSession session, ChannelName channel, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return await session.JoinAsync(channel, 0, cancellation);
        var found = await session.FollowsAsync(channel, CancellationToken.None);
        return found.Failure ?? await session.JoinAsync(channel, found.Id, CancellationToken.None);
    }

    private sealed class Session(IAccountSession inner) : ITelegramSession
    {
        public ValueTask<Outcome> JoinAsync(ChannelName channel, CancellationToken cancellation) =>
            AccountsAsTelegram.JoinAsync(inner, channel, cancellation);

        public ValueTask<Outcome> ReadAsync(ChannelName channel, TimeSpan duration, CancellationToken cancellation) =>
            inner.ReadAsync(channel, duration, cancellation);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
