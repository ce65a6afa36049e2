using System.Collections.Concurrent;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using HeatUp.Channels;
using HeatUp.Channels.Recommendations;
using HeatUp.Simulations;
using Orleans.Placement;

namespace HeatUp.Cluster;

/// <summary>A shard of a population that another node simulates. Bytes in, bytes out, as for sessions.</summary>
[Alias("heat-up.shard")]
internal interface IShardGrain : IGrainWithStringKey
{
    /// <summary>
    /// Lives the shard's next leg, for a <see cref="ShardRequest"/>; answers a <see cref="ShardReply"/>. A shard that
    /// was lost is lived from the start, so that it may take as long as the population has taken.
    /// </summary>
    [Alias("live"), ResponseTimeout("06:00:00")]
    Task<byte[]> LiveAsync(byte[] request);

    /// <summary>The population is over.</summary>
    [Alias("end")]
    Task EndAsync();
}

/// <summary>
/// Holds a shard between its legs. Placed where the node says that asks: it spreads the shards evenly.
/// </summary>
[RandomPlacement]
internal sealed class ShardGrain(ShardHost host) : Grain, IShardGrain, IDisposable
{
    private readonly ShardSlot slot = new();

    public Task<byte[]> LiveAsync(byte[] request) => host.LiveAsync(slot, request);

    public Task EndAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public void Dispose() => slot.Dispose();
}

/// <summary>
/// Lives the shards that other nodes ask for, outside of their grains' turns, as many at once as there are cores.
/// Thread-safe.
/// </summary>
internal sealed class ShardHost(Claims claims) : IDisposable
{
    private readonly SemaphoreSlim room = new(Environment.ProcessorCount);
    private readonly ConcurrentDictionary<string, Lazy<RecommendationModel>> models = new();

    /// <summary>Which build this is: only the same one lives a population to the same bytes.</summary>
    public static string Version { get; } = typeof(ShardHost).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Whether the node stops: the engine reaches nobody any more.</summary>
    public bool IsStopping => claims.Closing.IsCancellationRequested;

    /// <exception cref="OperationCanceledException">The node stops.</exception>
    public Task<byte[]> LiveAsync(ShardSlot slot, byte[] request) =>
        Detached.Run(() => LiveAsync(slot, ShardRequest.Parse(request))).WaitAsync(claims.Closing);

    /// <summary>Lives a leg at once, on this thread.</summary>
    public ShardReply Live(ShardSlot slot, ShardRequest request) =>
        slot.Live(request, followed => ModelOf(followed, slot.Pool!));

    public void Dispose() => room.Dispose();

    private async Task<byte[]> LiveAsync(ShardSlot slot, ShardRequest request)
    {
        if (request.Version != Version) return new ShardReply { OtherVersion = Version }.Write();
        await room.WaitAsync(claims.Closing);
        try
        {
            return Live(slot, request).Write();
        }
        finally
        {
            room.Release();
        }
    }

    /// <summary>The shards of a population share its models, of which each takes the place of the one before.</summary>
    private RecommendationModel ModelOf(Followed followed, ChannelPool pool)
    {
        const int modelsMax = 8;
        if (models.Count > modelsMax) models.Clear();
        var key = $"{pool.Hash} {Convert.ToHexString(SHA256.HashData(followed.Bytes))}";
        return models.GetOrAdd(key, _ => new(() => followed.ToModel(pool, threadCount: 1))).Value;
    }
}

/// <summary>A shard's place on a node. One call at a time.</summary>
internal sealed class ShardSlot : IDisposable
{
    private readonly Lock gate = new();
    private ShardLife? life;
    private byte[]? latest;

    /// <summary>The channels of the population; null before it is known.</summary>
    public ChannelPool? Pool { get; private set; }

    public ShardReply Live(ShardRequest request, Func<Followed, RecommendationModel> modelOf)
    {
        lock (gate)
        {
            // The answer may have been lost on its way.
            if (life is not null && life.Legs == request.Lived + 1) return new ShardReply { Happened = latest };
            var legs = request.Legs;
            if (life is null || life.Legs != request.Lived)
            {
                if (request.Whole is not { } whole) return new ShardReply { IsLost = true };
                life?.Dispose();
                Pool = whole.ToPool();
                life = new ShardLife(whole.ToScenario(), Pool, whole.Shard);
            }
            else legs = [legs[^1]];
            foreach (var leg in legs) latest = life.Live(leg, modelOf);
            return new ShardReply { Happened = latest };
        }
    }

    /// <summary>Forgets the shard; one that is being lived when its node stops is not waited for.</summary>
    public void Dispose()
    {
        if (!gate.TryEnter()) return;
        try
        {
            life?.Dispose();
            life = null;
        }
        finally
        {
            gate.Exit();
        }
    }
}

/// <summary>A leg of a shard is to be lived.</summary>
/// <param name="Version">The build of the node that asks.</param>
/// <param name="Lived">How many legs the shard has lived.</param>
/// <param name="Legs">The leg; or all legs until then, with the shard as a whole.</param>
/// <param name="Whole">All that it takes to begin at the start; null as long as the shard is there.</param>
internal sealed record ShardRequest(string Version, int Lived, IReadOnlyList<Leg> Legs, WholeShard? Whole)
{
    public static ShardRequest Parse(byte[] json) => JsonSerializer.Deserialize(json, ShardJson.Default.ShardRequest)!;

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, ShardJson.Default.ShardRequest);
}

/// <summary>A shard from its start.</summary>
/// <param name="Scenario">The scenario's JSON.</param>
/// <param name="Channels">The channels, as a file has them.</param>
/// <param name="Shard">The shard's number.</param>
internal sealed record WholeShard(string Scenario, byte[] Channels, int Shard)
{
    public Scenario ToScenario() => ScenarioFile.Parse(Scenario) is { IsGood: true } read
        ? read.Scenario
        : throw new FormatException("The scenario of a population that another node asked for can't be read.");

    public ChannelPool ToPool() => ChannelPool.Of(ChannelFile.Parse("of the population", Channels).Channels);
}

/// <summary>What came of a request.</summary>
internal sealed record ShardReply
{
    /// <summary>What happened in the leg.</summary>
    public byte[]? Happened { get; init; }

    /// <summary>Whether the shard isn't there, and must be asked for as a whole.</summary>
    public bool IsLost { get; init; }

    /// <summary>The build of the node, if it is another one than that which asks.</summary>
    public string? OtherVersion { get; init; }

    public static ShardReply Parse(byte[] json) => JsonSerializer.Deserialize(json, ShardJson.Default.ShardReply)!;

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, ShardJson.Default.ShardReply);
}

[JsonSerializable(typeof(ShardRequest))]
[JsonSerializable(typeof(ShardReply))]
internal sealed partial class ShardJson : JsonSerializerContext;
