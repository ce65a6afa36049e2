using System.Runtime.CompilerServices;
using HeatUp.Channels;

namespace HeatUp.Runs.Sandbox;

/// <summary>A session on the sandbox for one sitting.</summary>
internal sealed class SandboxSession(
    SandboxTelegram telegram,
    SessionId id,
    Seed own,
    DateTimeOffset onlineSince,
    FollowedChannels following,
    Outcome.AccountLost? loss) : ITelegramSession
{
    private readonly Seed calls = own.Fork(onlineSince.UtcTicks);
    private readonly Pause pause = new(telegram.Clock);
    private FollowedChannels following = following;
    private Outcome.AccountLost? loss = loss;
    private int call;
    private bool disposed;

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome> JoinAsync(ChannelName channel, CancellationToken cancellation)
    {
        if (AnswerAtOnce(cancellation) is { } answer) return answer;
        var found = telegram.Find(channel);
        if (following.IndexOf(found) >= 0) return Outcome.Done.Plain;
        var reach = Reach();
        // A join that has reached Telegram can't be called back; one that hasn't, can.
        await pause.Delay(reach.After, reach.IsOffline ? cancellation : CancellationToken.None);
        if (reach.IsOffline && cancellation.IsCancellationRequested) return Outcome.Cancelled.Instance;
        return reach.Failure?.ToOutcome(telegram.Clock.GetUtcNow()) ?? Join(channel, found);
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome> ReadAsync(ChannelName channel, TimeSpan duration, CancellationToken cancellation)
    {
        if (AnswerAtOnce(cancellation) is { } answer) return answer;
        var found = telegram.Find(channel);
        var followed = following.IndexOf(found);
        var reach = Reach();
        var refusal = followed < 0 ? ReadRefusal(channel, found) : null;
        var reads = reach.Failure is null && refusal is null;
        // The first answer comes within the reading, the silence of a flood wait before it.
        await pause.Delay(reads ? reach.Silence + duration : reach.After, cancellation);
        if (cancellation.IsCancellationRequested) return Outcome.Cancelled.Instance;
        return reach.Failure?.ToOutcome(telegram.Clock.GetUtcNow()) ?? refusal ?? Read(followed, duration);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        disposed = true;
        pause.Dispose();
        return default;
    }

    /// <summary>
    /// How many posts of a channel are unread, at most <paramref name="most"/>; 0 for one that isn't followed.
    /// </summary>
    public int Unread(ChannelName channel, int most = int.MaxValue) =>
        following.IndexOf(telegram.Find(channel)) is >= 0 and var index
            ? following.Unread(index, UtcNow, most)
            : 0;

    /// <summary>Draws whether going online meets no network.</summary>
    public bool IsOffline() => calls.Fork("online").ToRng().Chance(telegram.Faults[SandboxFault.Offline]);

    private DateTime UtcNow => telegram.Clock.GetUtcNow().UtcDateTime;

    private Outcome? AnswerAtOnce(CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (cancellation.IsCancellationRequested) return Outcome.Cancelled.Instance;
        return loss;
    }

    /// <summary>Draws what comes between the next call and its answer.</summary>
    private SandboxReach Reach()
    {
        var reach = SandboxReach.Draw(calls.Fork(++call).ToRng(), telegram, out var lost);
        if (lost is not null) loss = telegram.Lose(id, lost);
        return reach;
    }

    private Outcome Join(ChannelName name, SandboxChannel? channel)
    {
        if (channel is null || !telegram.IsListed(name)) return SandboxChannel.Nobody;
        if (channel.JoinRefusal(UtcNow) is { } refusal) return refusal;
        if (following.Count >= SandboxFigures.ChannelsMax || IsFullElsewhere()) return SandboxTrouble.Full;
        following.Add(channel, UtcNow);
        channel.Joined();
        return Outcome.Done.Plain;
    }

    private Outcome? ReadRefusal(ChannelName name, SandboxChannel? channel) =>
        channel is null || !telegram.IsListed(name) ? SandboxChannel.Nobody : channel.ReadRefusal(UtcNow);

    private Outcome.Done Read(int followed, TimeSpan duration)
    {
        if (followed < 0) return Outcome.Done.Plain;
        var most = SandboxFigures.PostsIn(SandboxFigures.PlannedFor(duration, telegram.Pace));
        var posts = following.Read(followed, UtcNow, most);
        return posts == 0 ? Outcome.Done.Plain : new Outcome.Done(posts);
    }

    private bool IsFullElsewhere() =>
        own.Fork("full").ToRng().Chance(telegram.Faults[SandboxFault.ChannelsTooMuch]);
}
