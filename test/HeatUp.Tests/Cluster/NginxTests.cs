using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using HeatUp.Tests.Sessions.Postgres;

namespace HeatUp.Tests.Cluster;

/// <summary>Nodes behind a load balancer.</summary>
public sealed class NginxTests(PostgresServer server)
{
    private const string Token = "a-token-of-the-tests";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task BehindItNodesAreOneServiceFromWhichOneMayBeMissing()
    {
        await using var nodes = new ClusterNodes(await server.NewDatabaseAsync(), pace: "0.1");
        await Task.WhenAll(Enumerable.Range(0, nodes.Count).Select(node => nodes.StartAsync(node, ("API_TOKEN", Token))));
        await using var nginx = await Nginx.StartAsync(
            Enumerable.Range(0, nodes.Count).Select(node => nodes[node].Client.BaseAddress!));
        var client = nginx.Client;
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        // As the page says, a node answers to another name than its own.
        client.DefaultRequestHeaders.Host = "heat.example";

        var runs = new List<string>();
        for (var i = 0; i < 6; i++) runs.Add(await BegunAsync($"session{i}"));
        foreach (var run in runs)
            (await StatusAsync(run)).ShouldBeOneOf("running", "completed");
        (await EventsAsync(runs[0]).FirstAsync(item => item.EventType == "step", Cancellation)).EventId.ShouldBe("1");
        using (var ended = await client.PostAsync("warmup-sync/patient", null, Cancellation))
            (await ClusterNodes.JsonAsync(ended)).GetProperty("status").GetString().ShouldBe("completed");

        await nodes.KillAsync(1);
        for (var i = 0; i < 6; i++) runs.Add(await BegunAsync($"later{i}"));
        foreach (var run in runs)
            (await EventsAsync(run).LastAsync(Cancellation)).EventType.ShouldBe("end");
        await nodes.NothingIsDoubledNorRunSideBySideAsync();

        async Task<string> BegunAsync(string session)
        {
            using var answer = await client.PostAsync($"warmup/{session}", null, Cancellation);
            answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
            return (await ClusterNodes.JsonAsync(answer)).GetProperty("run_id").GetString()!;
        }

        async Task<string?> StatusAsync(string run)
        {
            using var answer = await client.GetAsync($"warmups/{run}", Cancellation);
            return (await ClusterNodes.JsonAsync(answer)).GetProperty("status").GetString();
        }

        async IAsyncEnumerable<SseItem<string>> EventsAsync(string run)
        {
            await using var body = await client.GetStreamAsync($"warmups/{run}/events", Cancellation);
            await foreach (var item in SseParser.Create(body).EnumerateAsync(Cancellation)) yield return item;
        }
    }
}
