using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using HeatUp.Sessions.Postgres;
using HeatUp.Tests.Sessions.Postgres;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Cluster;

/// <summary>Processes of the program that share a database.</summary>
/// <param name="address">The database.</param>
/// <param name="pace">How fast they live.</param>
/// <param name="machines">The machine of each; null if all are on this one.</param>
internal sealed class ClusterNodes(PostgresAddress address, string pace, Machines? machines = null) : IAsyncDisposable
{
    private readonly TempFolder folder = new();
    private readonly HeatProcess?[] nodes = new HeatProcess?[machines?.Count ?? 3];
    private (string Name, string Value)[]? certificates;

    public PostgresAddress Address => address;

    public int Count => nodes.Length;

    public HeatProcess this[int node] => nodes[node] ?? throw new InvalidOperationException($"Node {node} is down.");

    /// <summary>The way to a node; null while it is down.</summary>
    public HttpClient? ClientOf(int node) => nodes[node]?.Client;

    /// <summary>Starts a node, or all of them at once.</summary>
    public async Task StartAsync(int node, params (string Name, string Value)[] settings)
    {
        settings = [("PACE", pace), .. settings];
        if (machines is not null)
        {
            certificates ??= NodeCertificates.Write(folder, "ours");
            settings = [.. settings, ("CLUSTER_LISTEN", $"{Machines.AddressOf(node)}:11111"), .. certificates];
        }
        nodes[node] = await HeatProcess.ServeNodeAsync(
            folder, PostgresServer.UrlOf(address), start => machines?.On(node, start) ?? start, settings);
    }

    /// <inheritdoc cref="StartAsync"/>
    public Task StartAllAsync() => Task.WhenAll(Enumerable.Range(0, Count).Select(node => StartAsync(node)));

    /// <summary>Asks a node for a sitting, on its machine.</summary>
    public async Task WarmUpAsync(int node, string session)
    {
        var start = new ProcessStartInfo("curl",
            ["--silent", "--show-error", "--fail", "--request", "POST", $"{this[node].Client.BaseAddress}warmup/{session}"]);
        var ended = await HeatProcess.RunAsync(machines!.On(node, start));
        ended.Code.ShouldBe(0, ended.Error);
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync(int node)
    {
        var killed = Interlocked.Exchange(ref nodes[node], null)!;
        await killed.KillAsync();
        await killed.DisposeAsync();
    }

    /// <summary>Waits until a node has ended by itself.</summary>
    public async Task<(int Code, string Log)> EndedAsync(int node)
    {
        await using var ending = Interlocked.Exchange(ref nodes[node], null)!;
        return await ending.EndedAsync();
    }

    /// <summary>Waits until any node has ended by itself.</summary>
    public async Task<(int Node, int Code, string Log)> FirstEndedAsync()
    {
        var first = await Task.WhenAny(nodes.Select(async (node, number) => (number, await node!.EndedAsync())));
        var (number, (code, log)) = await first;
        await Interlocked.Exchange(ref nodes[number], null)!.DisposeAsync();
        return (number, code, log);
    }

    /// <summary>Waits until a question of the database is answered with true.</summary>
    public async Task UntilAsync(string sql)
    {
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!(await PostgresServer.RowsAsync(address, sql, row => row.GetBoolean(0)))[0])
            await looks.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until every run has its end, and looks whether the store says that all went well with them.</summary>
    public async Task NothingIsDoubledNorRunSideBySideAsync()
    {
        await UntilAsync("SELECT NOT EXISTS (SELECT 1 FROM runs WHERE ended_at IS NULL)");
        (await StringsAsync("""
            SELECT a.run_id FROM runs a JOIN runs b ON a.session_id = b.session_id AND a.number < b.number
            WHERE b.started_at < a.ended_at
            """)).ShouldBeEmpty("two sittings of a session at a time");
        (await StringsAsync("""
            SELECT session_id || (action_data->>'channel_username') FROM session_history
            WHERE action_type = 'join_channel' GROUP BY 1 HAVING count(*) > 1
            """)).ShouldBeEmpty("joined twice");
        (await StringsAsync("""
            SELECT run_id || ' ' || count(*) FROM runs JOIN steps ON steps.run = runs.number
            GROUP BY run_id HAVING count(*) <> max(step)
            """)).ShouldBeEmpty("a step is missing");
        (await StringsAsync("""
            SELECT r.session_id FROM runs r JOIN steps s ON s.run = r.number AND s.outcome = 'done' GROUP BY 1
            HAVING count(*) <> (SELECT count(*) FROM session_history h WHERE h.session_id = r.session_id)
            """)).ShouldBeEmpty("a step and no row of the history, or the other way round");
    }

    /// <summary>The first column of a question of the database.</summary>
    public Task<List<string>> StringsAsync(string sql) => PostgresServer.RowsAsync(address, sql, row => row.GetString(0));

    /// <summary>A file's name in a folder that goes with the nodes.</summary>
    public string File(string name) => folder.File(name);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
            if (node is not null) await node.DisposeAsync();
        folder.Dispose();
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) =>
        await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
}
