using System.Collections.Concurrent;
using HeatUp.Channels;
using HeatUp.Simulations;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace HeatUp.Cluster;

/// <summary>Populations whose shards live on all nodes. Thread-safe.</summary>
public sealed class ClusterPopulations
{
    private readonly IGrainFactory grains;
    private readonly ISiloStatusOracle silos;
    private readonly ShardHost host;
    private readonly TimeProvider clock;
    private readonly ILogger<ClusterShards> log;
    private int count;

    internal ClusterPopulations(
        IGrainFactory grains, ISiloStatusOracle silos, ShardHost host, TimeProvider clock,
        ILogger<ClusterShards> log) =>
        (this.grains, this.silos, this.host, this.clock, this.log) = (grains, silos, host, clock, log);

    /// <summary>The shards of one population.</summary>
    /// <param name="scenario">What is simulated, with the built-in planner.</param>
    /// <param name="channels">The channels, as a file has them.</param>
    public ClusterShards Spread(Scenario scenario, ReadOnlyMemory<byte> channels) => new(
        grains, silos, host, clock, log, $"{silos.SiloAddress} {Interlocked.Increment(ref count)}", scenario, channels);
}

/// <summary>
/// Lives the shards of one population on all nodes in turn; those of a node that dies or stops are lived again, from
/// the start, on another. Thread-safe.
/// </summary>
public sealed partial class ClusterShards : IShardNodes, IDisposable
{
    // Longer than the engine takes to declare a node dead. After that the shard is lived here, which always works.
    private const int AttemptsMax = 30;

    private static readonly TimeSpan AttemptEvery = TimeSpan.FromMilliseconds(500);

    private readonly IGrainFactory grains;
    private readonly ISiloStatusOracle silos;
    private readonly ShardHost host;
    private readonly TimeProvider clock;
    private readonly ILogger<ClusterShards> log;
    private readonly string population;
    private readonly string scenario;
    private readonly byte[] channels;
    private readonly ConcurrentDictionary<int, ShardSlot> here = new();
    private readonly ConcurrentDictionary<int, bool> elsewhere = new();

    internal ClusterShards(
        IGrainFactory grains, ISiloStatusOracle silos, ShardHost host, TimeProvider clock, ILogger<ClusterShards> log,
        string population, Scenario scenario, ReadOnlyMemory<byte> channels)
    {
        (this.grains, this.silos, this.host, this.clock, this.log) = (grains, silos, host, clock, log);
        (this.population, this.scenario) = (population, ScenarioFile.ToJson(scenario));
        this.channels = channels.ToArray();
    }

    /// <inheritdoc/>
    public byte[] Live(int shard, IReadOnlyList<Leg> legs)
    {
        var whole = new ShardRequest(
            ShardHost.Version, legs.Count - 1, legs, new WholeShard(scenario, channels, shard));
        for (var attempt = 0; attempt < AttemptsMax && !here.ContainsKey(shard) && !host.IsStopping; attempt++)
        {
            var next = attempt == 0 && elsewhere.ContainsKey(shard)
                ? whole with { Legs = [legs[^1]], Whole = null }
                : whole;
            if (Ask(shard, attempt, next) is { } part) return part;
        }
        return host.Live(here.GetOrAdd(shard, _ => new ShardSlot()), whole).Happened!;
    }

    /// <summary>Lets the nodes forget the population.</summary>
    public void Dispose()
    {
        foreach (var shard in elsewhere.Keys) _ = ForgetAsync(shard);
        foreach (var slot in here.Values) slot.Dispose();
    }

    /// <summary>Null if the node that was asked has not lived it.</summary>
    private byte[]? Ask(int shard, int attempt, ShardRequest request)
    {
        try
        {
            // Counts only if the shard is nowhere yet. Shards are few, and work for long: so in turn, not by chance.
            var living = silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Order().ToList();
            if (living.Count > 0)
                RequestContext.Set(IPlacementDirector.PlacementHintKey, living[(shard + attempt) % living.Count]);
            var reply = ShardReply.Parse(GrainOf(shard).LiveAsync(request.Write()).GetAwaiter().GetResult());
            elsewhere[shard] = true;
            if (reply.OtherVersion is { } other)
            {
                OfAnotherVersion(log, shard, other);
                here.TryAdd(shard, new ShardSlot());
            }
            else if (!reply.IsLost) return reply.Happened;
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException or OperationCanceledException)
        {
            Unanswered(log, shard, failure.Message);
            if (!host.IsStopping) Task.Delay(AttemptEvery, clock).GetAwaiter().GetResult();
        }
        return null;
    }

    private async Task ForgetAsync(int shard)
    {
        try
        {
            await GrainOf(shard).EndAsync();
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException or OperationCanceledException)
        {
            // Its node is gone, or forgets it by itself some time after the last call.
        }
    }

    private IShardGrain GrainOf(int shard) => grains.GetGrain<IShardGrain>($"{population}/{shard}");

    [LoggerMessage(65, LogLevel.Warning, "Shard {Shard} of a population: its node did not answer. {Why}")]
    private static partial void Unanswered(ILogger log, int shard, string why);

    [LoggerMessage(66, LogLevel.Warning,
        "Shard {Shard} of a population lives here: its node is of another version, {Version}")]
    private static partial void OfAnotherVersion(ILogger log, int shard, string version);
}
