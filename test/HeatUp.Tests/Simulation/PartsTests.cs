using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using HeatUp.Channels;
using HeatUp.Cluster;
using HeatUp.Runs.Sandbox;
using HeatUp.Simulations;
using HeatUp.Tests.Plans;

namespace HeatUp.Tests.Simulation;

/// <summary>A population that is lived in parts, each as by a process of its own, is the one that is lived in one.</summary>
public sealed class PartsTests
{
    private static readonly ChannelPool Pool = Some.PoolOf(400, "News", "Science", "Sports", "Music", "Travel");

    private static Scenario Rough => new()
    {
        Sessions = 70,
        Days = 9,
        Seed = new Seed(5),
        Faults = SandboxFaults.TryParse("flood_wait:0.03,private:0.05,offline:0.02,revoked:0.002", out var faults, out _)
            ? faults
            : throw new InvalidOperationException(),
    };

    public static TheoryData<Scenario> Scenarios =>
    [
        Rough,
        Rough with { Recommendations = true },
        Rough with
        {
            Changes =
            [
                new RuleChange(Rough.Start.AddHours(30)) { Recommendations = true, Faults = SandboxFaults.None },
                new RuleChange(Rough.Start.AddDays(4)) { SittingsPerDay = 3 },
                new RuleChange(Rough.Start.AddHours(150)) { Recommendations = false },
            ],
        },
    ];

    [Theory]
    [MemberData(nameof(Scenarios), DisableDiscoveryEnumeration = true)]
    public void APopulationIsTheSameWhereverItsShardsAreLived(Scenario scenario)
    {
        var parts = Run(scenario, new Parts(scenario));

        parts.ShouldBe(Run(scenario, null));
    }

    [Theory]
    [MemberData(nameof(Scenarios), DisableDiscoveryEnumeration = true)]
    public void AShardThatIsLivedAgainFromTheStartIsTheSame(Scenario scenario)
    {

        var parts = Run(scenario, new Parts(scenario) { IsForgetful = true });

        parts.ShouldBe(Run(scenario, null));
    }

    [Theory]
    [MemberData(nameof(Scenarios), DisableDiscoveryEnumeration = true)]
    public void AShardThatANodeHasLostIsTheSame(Scenario scenario) =>
        Run(scenario, new Slots(scenario)).ShouldBe(Run(scenario, null));

    [Fact]
    public void APartThatIsNotWhatHappenedIsFound()
    {
        var scenario = Rough;

        Should.Throw<Exception>(() => Run(scenario, new Parts(scenario) { IsDamaging = true }));
    }

    private static (string Transcript, string Summary) Run(Scenario scenario, IShardNodes? nodes)
    {
        using var run = new SimulationRun(scenario, Pool, null, 3, null, nodes);
        var end = run.Run(_ => { }, TestContext.Current.CancellationToken);
        end.Sittings.ShouldBeGreaterThan(100);
        return (end.Transcript, Encoding.UTF8.GetString(RunFolderJson.Write(end.Summary)));
    }

    private sealed class Parts(Scenario scenario) : IShardNodes
    {
        private readonly ConcurrentDictionary<int, ShardLife> lives = new();

        public bool IsForgetful { get; init; }

        public bool IsDamaging { get; init; }

        public byte[] Live(int shard, IReadOnlyList<Leg> legs)
        {
            if (IsForgetful && legs.Count % 3 == shard % 3) lives.Remove(shard, out _);
            var life = lives.GetOrAdd(shard, _ => new ShardLife(scenario, Pool, shard));
            byte[] part;
            do part = life.Live(legs[life.Legs], followed => followed.ToModel(Pool, 1));
            while (life.Legs < legs.Count);
            if (IsDamaging && part.Length > 100) part[part.Length / 2] ^= 1;
            return part;
        }
    }

    /// <summary>What nodes do, without the wire.</summary>
    private sealed class Slots(Scenario scenario) : IShardNodes
    {
        private static readonly byte[] Channels = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(
            Pool.All.Select(channel => new
            {
                username = channel.Name.Value,
                category = channel.Category,
                description = channel.Description,
                subscribers = channel.Subscribers,
            })));

        private readonly ConcurrentDictionary<int, ShardSlot> slots = new();

        public byte[] Live(int shard, IReadOnlyList<Leg> legs)
        {
            if (legs.Count % 4 == shard % 4) slots.Remove(shard, out _);
            var whole = new ShardRequest(
                "", legs.Count - 1, legs, new WholeShard(ScenarioFile.ToJson(scenario), Channels, shard));
            var next = Ask(shard, whole with { Legs = [legs[^1]], Whole = null });
            if (next.IsLost) next = Ask(shard, whole);
            Ask(shard, whole).Happened.ShouldBe(next.Happened, "also when the answer was lost");
            return next.Happened!;
        }

        private ShardReply Ask(int shard, ShardRequest request) => ShardReply.Parse(
            slots.GetOrAdd(shard, _ => new ShardSlot())
                .Live(ShardRequest.Parse(request.Write()), followed => followed.ToModel(Pool, 1)).Write());
    }
}
