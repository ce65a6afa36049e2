using HeatUp.Channels;

namespace HeatUp.Runs.Conduct;

/// <summary>
/// The real Telegram, without the rules: it is always said whose account asks. Reached through
/// <see cref="LiveConduct"/> only. Disposing it closes what is still open. Thread-safe.
/// </summary>
public interface IAccountTelegram : IAsyncDisposable
{
    /// <inheritdoc cref="ITelegram.Trouble"/>
    string? Trouble { get; }

    /// <summary>Brings an account online.</summary>
    /// <param name="account">Which one.</param>
    /// <param name="cancellation">Gives up; the failure is then <see cref="Outcome.Cancelled"/>.</param>
    ValueTask<AccountConnection> ConnectAsync(SessionId account, CancellationToken cancellation);

    /// <summary>As <see cref="ITelegram.LookUpAsync"/>, on this account.</summary>
    ValueTask<LookUp> LookUpAsync(SessionId account, ChannelName name, CancellationToken cancellation);

    /// <summary>As <see cref="ITelegram.SimilarAsync"/>, on this account.</summary>
    ValueTask<Similar> SimilarAsync(SessionId account, ChannelName channel, CancellationToken cancellation);

    /// <summary>
    /// Waits until all is kept that Telegram has said to any account past the answers that were waited for: what may be
    /// done is decided after it. Answers why it can't be kept; null if it is.
    /// </summary>
    ValueTask<Outcome?> KeepHeardAsync();
}

/// <summary>The answer to going online: a session or, if there is none, why.</summary>
/// <param name="Session">The account, online.</param>
/// <param name="Failure">Why it is not: never <see cref="Outcome.Done"/>.</param>
public readonly record struct AccountConnection(IAccountSession? Session, Outcome? Failure);
