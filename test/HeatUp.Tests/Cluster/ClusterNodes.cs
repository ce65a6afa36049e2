using System.Net.Http.Json;
using System.Text.Json;
using HeatUp.Sessions.Postgres;
using HeatUp.Tests.Sessions.Postgres;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Cluster;

/// <summary>Processes of the program that share a database.</summary>
internal sealed class ClusterNodes(PostgresAddress address, string pace) : IAsyncDisposable
{
    private readonly TempFolder folder = new();
    private readonly HeatProcess?[] nodes = new HeatProcess?[3];

    public PostgresAddress Address => address;

    public int Count => nodes.Length;

    public HeatProcess this[int node] => nodes[node] ?? throw new InvalidOperationException($"Node {node} is down.");

    /// <summary>The way to a node; null while it is down.</summary>
    public HttpClient? ClientOf(int node) => nodes[node]?.Client;

    /// <summary>Starts a node, or all of them at once.</summary>
    public async Task StartAsync(int node, params (string Name, string Value)[] settings) =>
        nodes[node] = await HeatProcess.ServeNodeAsync(
            folder, PostgresServer.UrlOf(address), [("PACE", pace), .. settings]);

    /// <inheritdoc cref="StartAsync"/>
    public Task StartAllAsync() => Task.WhenAll(Enumerable.Range(0, Count).Select(node => StartAsync(node)));

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

    /// <summary>Waits until a question of the database is answered with true.</summary>
    public async Task UntilAsync(string sql)
    {
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!(await PostgresServer.RowsAsync(address, sql, row => row.GetBoolean(0)))[0])
            await looks.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }

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
