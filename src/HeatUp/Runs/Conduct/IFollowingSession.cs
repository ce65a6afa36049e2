using HeatUp.Channels;

namespace HeatUp.Runs.Conduct;

/// <summary>A session that can ask Telegram itself what its account follows.</summary>
public interface IFollowingSession : ITelegramSession
{
    /// <summary>Whether the account follows a channel now. Joins nothing and marks nothing read.</summary>
    ValueTask<Following> FollowsAsync(ChannelName channel, CancellationToken cancellation);
}

/// <summary>Whether a channel is followed or, if that can't be said, why.</summary>
/// <param name="IsFollowed">Whether it is.</param>
/// <param name="Failure">Why it is not known; null if it is. Never <see cref="Outcome.Done"/>.</param>
public readonly record struct Following(bool IsFollowed, Outcome? Failure);
