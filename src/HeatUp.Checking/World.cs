using HeatUp.Runs;
using HeatUp.Runs.Sandbox;
using HeatUp.Simulations;

namespace HeatUp.Checking;

/// <summary>
/// All that outlives the processes of one check: the time, the memory, Telegram, what the observers know, and the
/// chance that draws what goes wrong. Not thread-safe: its virtual time runs it.
/// </summary>
internal sealed class World : IDisposable
{
    private const long EventsMax = 100_000;

    private readonly List<Action> planned = [];
    private readonly HashSet<SessionId> lost = [];
    private readonly SandboxTelegram rough;
    private readonly SandboxTelegram calm;
    private Rng rng;

    public World(Seed seed)
    {
        Seed = seed;
        Circumstances = Circumstances.Of(seed);
        rng = seed.Fork("trouble").ToRng();
        Time = new VirtualTime(Circumstances.Start, number => planned[number]()) { EventsMax = EventsMax };
        Machine = new MachineClock(Time);
        Journal = new Journal(Time);
        Seen = new Observations(Journal);
        Memory = new DurableMemory(Circumstances.Pool);
        rough = Sandbox(Circumstances.Faults);
        calm = Sandbox(SandboxFaults.None);
    }

    public Seed Seed { get; }

    public Circumstances Circumstances { get; }

    public VirtualTime Time { get; }

    public MachineClock Machine { get; }

    public Journal Journal { get; }

    public Observations Seen { get; }

    public DurableMemory Memory { get; }

    /// <summary>Whether nothing goes wrong any more.</summary>
    public bool IsQuiet { get; private set; }

    /// <summary>Whether some trouble comes, which it does with this probability until it is quiet.</summary>
    public bool Chance(double probability) => rng.Chance(probability) && !IsQuiet;

    public int Whole(int low, int high) => rng.Between(low, high);

    /// <summary>A time in whole milliseconds.</summary>
    public TimeSpan Between(TimeSpan low, TimeSpan high) =>
        TimeSpan.FromMilliseconds(low.TotalMilliseconds + rng.Next((int)(high - low).TotalMilliseconds + 1));

    /// <summary>Plans something.</summary>
    public void At(DateTimeOffset time, Action act)
    {
        planned.Add(act);
        Time.Visit(planned.Count - 1, time);
    }

    public void After(TimeSpan wait, Action act) => At(Time.GetUtcNow() + wait, act);

    /// <summary>Nothing goes wrong from now on.</summary>
    public void BeQuiet() => IsQuiet = true;

    /// <summary>An account that was lost stays so.</summary>
    public void Lose(SessionId session) => lost.Add(session);

    /// <summary>The sandbox for what is no session's business.</summary>
    public SandboxTelegram Sandboxed => IsQuiet ? calm : rough;

    /// <summary>The sandbox that a session meets now.</summary>
    public SandboxTelegram SandboxFor(SessionId session) => IsQuiet && !lost.Contains(session) ? calm : rough;

    /// <summary>Does something that nobody waits for; what it throws is a fault.</summary>
    public async void Detach(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            Journal.Broken(ViolationKind.Safety, Invariant.NoFault, null, $"{fault.GetType().Name}: {fault.Message}");
        }
    }

    public void Dispose() => Journal.Dispose();

    private SandboxTelegram Sandbox(SandboxFaults faults) =>
        new(() => Circumstances.Pool, Machine, Pace.Real, Seed, faults);
}
