using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using HeatUp.Tests.Sessions.Postgres;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Cluster;

/// <summary>One population has the same bytes on one process, on three nodes, and whatever happens to these.</summary>
public sealed class ClusterSimulationTests(ClusterSimulationTests.Alone alone)
    : IAsyncDisposable, IClassFixture<ClusterSimulationTests.Alone>
{
    // Long enough that something can happen in the middle, on machines that are busy with other tests too.
    private static readonly string[] Population =
        ["--sessions", "1500", "--days", "40", "--seed", "5", "--faults", "flood_wait:0.02,offline:0.01,revoked:0.001"];

    private readonly PostgresServer server = new();
    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Fact, Takes(minutesLonger: 3)]
    public async Task APopulationIsTheSameOnOneProcessOnThreeNodesAndWhenOneIsKilledInTheMiddle()
    {
        await using var nodes = new ClusterNodes(await server.NewDatabaseAsync(), pace: "1");
        await nodes.StartAllAsync();

        (await OnNodesAsync(nodes, "three")).Code.ShouldBe(0);
        ShouldBeTheSame(nodes, "three");

        var running = OnNodesAsync(nodes, "killed");
        await UntilAsync(nodes, "killed", doneMin: 0.1);
        await nodes.KillAsync(1);
        var ended = await running;
        ended.Code.ShouldBe(0, ended.Error);
        ShouldBeTheSame(nodes, "killed");
    }

    [Fact, Takes(minutesLonger: 3)]
    public async Task ARunThatIsStoppedOrWhoseNodeIsKilledGoesOnToTheSameBytes()
    {
        await using var nodes = new ClusterNodes(await server.NewDatabaseAsync(), pace: "1");
        await nodes.StartAllAsync();

        var stopped = OnNodesAsync(nodes, "part");
        await UntilAsync(nodes, "part", doneMin: 0.1);
        (await nodes[0].Client.DeleteAsync("simulations/part", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var (code, _, error) = await stopped;
        code.ShouldBe(1);
        error.ShouldContain("heat simulate --cluster --resume part");

        var killed = OnNodesAsync(nodes, "--resume", "part");
        await UntilAsync(nodes, "part", doneMin: 0.4);
        await nodes.KillAsync(0);
        (await killed).Error.ShouldContain("went away. When it is back, go on with the run: heat simulate --cluster --resume part");

        await nodes.StartAsync(0);
        (await OnNodesAsync(nodes, "--resume", "part")).Code.ShouldBe(0);
        // A database that was opened again has its pages in another order.
        ShouldBeTheSame(nodes, "part", "summary.json", "scenario.json");
        File.Copy(alone.File("history.db"), folder.File("alone.db"));
        (await ExportAsync(nodes.File("runs/part/history.db"))).ShouldBe(await ExportAsync(folder.File("alone.db")));
    }

    private Task<HeatProcess.Ended> OnNodesAsync(ClusterNodes nodes, string name) =>
        OnNodesAsync(nodes, [.. Population, "--out", name]);

    private Task<HeatProcess.Ended> OnNodesAsync(ClusterNodes nodes, params string[] arguments) =>
        HeatProcess.RunAsync(
            folder, ["simulate", "--cluster", .. arguments], ("HEAT_URL", $"{nodes[0].Client.BaseAddress}"));

    private static async Task UntilAsync(ClusterNodes nodes, string name, double doneMin)
    {
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await looks.WaitForNextTickAsync(Cancellation))
        {
            using var answer = await nodes[0].Client.GetAsync($"simulations/{name}", Cancellation);
            if (answer.StatusCode == HttpStatusCode.NotFound) continue;
            var now = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
            if (now.GetProperty("status").GetString() != "running") continue;
            if (now.GetProperty("done").GetDouble() >= doneMin) return;
        }
    }

    private async Task<string> ExportAsync(string database)
    {
        var (code, _, error) = await HeatProcess.RunAsync(
            folder, ["db", "export", folder.File("export.ndjson"), "--force"], ("DATABASE_PATH", database));
        code.ShouldBe(0, error);
        return Hash(folder.File("export.ndjson"));
    }

    private void ShouldBeTheSame(ClusterNodes nodes, string name) =>
        ShouldBeTheSame(nodes, name, "history.db", "summary.json", "scenario.json");

    private void ShouldBeTheSame(ClusterNodes nodes, string name, params string[] files)
    {
        foreach (var file in files)
            Hash(nodes.File(Path.Combine("runs", name, file))).ShouldBe(Hash(alone.File(file)), file);
    }

    private static string Hash(string file) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)));

    /// <summary>The population as one process has it.</summary>
    public sealed class Alone : IAsyncLifetime
    {
        private readonly TempFolder folder = new();

        public async ValueTask InitializeAsync() =>
            (await HeatProcess.RunAsync(folder, ["simulate", .. Population, "--out", "alone"])).Code.ShouldBe(0);

        public string File(string name) => folder.File(Path.Combine("alone", name));

        public ValueTask DisposeAsync()
        {
            folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
