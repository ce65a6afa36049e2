using HeatUp.Channels;
using HeatUp.Channels.Recommendations;
using HeatUp.Plans;

namespace HeatUp.Simulations;

/// <summary>Lives the shards of a population in other processes, leg by leg. Thread-safe.</summary>
public interface IShardNodes
{
    /// <summary>
    /// Lives the last of these legs, somewhere, and waits for it; answers what <see cref="ShardLife.Live"/> does. One
    /// call for a shard at a time, and its legs in their order.
    /// </summary>
    /// <param name="shard">The shard's number.</param>
    /// <param name="legs">All legs from the start on; what is not the last was lived before.</param>
    byte[] Live(int shard, IReadOnlyList<Leg> legs);
}

/// <summary>A part of a population's time, in which its shards need nothing of each other.</summary>
/// <param name="End">When it ends, in ticks of UTC.</param>
/// <param name="Followed">What plans are advised by from its start on; null for what they were.</param>
public sealed record Leg(long End, Followed? Followed);

/// <summary>
/// One shard of a population, lived for another process. What it answers is a function of the scenario, the pool and
/// the legs alone, so that a shard whose process died is lived again, from the start, in another. Not thread-safe.
/// </summary>
public sealed class ShardLife : IDisposable
{
    private readonly HappeningWriter happened = new();
    private readonly Recommender? recommender;
    private readonly Scenario scenario;
    private readonly Shard shard;
    private readonly int number;
    private Scenario rules;
    private int changed;

    /// <summary>A shard at the scenario's start.</summary>
    /// <param name="scenario">What is simulated, with the built-in planner.</param>
    /// <param name="pool">The channels.</param>
    /// <param name="number">The shard's number, from 0 on.</param>
    public ShardLife(Scenario scenario, ChannelPool pool, int number)
    {
        (this.scenario, rules, this.number) = (scenario, scenario, number);
        recommender = Simulation.Advises(scenario) ? new Recommender() : null;
        var advisor = recommender is null ? null : new RecommendingAdvisor(recommender);
        shard = new Shard(scenario, new Population(scenario), pool, null, advisor, happened);
        foreach (var session in Simulation.SessionsOf(scenario, number)) shard.Add(session);
    }

    /// <summary>How many legs it has lived.</summary>
    public int Legs { get; private set; }

    /// <summary>Lives a leg; answers what happened in it, for the process that asked.</summary>
    /// <param name="leg">The next leg.</param>
    /// <param name="modelOf">The model of what is followed, as <see cref="Followed.ToModel"/> makes it.</param>
    public byte[] Live(Leg leg, Func<Followed, RecommendationModel> modelOf)
    {
        if (leg.Followed is { } followed) recommender!.Model = modelOf(followed);
        shard.RunUntil(leg.End);
        for (; changed < scenario.Changes.Length && scenario.Changes[changed].At.UtcTicks == leg.End; changed++)
        {
            rules = rules.After(scenario.Changes[changed]);
            shard.Follow(
                scenario.Changes[changed], new Population(rules), Simulation.SessionsOf(scenario, number));
        }
        Legs++;
        return happened.Take(shard.Transcript.Now());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        shard.Dispose();
        happened.Dispose();
    }
}
