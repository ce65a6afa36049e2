using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using HeatUp.Channels;
using HeatUp.Channels.Recommendations;
using HeatUp.Plans;

namespace HeatUp.Simulations;

/// <summary>
/// A population's life from a scenario's start to its end. It is cut into epochs, after each of which it can stop; how
/// long they are follows from the scenario. Its shards, always as many, run on as many threads as it is given, with
/// the same result on one thread and on many.
/// </summary>
public sealed class Simulation : IDisposable
{
    /// <summary>How many parts a population has, at most; one thread runs one part at a time.</summary>
    public const int ShardsMax = 32;

    private const double ActionsPerEpochMin = 50_000;
    private const double SittingsPerOutsideEpochMin = 20_000;

    private static readonly int[] EpochHours = [1, 2, 3, 4, 6, 8, 12, 24, 48, 96];
    private const int HoursOfDay = 24;

    private static readonly int[] FirstModelsAfterDays = [1, 2, 4];
    private const int ModelEveryDays = 7;

    private readonly Scenario scenario;
    private readonly Recommender? recommender;
    private readonly int threadCount;
    private readonly Shard[] shards;
    private readonly BlockingCollection<Shard> runnable = [];
    private readonly Lock gate = new();
    private readonly HashSet<Shard> waiting = [];
    private readonly ManualResetEventSlim epochOver = new();
    private readonly Thread[] threads;
    private readonly List<EpochMark> marks = [];
    private readonly List<Leg> legs = [];
    private readonly bool isElsewhere;
    private Followed? followed;
    private Exception? fault;
    private Scenario rules;
    private int changed;
    private int left;
    private long epochEnd;

    /// <summary>Makes a population.</summary>
    /// <param name="scenario">What is simulated.</param>
    /// <param name="pool">The channels.</param>
    /// <param name="planner">Who plans if the scenario's planner is the language model; it is called on threads of its
    /// own, as many calls at once as come.</param>
    /// <param name="threadCount">How many threads run it; 1 or more.</param>
    public Simulation(Scenario scenario, ChannelPool pool, IPlanner? planner, int threadCount)
        : this(scenario, pool, planner, threadCount, _ => [])
    {
    }

    /// <param name="scenario">What is simulated.</param>
    /// <param name="pool">The channels.</param>
    /// <param name="planner">Who plans; null for the built-in planner.</param>
    /// <param name="threadCount">How many threads run it, or wait for other processes.</param>
    /// <param name="witnessesOf">Who hears what happens in a shard.</param>
    /// <param name="nodes">The other processes that live it; null to live it here.</param>
    internal Simulation(
        Scenario scenario, ChannelPool pool, IPlanner? planner, int threadCount, Func<int, IWitness[]> witnessesOf,
        IShardNodes? nodes = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threadCount, 1);
        isElsewhere = nodes is not null;
        (this.scenario, this.threadCount) = (scenario, threadCount);
        rules = scenario;
        recommender = Advises(scenario) ? new Recommender() : null;
        var advisor = recommender is null ? null : new RecommendingAdvisor(recommender);
        Pool = pool;
        Population = new Population(scenario);
        EpochLength = LengthOfEpochs(scenario, callsOutside: planner is not null);
        shards = [.. Enumerable.Range(0, ShardsOf(scenario)).Select(number =>
            new Shard(scenario, Population, pool, planner, advisor, witnessesOf(number))
            {
                LiveElsewhere = nodes is null ? null : () => nodes.Live(number, legs),
            })];
        for (var session = 0; session < scenario.Sessions; session++) shards[session % shards.Length].Add(session);
        foreach (var shard in shards) shard.Time.Returned = () => Wake(shard);
        Reached = scenario.Start;
        threads = [.. Enumerable.Range(1, threadCount).Select(number =>
            new Thread(Work) { IsBackground = true, Name = $"HeatUp simulation {number}" })];
        foreach (var thread in threads) thread.Start();
    }

    /// <summary>How far it has come.</summary>
    public DateTimeOffset Reached { get; private set; }

    /// <summary>Whether it is over, the sittings that began before the end included.</summary>
    public bool IsOver { get; private set; }

    /// <summary>How long an epoch is.</summary>
    public TimeSpan EpochLength { get; }

    /// <summary>What it was at the end of each epoch and each day.</summary>
    public IReadOnlyList<EpochMark> Marks => marks;

    /// <summary>How many sittings began so far.</summary>
    public long Sittings => shards.Sum(shard => shard.Tally.Sittings);

    /// <summary>How many actions were tried so far.</summary>
    public long Actions => shards.Sum(shard => shard.Tally.Actions);

    /// <summary>The hash of all that happened so far.</summary>
    public string Transcript => HeatUp.Simulations.Transcript.Of(shards.Select(shard => shard.Transcript));

    internal ChannelPool Pool { get; }

    internal Population Population { get; }

    internal IReadOnlyList<Shard> Shards => shards;

    /// <summary>Runs one epoch.</summary>
    /// <param name="stop">Gives up the plans that the outside is making, so that nobody waits for it.</param>
    /// <exception cref="OperationCanceledException">It was given up: the population is somewhere in the epoch, and
    /// can't live on.</exception>
    public void RunEpoch(CancellationToken stop = default)
    {
        foreach (var shard in shards) shard.Stop = stop;
        var next = Reached + EpochLength;
        var end = next < scenario.End ? next : scenario.End;
        for (var day = Reached.AddDays(1); day < end; day = day.AddDays(1))
        {
            FollowUntil(day);
            RunUntil(day.UtcTicks);
            marks.Add(new EpochMark(day, Transcript));
        }
        FollowUntil(end);
        // Nobody begins anything after the end; what began before goes on until it is over.
        RunUntil(next < scenario.End ? next.UtcTicks : long.MaxValue);
        Reached = end;
        IsOver = next >= scenario.End;
        marks.Add(new EpochMark(end, Transcript));
        if (!IsOver && IsTimeForModel()) Advise(FollowedNow());
    }

    /// <summary>Runs to each change of the rules that comes before a time, and makes it.</summary>
    private void FollowUntil(DateTimeOffset end)
    {
        for (; changed < scenario.Changes.Length && scenario.Changes[changed].At < end; changed++)
        {
            RunUntil(scenario.Changes[changed].At.UtcTicks);
            Follow(scenario.Changes[changed]);
        }
    }

    private void RunUntil(long end)
    {
        if (isElsewhere) legs.Add(new Leg(end, followed));
        followed = null;
        epochEnd = end;
        left = shards.Length;
        epochOver.Reset();
        // The shards themselves come back soon after a stop, and all must.
        foreach (var shard in shards) runnable.Add(shard, CancellationToken.None);
        epochOver.Wait(CancellationToken.None);
        if (fault is not null) ExceptionDispatchInfo.Throw(fault);
    }

    /// <summary>Changes the rules while nothing runs.</summary>
    private void Follow(RuleChange change)
    {
        rules = rules.After(change);
        if (change.Recommendations is { } advises) Advise(advises ? FollowedNow() : Followed.Nothing);
        // What else it changes, whoever lives the shards knows by itself.
        if (isElsewhere) return;
        var habits = new Population(rules);
        for (var number = 0; number < shards.Length; number++)
            shards[number].Follow(change, habits, SessionsOf(scenario, number));
    }

    /// <summary>The sessions of a shard.</summary>
    internal static IEnumerable<int> SessionsOf(Scenario scenario, int shard)
    {
        for (var session = shard; session < scenario.Sessions; session += ShardsOf(scenario)) yield return session;
    }

    /// <summary>Whether plans are advised at any time.</summary>
    internal static bool Advises(Scenario scenario) =>
        scenario.Recommendations || scenario.Changes.Any(change => change.Recommendations is true);

    /// <summary>What all sessions follow by now: while nothing runs, the same for whoever comes here.</summary>
    private Followed FollowedNow() => Followed.Of(shards.Select(shard => shard.Memory));

    /// <summary>Plans are advised by this from now on.</summary>
    private void Advise(Followed now)
    {
        if (isElsewhere) followed = now;
        else recommender!.Model = now.ToModel(Pool, threadCount);
    }

    private bool IsTimeForModel()
    {
        var lived = Reached - scenario.Start;
        if (!rules.Recommendations || lived.Ticks % TimeSpan.TicksPerDay != 0) return false;
        return lived.Days % ModelEveryDays == 0 || FirstModelsAfterDays.Contains(lived.Days);
    }

    /// <summary>How many parts the population of a scenario has.</summary>
    internal static int ShardsOf(Scenario scenario) => Math.Min(ShardsMax, scenario.Sessions);

    /// <summary>What was counted so far, in all shards together.</summary>
    internal Tally Count()
    {
        var whole = Tally.Of([.. shards.Select(shard => shard.Tally)]);
        foreach (var shard in shards) whole.Take(shard.Memory.Joins);
        return whole;
    }

    /// <summary>Ends the threads. Not while an epoch runs.</summary>
    public void Dispose()
    {
        runnable.CompleteAdding();
        foreach (var thread in threads) thread.Join();
        foreach (var shard in shards) shard.Dispose();
        runnable.Dispose();
        epochOver.Dispose();
    }

    /// <summary>
    /// Long enough that what comes with each epoch costs little, and that calls to the outside are many; a function of
    /// the scenario alone, because a run that was stopped goes on at an epoch's end.
    /// </summary>
    private static TimeSpan LengthOfEpochs(Scenario scenario, bool callsOutside)
    {
        var sittingsPerHour = scenario.Sessions * scenario.SittingsPerDayMean / 24;
        var (perHour, least) = callsOutside
            ? (sittingsPerHour, SittingsPerOutsideEpochMin)
            : (sittingsPerHour * Population.ActionsPerSittingMean, ActionsPerEpochMin);
        // What is waited for may be given up, and models of what is followed are made at a day's end.
        var most = callsOutside || Advises(scenario) ? HoursOfDay : EpochHours[^1];
        var hours = EpochHours.FirstOrDefault(hours => hours >= most || hours * perHour >= least);
        return TimeSpan.FromHours(hours);
    }

    private void Work()
    {
        foreach (var shard in runnable.GetConsumingEnumerable())
        {
            try
            {
                if (!shard.RunUntil(epochEnd))
                {
                    Park(shard);
                    continue;
                }
            }
            catch (Exception failure)
            {
                fault ??= failure;
            }
            if (Interlocked.Decrement(ref left) == 0) epochOver.Set();
        }
    }

    private void Park(Shard shard)
    {
        lock (gate)
        {
            if (shard.Time.HasReturned) runnable.Add(shard);
            else waiting.Add(shard);
        }
    }

    private void Wake(Shard shard)
    {
        lock (gate)
        {
            if (waiting.Remove(shard)) runnable.Add(shard);
        }
    }
}
