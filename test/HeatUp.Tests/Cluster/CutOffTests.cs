using System.Net;
using HeatUp.Tests.Sessions.Postgres;
using Npgsql;

namespace HeatUp.Tests.Cluster;

/// <summary>Nodes that lose sight of the others, or of the database, and go on running.</summary>
public sealed class CutOffTests(PostgresServer server)
{
    private const int Sittings = 12;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task OfNodesThatDontReachEachOtherOnePartEndsAndTheOtherGoesOnWithItsSittings(int count)
    {
        await using var machines = await Machines.StartAsync(count);
        await using var nodes = new ClusterNodes(await server.NewDatabaseAsync(isByFile: true), pace: "0.15", machines);
        await nodes.StartAllAsync();
        for (var i = 0; i < Sittings; i++) await nodes.WarmUpAsync(node: 0, $"session{i}");
        await nodes.UntilAsync($"SELECT count(DISTINCT owner) = {count} FROM runs WHERE ended_at IS NULL");

        await machines.CutAsync(count - 1);

        // Of two it is whichever the other declares dead first.
        var (node, code, log) = await nodes.FirstEndedAsync();
        (code, log.Contains("dead", StringComparison.Ordinal)).ShouldBe((1, true), log);
        if (count > 2) node.ShouldBe(count - 1);
        await nodes.NothingIsDoubledNorRunSideBySideAsync();
        (await nodes.StringsAsync("SELECT run_id FROM runs WHERE epoch > 1")).ShouldNotBeEmpty("no run has changed hands");
        (await nodes.StringsAsync("SELECT DISTINCT status FROM runs")).ShouldBe(["completed"]);
        // The others have not ended with it.
        await nodes.WarmUpAsync((node + 1) % count, "another");
    }

    [Fact]
    public async Task ANodeWithoutTheDatabaseSaysSoIsDeclaredDeadByTheOthersAndEndsWhenItSeesIt()
    {
        var address = await server.NewDatabaseAsync();
        using var way = new CuttingProxy(new NpgsqlConnectionStringBuilder(address.ConnectionString).Port);
        await using var nodes = new ClusterNodes(address, pace: "0.15");
        await Task.WhenAll(nodes.StartAsync(0),
            nodes.StartAsync(1, ("DATABASE_URL", PostgresServer.UrlOf(address, way.Port))));
        for (var i = 0; i < Sittings; i++)
            (await nodes[0].Client.PostAsync($"warmup/session{i}", null, Cancellation)).EnsureSuccessStatusCode();
        await nodes.UntilAsync("SELECT count(DISTINCT owner) = 2 FROM runs WHERE ended_at IS NULL");

        way.Close();
        using (var refused = await nodes[1].Client.PostAsync("warmup/refused", null, Cancellation))
            refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        using (var health = await nodes[1].Client.GetAsync("health", Cancellation))
            health.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await nodes.UntilAsync("SELECT count(DISTINCT owner) < 2 FROM runs WHERE ended_at IS NULL");
        await nodes.NothingIsDoubledNorRunSideBySideAsync();

        way.Open();
        var (code, log) = await nodes.EndedAsync(1);
        (code, log.Contains("dead", StringComparison.Ordinal)).ShouldBe((1, true), log);
        (await nodes.StringsAsync("SELECT DISTINCT status FROM runs")).ShouldBe(["completed"]);
    }
}
