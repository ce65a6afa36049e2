using System.Runtime.InteropServices;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Runs.Sandbox;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HeatUp.Simulations;

/// <summary>
/// A part of the population with a virtual time, a sandbox and a memory of its own: the path, as the service has it.
/// Sessions meet nowhere, so that it doesn't matter which of them share a shard or on which thread it runs.
/// </summary>
internal sealed class Shard : IDisposable
{
    private readonly HashSet<int> lost = [];
    private readonly SandboxTelegram telegram;
    private readonly Sittings sittings;
    private readonly IWitness[] witnesses;
    private readonly bool callsOutside;
    private Population population;
    private int enough = PublishAt;

    // Few enough that what happened is published before the next collection of garbage would keep it.
    private const int PublishAt = 16;

    // The shards together ask for twice as many plans as are made at once, so that there is always a next one.
    private const int AskingPerPlan = 2;
    private const int AskingMin = 16;

    /// <summary>A shard.</summary>
    /// <param name="scenario">What is simulated.</param>
    /// <param name="population">Who lives there.</param>
    /// <param name="pool">The channels.</param>
    /// <param name="planner">Who plans in the outside world; null for the built-in planner.</param>
    /// <param name="advisor">Who advises the planner; null for nobody.</param>
    /// <param name="witnesses">Who hears what happens, beside the transcript and the tally.</param>
    public Shard(
        Scenario scenario, Population population, ChannelPool pool, IPlanner? planner, IAdvisor? advisor,
        params IWitness[] witnesses)
    {
        this.population = population;
        callsOutside = planner is not null;
        Time = new VirtualTime(scenario.Start, Visit, isInline: true) { OutsideMax = AskingMax(planner) };
        Memory = new ShardMemory(pool, Time);
        Tally = new Tally(scenario, population, pool);
        this.witnesses = [Transcript, Tally, .. witnesses];
        telegram = new SandboxTelegram(() => pool, Time, Pace.Real, scenario.Seed, scenario.Faults);
        IPlanner chosen =
            planner is null ? new BuiltinPlanner(scenario.Seed) : new OutsidePlanner(planner, Time, () => Stop);
        var (claims, log) = (new Claims(int.MaxValue), NullLogger<Sittings>.Instance);
        sittings = new Sittings(
            Memory,
            new Planning(chosen, () => pool, Time, advisor),
            new Runner(telegram, Time, Pace.Real, scenario.Seed),
            claims,
            new RunWriter(Memory, claims, Time, log),
            Time,
            scenario.Seed,
            log);
    }

    public VirtualTime Time { get; }

    public ShardMemory Memory { get; }

    public Transcript Transcript { get; } = new();

    public Tally Tally { get; }

    /// <summary>Lives an epoch of it in another process; null if it is lived here.</summary>
    public Func<byte[]>? LiveElsewhere { get; init; }

    /// <summary>Gives up what is asked of the outside; set while nothing runs.</summary>
    public CancellationToken Stop { get; set; }

    /// <summary>Adds a session.</summary>
    public void Add(int session)
    {
        var arrival = population.ArrivalOf(session);
        Tally.Arrived();
        if (LiveElsewhere is not null) return;
        if (population.NextSitting(session, arrival) is { } first) Time.Visit(session, first);
    }

    /// <summary>
    /// Changes the rules at their time, which is now: what goes wrong on the sandbox, and how the sessions live. Who is
    /// in a sitting follows new habits after it. What plans are advised by is not the shard's own.
    /// </summary>
    /// <param name="change">The change.</param>
    /// <param name="habits">How the sessions live after it.</param>
    /// <param name="sessions">The shard's sessions.</param>
    public void Follow(RuleChange change, Population habits, IEnumerable<int> sessions)
    {
        if (change.Faults is { } faults) telegram.Faults = faults;
        if (change.SittingsPerDay is null) return;
        population = habits;
        Time.CancelVisits();
        // As long after now as any sitting that is over must be ago.
        var earliest = change.At + Population.BreakMin;
        foreach (var session in sessions)
        {
            if (lost.Contains(session) || Memory.IsSitting(session)) continue;
            var arrival = population.ArrivalOf(session);
            if (population.NextSitting(session, arrival > earliest ? arrival : earliest) is { } next)
                Time.Visit(session, next);
        }
    }

    /// <summary>
    /// Lives until a time. False if it waits for the outside; then it goes on when asked again.
    /// </summary>
    public bool RunUntil(long end)
    {
        if (LiveElsewhere is { } live)
        {
            Hear(live());
            return true;
        }
        var isDone = Time.RunUntil(end);
        if (isDone) Publish(long.MaxValue);
        else if (Memory.Happenings.Count >= enough) Publish(Time.Settled);
        return isDone;
    }

    public void Dispose() => Transcript.Dispose();

    private void Hear(byte[] part)
    {
        using var reader = new HappeningReader(part, Memory.PlanOf);
        foreach (var happening in reader.ReadAll()) Memory.Hear(happening);
        Publish(long.MaxValue);
        if (!Transcript.Now().AsSpan().SequenceEqual(reader.Transcript)) throw new InvalidOperationException(
            "What another process sent of a population is not what happened there.");
    }

    /// <summary>How many of a shard's sessions wait for their plans at once.</summary>
    private static int AskingMax(IPlanner? planner)
    {
        if (planner is null) return int.MaxValue;
        var all = AskingPerPlan * (long)planner.PlansAtOnce;
        return (int)Math.Max(AskingMin, all / Simulation.ShardsMax);
    }

    private void Visit(int session)
    {
        // While nobody waits for the outside, time only goes forward: what is behind it is in its final order.
        var told = Memory.Happenings;
        if (!callsOutside && told.Count >= PublishAt && told[^1].At < Time.GetTimestamp()) Publish(long.MaxValue);
        _ = SitAsync(session);
    }

    private async Task SitAsync(int session)
    {
        try
        {
            var start = await sittings.StartAsync(Population.NameOf(session));
            if (start is not SittingStart.Started(var sitting))
                throw new InvalidOperationException($"Session {session} got no sitting: {start}.");
            var end = await sittings.RunAsync(sitting);
            // Nobody is there who could log in again.
            if (end.Code == EndCode.AccountLost)
            {
                lost.Add(session);
                return;
            }
            if (population.NextSitting(session, Time.GetUtcNow() + Population.BreakMin) is { } next)
                Time.Visit(session, next);
        }
        catch (Exception failure)
        {
            Time.Fail(failure);
        }
    }

    /// <summary>Tells on what happened before a time, before which nothing happens any more.</summary>
    private void Publish(long before)
    {
        var happened = Memory.Happenings;
        if (!IsInOrder(happened))
            happened = Memory.Happenings = [.. happened.OrderBy(one => one.At).ThenBy(one => one.Session)];
        var count = 0;
        foreach (ref readonly var happening in CollectionsMarshal.AsSpan(happened))
        {
            if (happening.At >= before) break;
            foreach (var witness in witnesses) witness.Saw(happening);
            count++;
        }
        happened.RemoveRange(0, count);
        // What is not settled yet is put in order again each time; that must stay little beside what is new.
        enough = Math.Max(PublishAt, 2 * happened.Count);
    }

    private static bool IsInOrder(List<Happening> told)
    {
        for (var i = 1; i < told.Count; i++)
            if (told[i - 1].At > told[i].At
                || (told[i - 1].At == told[i].At && told[i - 1].Session > told[i].Session))
                return false;
        return true;
    }
}

/// <summary>A planner in the outside world: no virtual time passes while it thinks.</summary>
/// <param name="planner">It.</param>
/// <param name="time">The time that stands still.</param>
/// <param name="stop">Gives up its plans, and with them the epoch. The path's own token is none for it: a sitting
/// without a plan is not a sitting that ended.</param>
internal sealed class OutsidePlanner(IPlanner planner, VirtualTime time, Func<CancellationToken> stop) : IPlanner
{
    /// <inheritdoc/>
    public ValueTask<Plan> PlanAsync(PlanRequest request, CancellationToken cancellation)
    {
        var givingUp = stop();
        // What is recorded is answered at once, and would go on for the whole epoch.
        givingUp.ThrowIfCancellationRequested();
        return new(time.OutsideAsync(() => planner.PlanAsync(request, givingUp).AsTask()));
    }
}
