using HeatUp.Channels;

namespace HeatUp.Runs.Sandbox;

/// <summary>
/// A channel as all its readers meet it: a pure function of the seed and its name, but for the joins of this process.
/// Thread-safe.
/// </summary>
internal sealed class SandboxChannel
{
    private static readonly Outcome NotOccupied = Refused(400, "USERNAME_NOT_OCCUPIED");
    private static readonly Outcome Private = Refused(406, "CHANNEL_PRIVATE");
    private static readonly Outcome ByRequest = new Outcome.Refused(TelegramError.JoinRequested);

    private readonly long subscribersDrawn;
    private long joins;

    public SandboxChannel(ChannelName name, Seed seed, SandboxFaults faults)
    {
        var own = seed.Fork(name.Value.ToLowerInvariant());
        Posts = new PostSchedule(own.Fork("posts"));
        var rng = own.Fork("subscribers").ToRng();
        subscribersDrawn = (long)HeavyTail.LogNormal(
            ref rng, SandboxFigures.SubscribersMedian, SandboxFigures.SubscribersSpread);
        ReadRefusal = Is(SandboxFault.NotOccupied) ? NotOccupied : Is(SandboxFault.Private) ? Private : null;
        JoinRefusal = ReadRefusal ?? (Is(SandboxFault.JoinRequest) ? ByRequest : null);

        bool Is(SandboxFault fault) => own.Fork("faults").Fork((int)fault).ToRng().Chance(faults[fault]);
    }

    /// <summary>What somebody hears who asks for a name that no channel has.</summary>
    public static Outcome Nobody => NotOccupied;

    /// <summary>When it posts.</summary>
    public PostSchedule Posts { get; }

    /// <summary>What somebody hears who isn't a member and wants to read; null if welcome.</summary>
    public Outcome? ReadRefusal { get; }

    /// <summary>What somebody hears who wants to join; null if welcome.</summary>
    public Outcome? JoinRefusal { get; }

    /// <summary>How many follow it: what the directory says, or a draw, and those who joined in this process.</summary>
    public long Subscribers(long? listed) => (listed ?? subscribersDrawn) + Interlocked.Read(ref joins);

    /// <summary>Counts one more follower.</summary>
    public void Joined() => Interlocked.Increment(ref joins);

    private static Outcome.Refused Refused(int code, string message) => new(new TelegramError(code, message));
}
