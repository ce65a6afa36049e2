using System.Collections.Concurrent;
using HeatUp.Channels;
using HeatUp.Plans;

namespace HeatUp.Runs.Sandbox;

/// <summary>
/// An embedded Telegram: the channels of the pool with posts, subscribers and members, and the refusals of the real
/// one. No network, no files. All chance comes from the seed by session, channel, time of going online and number of
/// the call, so that the same calls of a session at the same times get the same answers, whatever other sessions do.
/// A session's memberships and read marks are those that its history remembers; nothing of it is kept when it goes,
/// but that an account was lost, as long as the process lives. Thread-safe.
/// </summary>
/// <param name="pool">The channels that exist, those included that no plan may use; asked anew for each call.</param>
/// <param name="clock">The time.</param>
/// <param name="pace">What its answers' delays are multiplied with. At no pace it answers at once.</param>
/// <param name="seed">Where its chance comes from.</param>
/// <param name="faults">What goes wrong, how often.</param>
public sealed class SandboxTelegram(
    Func<ChannelPool> pool, TimeProvider clock, Pace pace, Seed seed, SandboxFaults faults) : ITelegram
{
    private readonly Seed channelSeed = seed.Fork("channels");
    private readonly Seed sessionSeed = seed.Fork("sessions");
    private readonly Seed lookUpSeed = seed.Fork("look-ups");
    private readonly ConcurrentDictionary<ChannelName, SandboxChannel> channels = new();
    private readonly ConcurrentDictionary<SessionId, Outcome.AccountLost> losses = new();

    /// <summary>
    /// How a session's account was lost in another process, which the steps remember; null for nobody who knows.
    /// </summary>
    public Func<SessionId, CancellationToken, ValueTask<TelegramError?>>? LossElsewhere { get; init; }

    /// <inheritdoc/>
    public string? Trouble => null;

    internal TimeProvider Clock => clock;

    internal Pace Pace => pace;

    /// <summary>What goes wrong now; it may change while nothing is asked.</summary>
    internal SandboxFaults Faults { get; set; } = faults;

    /// <inheritdoc/>
    public async ValueTask<Connection> ConnectAsync(
        SessionId session, IReadOnlyList<Membership> remembered, RunId run, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return new(null, Outcome.Cancelled.Instance);
        var loss = losses.GetValueOrDefault(session);
        if (loss is null && LossElsewhere is { } elsewhere && await elsewhere(session, cancellation) is { } why)
            loss = Lose(session, why);
        if (loss?.Why.Kind == TelegramErrorKind.AccountLost) return new(null, loss);
        var online = Open(session, remembered, loss);
        if (!online.IsOffline()) return new(online, null);
        await clock.Delay(pace.Of(RunLimits.AnswerWithin), cancellation);
        return new(null, cancellation.IsCancellationRequested ? Outcome.Cancelled.Instance : SandboxTrouble.NoAnswer);
    }

    /// <inheritdoc/>
    public async ValueTask<LookUp> LookUpAsync(ChannelName name, CancellationToken cancellation) =>
        await ReachAsync("name", name, cancellation) is { } failure ? new(null, failure) : Answer(name);

    /// <inheritdoc/>
    public async ValueTask<Similar> SimilarAsync(ChannelName channel, CancellationToken cancellation)
    {
        if (await ReachAsync("similar", channel, cancellation) is { } failure) return new([], failure);
        var found = Answer(channel);
        if (found.Failure is not null) return new([], found.Failure);
        return found.Found?.Kind == ChatKind.Channel
            ? new([.. SandboxSimilar.To(channel, pool(), channelSeed).Select(name => Answer(name).Found)
                .OfType<FoundChat>().Where(chat => chat.Kind == ChatKind.Channel)], null)
            : new([], null);
    }

    /// <summary>
    /// How many follow a channel, those who joined in this process included; null if the pool doesn't have it.
    /// </summary>
    public long? Subscribers(ChannelName name) =>
        pool().Find(name) is { } listed ? ChannelOf(name).Subscribers(listed.Subscribers) : null;

    /// <summary>When a channel's posts of a day (UTC) came, in order; none if the pool doesn't have it.</summary>
    public IEnumerable<DateTimeOffset> PostsOn(ChannelName name, DateOnly day) => Find(name)?.Posts.PostsOn(day) ?? [];

    /// <summary>
    /// The channel of this name if the pool has it, or if somebody was a member when the pool had it.
    /// </summary>
    internal SandboxChannel? Find(ChannelName name) =>
        channels.GetValueOrDefault(name) ?? (pool().Contains(name) ? ChannelOf(name) : null);

    /// <summary>Whether the channel can be found by its name now.</summary>
    internal bool IsListed(ChannelName name) => pool().Contains(name);

    /// <summary>Keeps that an account was lost, and answers what its calls hear from now on.</summary>
    internal Outcome.AccountLost Lose(SessionId session, TelegramError why) =>
        losses[session] = SandboxTrouble.Afterwards(why);

    /// <summary>Takes the time of a call that no session makes. Answers why there is no answer, or null.</summary>
    private async ValueTask<Outcome?> ReachAsync(string question, ChannelName name, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return Outcome.Cancelled.Instance;
        var call = lookUpSeed.Fork(question).Fork(name.Value.ToLowerInvariant()).Fork(clock.GetUtcNow().UtcTicks);
        var reach = SandboxReach.Draw(call.ToRng(), this, out _);
        await clock.Delay(reach.After, cancellation);
        return cancellation.IsCancellationRequested
            ? Outcome.Cancelled.Instance
            : reach.Failure?.ToOutcome(clock.GetUtcNow());
    }

    private LookUp Answer(ChannelName name)
    {
        var listed = pool().Find(name);
        return listed is null && !SandboxSimilar.IsMadeUp(name)
            ? new(null, SandboxChannel.Nobody)
            : ChannelOf(name).LookUp(listed, clock.GetUtcNow().UtcDateTime);
    }

    private SandboxSession Open(SessionId session, IReadOnlyList<Membership> remembered, Outcome.AccountLost? loss)
    {
        var following = new FollowedChannels(remembered.Count);
        for (var i = 0; i < remembered.Count; i++)
        {
            var membership = remembered[i];
            following.Add(ChannelOf(membership.Channel), (membership.LastReadAt ?? membership.JoinedAt).UtcDateTime);
        }
        return new SandboxSession(this, session, sessionSeed.Fork(session), clock.GetUtcNow(), following, loss);
    }

    private SandboxChannel ChannelOf(ChannelName name) => channels.GetOrAdd(
        name,
        static (name, world) => new SandboxChannel(name, world.channelSeed, world),
        this);
}
