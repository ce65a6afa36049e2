using HeatUp.Channels;

namespace HeatUp.Runs.Sandbox;

/// <summary>
/// A channel as all its readers meet it: a pure function of the seed, its name and the time, but for the joins of this
/// process.
/// Thread-safe.
/// </summary>
internal sealed class SandboxChannel
{
    private static readonly Outcome NotOccupied = Refused(400, "USERNAME_NOT_OCCUPIED");
    private static readonly Outcome Private = Refused(406, "CHANNEL_PRIVATE");
    private static readonly Outcome ByRequest = new Outcome.Refused(TelegramError.JoinRequested);

    private readonly ChannelName name;
    private readonly SandboxTelegram world;
    private readonly Seed states;
    private readonly (double NotOccupied, double Private, double JoinRequest) luck;
    private readonly long subscribersDrawn;
    private long joins;

    public SandboxChannel(ChannelName name, Seed seed, SandboxTelegram world)
    {
        (this.name, this.world) = (name, world);
        var own = seed.Fork(name.Value.ToLowerInvariant());
        states = own.Fork("states");
        Posts = new PostSchedule(own.Fork("posts"));
        var rng = own.Fork("subscribers").ToRng();
        subscribersDrawn = (long)HeavyTail.LogNormal(
            ref rng, SandboxFigures.SubscribersMedian, SandboxFigures.SubscribersSpread);
        luck = (
            LuckWith(SandboxFault.NotOccupied), LuckWith(SandboxFault.Private), LuckWith(SandboxFault.JoinRequest));

        double LuckWith(SandboxFault fault) => own.Fork("faults").Fork((int)fault).ToRng().NextDouble();
    }

    /// <summary>What somebody hears who asks for a name that no channel has.</summary>
    public static Outcome Nobody => NotOccupied;

    /// <summary>When it posts.</summary>
    public PostSchedule Posts { get; }

    /// <summary>What somebody hears who isn't a member and wants to read now (UTC); null if welcome.</summary>
    public Outcome? ReadRefusal(DateTime now) =>
        Refusal
        ?? (Is(SandboxFault.Vanished, now) ? NotOccupied : null)
        ?? (Is(SandboxFault.NotAChannel, now) ? SandboxTrouble.NoChannel : null);

    /// <summary>What somebody hears who wants to join now (UTC); null if welcome.</summary>
    public Outcome? JoinRefusal(DateTime now) =>
        ReadRefusal(now) ?? (luck.JoinRequest < Faults[SandboxFault.JoinRequest] ? ByRequest : null);

    /// <summary>What somebody hears who looks its name up now (UTC).</summary>
    /// <param name="listed">What the directory says of it; null if no file has it.</param>
    /// <param name="now">When.</param>
    public LookUp LookUp(Channel? listed, DateTime now)
    {
        if (Refusal is { } refusal) return new(null, refusal);
        if (Is(SandboxFault.Vanished, now)) return new(null, NotOccupied);
        var title = listed is { Description.Length: > 0 } described ? described.Description : name.Value[1..];
        if (Is(SandboxFault.NotAChannel, now)) return new(new(OtherKind(now), name, title, null, false), null);
        var nameNow = Is(SandboxFault.Renamed, now) ? NewName : name;
        return new(
            new(ChatKind.Channel, nameNow, title, Members(listed, now), Is(SandboxFault.Restricted, now)), null);
    }

    /// <summary>How many follow it: what the directory says, or a draw, and those who joined in this process.</summary>
    public long Subscribers(long? listed) => (listed ?? subscribersDrawn) + Interlocked.Read(ref joins);

    /// <summary>Counts one more follower.</summary>
    public void Joined() => Interlocked.Increment(ref joins);

    private SandboxFaults Faults => world.Faults;

    /// <summary>What everybody hears at any time, as long as nothing else goes wrong than now.</summary>
    private Outcome? Refusal => luck.NotOccupied < Faults[SandboxFault.NotOccupied] ? NotOccupied
        : luck.Private < Faults[SandboxFault.Private] ? Private
        : null;

    /// <summary>The name that it goes by while it is renamed.</summary>
    private ChannelName NewName
    {
        get
        {
            const string ending = "_renamed";
            var bare = name.Value[1..Math.Min(name.Value.Length, ChannelName.LengthMax - ending.Length + 1)];
            return ChannelName.Parse(bare.TrimEnd('_') + ending);
        }
    }

    /// <summary>
    /// The listed count: a file that is kept for the real Telegram must not be filled with drawn ones unasked.
    /// </summary>
    private long? Members(Channel? listed, DateTime now) =>
        listed is null || Is(SandboxFault.Recounted, now) ? subscribersDrawn : listed.Subscribers;

    private ChatKind OtherKind(DateTime now)
    {
        var rng = states.Fork("kind").Fork(PeriodOf(now)).ToRng();
        return (ChatKind)rng.Between((int)ChatKind.Group, (int)ChatKind.Person);
    }

    private bool Is(SandboxFault state, DateTime now) =>
        Faults[state] > 0 && states.Fork((int)state).Fork(PeriodOf(now)).ToRng().Chance(Faults[state]);

    /// <summary>Each channel has fortnights of its own, so that not all change on one day.</summary>
    private long PeriodOf(DateTime now)
    {
        var phase = states.Fork("phase").ToRng().Between(TimeSpan.Zero, SandboxFigures.StateFor);
        return (now.Ticks + phase.Ticks) / SandboxFigures.StateFor.Ticks;
    }

    private static Outcome.Refused Refused(int code, string message) => new(new TelegramError(code, message));
}
