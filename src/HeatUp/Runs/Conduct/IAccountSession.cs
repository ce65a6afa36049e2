using HeatUp.Channels;

namespace HeatUp.Runs.Conduct;

/// <summary>
/// An account that is online, without the rules: one caller, one call at a time. Disposing it ends the use, not the
/// login.
/// </summary>
public interface IAccountSession : IAsyncDisposable
{
    /// <summary>
    /// What a name leads to now, and whether the account follows it. Joins nothing and marks nothing read.
    /// </summary>
    ValueTask<FollowState> FollowsAsync(ChannelName channel, CancellationToken cancellation);

    /// <summary>The channels with names that the account follows, whoever joined them.</summary>
    ValueTask<Followed> FollowedAsync(CancellationToken cancellation);

    /// <summary>
    /// As <see cref="ITelegramSession.JoinAsync"/>, of this channel only: a name that leads elsewhere by now is
    /// refused.
    /// </summary>
    /// <param name="channel">Its name.</param>
    /// <param name="id">Its number, as <see cref="FollowsAsync"/> has told it.</param>
    /// <param name="cancellation">Is looked at before anything is asked.</param>
    ValueTask<Outcome> JoinAsync(ChannelName channel, long id, CancellationToken cancellation);

    /// <inheritdoc cref="ITelegramSession.ReadAsync"/>
    ValueTask<Outcome> ReadAsync(ChannelName channel, TimeSpan duration, CancellationToken cancellation);

    /// <summary>What has happened unasked, or too late for an answer, since this was asked last. Answers at once, also
    /// when the session is disposed.</summary>
    AccountNews TakeNews();
}

/// <summary>What a name leads to or, if that can't be said, why.</summary>
/// <param name="Id">The channel's number, which stays when its names change; 0 if it is not known.</param>
/// <param name="IsFollowed">Whether the account follows it.</param>
/// <param name="Failure">Why it is not known; null if it is. Never <see cref="Outcome.Done"/>.</param>
public readonly record struct FollowState(long Id, bool IsFollowed, Outcome? Failure);

/// <summary>What an account follows or, if that can't be said, why.</summary>
/// <param name="Channels">The channels; null if they are not known.</param>
/// <param name="Failure">Why they are not known; null if they are. Never <see cref="Outcome.Done"/>.</param>
public readonly record struct Followed(IReadOnlyList<KnownChannel>? Channels, Outcome? Failure);

/// <summary>A channel that can be told from others, whatever it is called.</summary>
/// <param name="Id">Its number, which stays when its names change.</param>
/// <param name="Names">Its names, the main one first; at least one.</param>
public sealed record KnownChannel(long Id, IReadOnlyList<ChannelName> Names);

/// <summary>What has happened to an account without an answer that says so.</summary>
/// <param name="Joined">What was joined after the join had been given up.</param>
/// <param name="Said">What Telegram said to the account unasked or too late, in order: each a wait, whose end counts
/// from when it was said, or why the account can't go on.</param>
public readonly record struct AccountNews(IReadOnlyList<KnownChannel> Joined, IReadOnlyList<Outcome> Said);
