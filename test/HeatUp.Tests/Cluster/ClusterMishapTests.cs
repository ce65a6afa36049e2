using System.Globalization;
using HeatUp.Sessions.Postgres;
using HeatUp.Tests.Sessions.Postgres;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Cluster;

/// <summary>
/// Three nodes give hundreds of sessions sittings while everything happens to them that can: then the store says that
/// nothing was lost, doubled or run side by side. With HEATUP_CLUSTER_ROUNDS=20 it is the long version, so often, each
/// with another seed.
/// </summary>
public sealed class ClusterMishapTests(ITestOutputHelper output) : IAsyncDisposable
{
    private const int SittingsEach = 4;

    private static readonly int Rounds = int.Parse(
        Environment.GetEnvironmentVariable("HEATUP_CLUSTER_ROUNDS") ?? "0", CultureInfo.InvariantCulture);

    private readonly PostgresServer server = new();

    private static bool IsLong => Rounds > 0;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => server.DisposeAsync();

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, Math.Max(1, Rounds))];

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
        var address = nodes.Address;
        // What was accepted and not told to its end, because nobody asked any more, ends too.
        await nodes.UntilAsync("SELECT NOT EXISTS (SELECT 1 FROM runs WHERE ended_at IS NULL)");
        var runs = await StringsAsync(address, "SELECT run_id FROM runs");
        var accepted = users.SelectMany(user => user.Accepted).ToHashSet();
        accepted.Except(runs).ShouldBeEmpty("accepted and lost");
        accepted.Count.ShouldBe(users.Count * SittingsEach);
        (await StringsAsync(address, """
            SELECT a.run_id FROM runs a JOIN runs b ON a.session_id = b.session_id AND a.number < b.number
            WHERE b.started_at < a.ended_at
            """)).ShouldBeEmpty("two sittings of a session at a time");
        (await StringsAsync(address, """
            SELECT session_id || (action_data->>'channel_username') FROM session_history
            WHERE action_type = 'join_channel' GROUP BY 1 HAVING count(*) > 1
            """)).ShouldBeEmpty("joined twice");
        (await StringsAsync(address, """
            SELECT run_id || ' ' || count(*) FROM runs JOIN steps ON steps.run = runs.number
            GROUP BY run_id HAVING count(*) <> max(step)
            """)).ShouldBeEmpty("a step is missing");
        (await StringsAsync(address, """
            SELECT r.session_id FROM runs r JOIN steps s ON s.run = r.number AND s.outcome = 'done' GROUP BY 1
            HAVING count(*) <> (SELECT count(*) FROM session_history h WHERE h.session_id = r.session_id)
            """)).ShouldBeEmpty("a step and no row of the history, or the other way round");
        var steps = await PostgresServer.RowsAsync(address,
            "SELECT run_id, step::text FROM steps JOIN runs ON runs.number = steps.run",
            row => (row.GetString(0), row.GetString(1)));
        users.SelectMany(user => user.Told).Except(steps).ShouldBeEmpty("told and lost");
        var moved = await StringsAsync(address, "SELECT run_id FROM runs WHERE epoch > 1");
        moved.Count.ShouldBeGreaterThan(0, "no run has changed hands");
        var ends = await StringsAsync(address, "SELECT status || ' ' || count(*) FROM runs GROUP BY status ORDER BY 1");
        output.WriteLine($"{runs.Count} runs ({string.Join(", ", ends)}), {steps.Count} steps, "
            + $"{users.Sum(user => user.Told.Count)} told, {moved.Count} runs changed hands.");
    }

    private static Task<List<string>> StringsAsync(PostgresAddress address, string sql) =>
        PostgresServer.RowsAsync(address, sql, row => row.GetString(0));

    private static async Task PassAsync(int seconds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(seconds));
        await timer.WaitForNextTickAsync(Cancellation);
    }
}
