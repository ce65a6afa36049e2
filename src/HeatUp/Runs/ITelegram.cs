using HeatUp.Channels;
using HeatUp.Plans;

namespace HeatUp.Runs;

/// <summary>
/// Telegram, as far as a sitting and the list of channels need it: it joins, reads and looks up. It has no method that
/// writes, reacts, votes, presses buttons, forwards, invites or changes a profile, and gets none. Thread-safe.
/// </summary>
public interface ITelegram
{
    /// <summary>Brings a session online for a sitting.</summary>
    /// <param name="session">Which one.</param>
    /// <param name="remembered">The memberships that are remembered. An implementation that has no memory of its own
    /// takes them over.</param>
    /// <param name="run">The sitting's run: one that goes on after a restart is the same.</param>
    /// <param name="cancellation">Gives up; the answer is then <see cref="Outcome.Cancelled"/>.</param>
    ValueTask<Connection> ConnectAsync(
        SessionId session, IReadOnlyList<Membership> remembered, RunId run, CancellationToken cancellation);

    /// <summary>
    /// Asks what a name leads to now. No session's business: which login asks is not the caller's choice. Joins nothing
    /// and marks nothing read. The name is asked for anew, whatever was known of it.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellation">Gives up; the failure is then <see cref="Outcome.Cancelled"/>.</param>
    ValueTask<LookUp> LookUpAsync(ChannelName name, CancellationToken cancellation);

    /// <summary>
    /// Asks which channels Telegram holds to be like this one: those whose readers overlap. Like a look-up no session's
    /// business.
    /// </summary>
    /// <param name="channel">The channel.</param>
    /// <param name="cancellation">Gives up; the failure is then <see cref="Outcome.Cancelled"/>.</param>
    ValueTask<Similar> SimilarAsync(ChannelName channel, CancellationToken cancellation);

    /// <summary>Whether sittings can run now; null if so, else why not. Answers at once, without a call.</summary>
    string? Trouble { get; }
}

/// <summary>
/// A session that is online: one caller, one call at a time. Disposing it ends the sitting's use, not the login.
/// </summary>
public interface ITelegramSession : IAsyncDisposable
{
    /// <summary>
    /// Makes the session a member of a channel. Idempotent: for a member it is done at once. A cancelled call that has
    /// reached Telegram waits for the answer, so that no join happens unseen.
    /// </summary>
    ValueTask<Outcome> JoinAsync(ChannelName channel, CancellationToken cancellation);

    /// <summary>
    /// Reads a channel's recent posts for this time and marks them read. Idempotent. A public channel can be read
    /// without being joined; then there is nothing to mark.
    /// </summary>
    /// <param name="channel">Which one.</param>
    /// <param name="duration">How long the reading takes, from now until the answer.</param>
    /// <param name="cancellation">Stops the reading early; the answer is then <see cref="Outcome.Cancelled"/>.</param>
    ValueTask<Outcome> ReadAsync(ChannelName channel, TimeSpan duration, CancellationToken cancellation);
}

/// <summary>The answer to going online: a session or, if there is none, why.</summary>
/// <param name="Session">The session, online.</param>
/// <param name="Failure">Why there is none: never <see cref="Outcome.Done"/>.</param>
public readonly record struct Connection(ITelegramSession? Session, Outcome? Failure);
