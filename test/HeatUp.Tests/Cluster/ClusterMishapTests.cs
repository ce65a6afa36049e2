using System.Globalization;
using HeatUp.Tests.Sessions.Postgres;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Cluster;

/// <summary>
/// Three nodes give hundreds of sessions sittings while everything happens to them that can: then the store says that
/// nothing was lost, doubled or run side by side. With HEATUP_CLUSTER_SEEDS=1..20 it is the long version, once with each
/// of these seeds.
/// </summary>
public sealed class ClusterMishapTests(ITestOutputHelper output) : IAsyncDisposable
{
    private const int SittingsEach = 4;

    private static readonly string? LongSeeds = Environment.GetEnvironmentVariable("HEATUP_CLUSTER_SEEDS");

    private readonly PostgresServer server = new();

    private static bool IsLong => LongSeeds is not null;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => server.DisposeAsync();

    public static TheoryData<int> Seeds
    {
        get
        {
            var ends = (LongSeeds ?? "1..1").Split("..").Select(end => int.Parse(end, CultureInfo.InvariantCulture)).ToList();
            return [.. Enumerable.Range(ends[0], ends[1] - ends[0] + 1)];
        }
    }

    [Theory, Takes(minutesLonger: 5)]
    [MemberData(nameof(Seeds))]
    public async Task NothingIsLostNorDoubledNorRunSideBySide(int seed)
    {
        await using var nodes = new ClusterNodes(await server.NewDatabaseAsync(), pace: IsLong ? "0.2" : "0.1");
        await nodes.StartAllAsync();
        var users = Enumerable.Range(1, IsLong ? 500 : 100)
            .Select(number => new ClusterUser(nodes, $"session{number}", new Seed((ulong)seed))).ToList();

        var living = Task.WhenAll(users.Select(user => user.LiveAsync(SittingsEach)));
        await HappenAsync(nodes, new Seed((ulong)seed), living);
        await living;

        await CheckAsync(nodes, users);
    }

    private async Task HappenAsync(ClusterNodes nodes, Seed seed, Task living)
    {
        var rng = seed.Fork("mishaps").ToRng();
        var first = rng.Next(nodes.Count);
        // One after the other is killed.
        for (var i = 0; i < nodes.Count; i++)
        {
            await PassAsync(2);
            var killed = (first + i) % nodes.Count;
            await nodes.KillAsync(killed);
            await PassAsync(1);
            await nodes.StartAsync(killed);
        }

        // One hangs, longer than it takes the others to declare it dead; when it wakes, it finds out and ends.
        var hanging = rng.Next(nodes.Count);
        await nodes[hanging].SignalAsync("STOP");
        await PassAsync(IsLong ? 20 : 9);
        await nodes[hanging].SignalAsync("CONT");
        var (code, log) = await nodes.EndedAsync(hanging);
        (code, log.Contains("dead", StringComparison.Ordinal)).ShouldBe((1, true), log);

        // One that starts with a clock of its own, which jumps by an hour: it leaves.
        await StartWithClockAsync(nodes, hanging);
        await PassAsync(2);
        await SetClockAsync(nodes, "+3600s");
        (code, log) = await nodes.EndedAsync(hanging);
        (code, log.Contains("ahead of the database's", StringComparison.Ordinal)).ShouldBe((1, true), log);
        await nodes.StartAsync(hanging);

        await server.RestartAsync();
        output.WriteLine($"The mishaps are over; the sessions {(living.IsCompleted ? "too" : "go on")}.");
    }

    private static async Task StartWithClockAsync(ClusterNodes nodes, int node)
    {
        await SetClockAsync(nodes, "+0s");
        await nodes.StartAsync(node, [.. FakeClock.AsFileSays(nodes.File("clock"), PostgresServer.Variable)]);
    }

    private static Task SetClockAsync(ClusterNodes nodes, string offset) =>
        File.WriteAllTextAsync(nodes.File("clock"), offset, Cancellation);

    private async Task CheckAsync(ClusterNodes nodes, List<ClusterUser> users)
    {
        // What was accepted and not told to its end, because nobody asked any more, ends too.
        await nodes.NothingIsDoubledNorRunSideBySideAsync();
        var runs = await nodes.StringsAsync("SELECT run_id FROM runs");
        var accepted = users.SelectMany(user => user.Accepted).ToHashSet();
        accepted.Except(runs).ShouldBeEmpty("accepted and lost");
        accepted.Count.ShouldBe(users.Count * SittingsEach);
        var steps = await PostgresServer.RowsAsync(nodes.Address,
            "SELECT run_id, step::text FROM steps JOIN runs ON runs.number = steps.run",
            row => (row.GetString(0), row.GetString(1)));
        users.SelectMany(user => user.Told).Except(steps).ShouldBeEmpty("told and lost");
        var moved = await nodes.StringsAsync("SELECT run_id FROM runs WHERE epoch > 1");
        moved.Count.ShouldBeGreaterThan(0, "no run has changed hands");
        var ends = await nodes.StringsAsync("SELECT status || ' ' || count(*) FROM runs GROUP BY status ORDER BY 1");
        output.WriteLine($"{runs.Count} runs ({string.Join(", ", ends)}), {steps.Count} steps, "
            + $"{users.Sum(user => user.Told.Count)} told, {moved.Count} runs changed hands.");
    }

    private static async Task PassAsync(int seconds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(seconds));
        await timer.WaitForNextTickAsync(Cancellation);
    }
}
