using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Runs.Sandbox;
using HeatUp.Sessions;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.SittingTests;

/// <summary>
/// The whole path on a clock that the test drives, with the sandbox, over a store that outlasts restarts.
/// </summary>
internal sealed class SittingsWorld
{
    public static readonly SessionId Alice = SessionId.Parse("alice");
    public static readonly SessionId Bob = SessionId.Parse("bob");
    public static readonly ChannelName Durov = ChannelName.Parse("@durov");
    public static readonly ChannelName News = ChannelName.Parse("@telegram");

    public SittingsWorld(Func<PlanRequest, PlannedAction[]>? plan = null, int sittingsMax = 100)
    {
        Planner = new ScriptedPlanner(plan ?? (_ => FourActions));
        this.sittingsMax = sittingsMax;
        Path = Restarted();
    }

    private readonly int sittingsMax;

    public FakeTimeProvider Clock { get; } = FakeTime.AtNoon();

    public MemorySessionStore Store { get; } = new();

    public ScriptedPlanner Planner { get; }

    public FakeLogger<Sittings> Log { get; } = new();

    public SittingPath Path { get; private set; }

    public Sittings Sittings => Path.Sittings;

    /// <summary>A plan for somebody new: join, read, break, read.</summary>
    public static PlannedAction[] FourActions =>
    [
        new JoinChannel(Durov, "why"), new ReadMessages(Durov, TimeSpan.FromSeconds(8), "why"),
        new Idle(TimeSpan.FromSeconds(5), "why"), new ReadMessages(News, TimeSpan.FromSeconds(4), "why"),
    ];

    /// <summary>A session's first run, as another process begins it.</summary>
    public static RunRecord FirstRunOf(SessionId session) => new(
        RunId.For(new Seed(9), session, 1, FakeTime.Noon), session, 1,
        ScriptedPlanner.Of(FourActions), FakeTime.Noon, [], null, null);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The service as it is after a start of its process.</summary>
    public SittingPath Restarted()
    {
        Store.Restart();
        var sandbox = new SandboxTelegram(
            () => ChannelPool.VerifiedOnly, Clock, Pace.Real, new Seed(7), SandboxFaults.None);
        var runner = new Runner(sandbox, Clock, Pace.Real, new Seed(7));
        return Path = new SittingPath(Store, Planner, runner, Clock, sittingsMax, log: Log);
    }

    public async Task<Sitting> StartAsync(SessionId session) =>
        (await Sittings.StartAsync(session, Cancellation)).ShouldBeOfType<SittingStart.Started>().Sitting;

    /// <summary>One whole sitting.</summary>
    public async Task<RunRecord> LiveAsync(SessionId session)
    {
        var sitting = await StartAsync(session);
        await Clock.RunAsync(Sittings.RunAsync(sitting));
        return sitting.Snapshot();
    }

    /// <summary>Lets time pass until the sitting has done this many steps.</summary>
    public async Task StepsAsync(Sitting sitting, int count)
    {
        while (sitting.Snapshot().Steps.Count < count)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
    }
}
