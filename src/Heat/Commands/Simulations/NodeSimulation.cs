using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Text.Json;
using Heat.Api;
using Heat.Shell;
using HeatUp;
using HeatUp.Sessions;
using HeatUp.Simulations;

namespace Heat.Commands.Simulations;

/// <summary>
/// A simulation that a node runs, on the cores of all nodes, for somebody at the terminal. The folder is the node's.
/// </summary>
internal sealed class NodeSimulation(NodeClient node, bool json, Terminal terminal)
{
    /// <summary>Begins the run, or goes on with it, and waits for its end. Answers the exit code.</summary>
    /// <param name="name">The name of the folder.</param>
    /// <param name="scenario">The scenario; null to go on with what the folder holds.</param>
    /// <param name="channels">The channels, as a file has them; null with no scenario.</param>
    /// <param name="replace">Whether the folder's run may be replaced.</param>
    /// <param name="stop">Stops the run at its next edge.</param>
    /// <exception cref="StoreException">No node answers.</exception>
    public async Task<int> RunAsync(
        string name, Scenario? scenario, ReadOnlyMemory<byte> channels, bool replace, CancellationToken stop)
    {
        using (var begun = await node.AskAsync(
            HttpMethod.Post, "simulations", CancellationToken.None, BodyOf(name, scenario, channels, replace)))
        using (var told = await NodeClient.ReadAsync(begun, CancellationToken.None))
            if (begun.StatusCode != HttpStatusCode.Accepted)
            {
                terminal.Complain(NodeClient.TextOf(told, "detail")
                    ?? $"The node at {node.Url} answered {(int)begun.StatusCode}: it knows no simulations.");
                return NodeClient.TextOf(told, "type") == "invalid-scenario" ? ExitCode.BadScenario : ExitCode.Failed;
            }
        await using var stopping = stop.Register(() => _ = StopAsync(name));
        using (var progress = new SimulationProgressView(terminal, TimeProvider.System, () => null, stop))
            if (!await WatchAsync(name, progress))
            {
                progress.Dispose();
                terminal.Complain($"The node at {node.Url} went away. When it is back, go on with the run: "
                    + $"heat simulate --cluster --resume {name}");
                return ExitCode.Failed;
            }
        return await EndAsync(name);
    }

    private static ByteArrayContent BodyOf(string name, Scenario? scenario, ReadOnlyMemory<byte> channels, bool replace)
    {
        using var bytes = new MemoryStream();
        using (var body = new Utf8JsonWriter(bytes))
        {
            body.WriteStartObject();
            body.WriteString("name", name);
            if (scenario is null)
            {
                body.WriteBoolean("resume", true);
            }
            else
            {
                body.WritePropertyName("scenario");
                body.WriteRawValue(ScenarioFile.ToJson(scenario));
                body.WritePropertyName("channels");
                body.WriteRawValue(channels.Span);
                body.WriteBoolean("replace", replace);
            }
            body.WriteEndObject();
        }
        return new ByteArrayContent(bytes.ToArray())
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
        };
    }

    /// <summary>Shows how far it is until it is over. False if the node went away first.</summary>
    private async Task<bool> WatchAsync(string name, SimulationProgressView progress)
    {
        try
        {
            using var answer = await node.AskAsync(
                HttpMethod.Get, $"simulations/{name}/events", CancellationToken.None);
            await using var stream = await answer.Content.ReadAsStreamAsync();
            await foreach (var item in SseParser.Create(stream).EnumerateAsync())
            {
                if (item.EventType == "end") return true;
                var now = JsonSerializer.Deserialize(item.Data, ApiJson.Default.SimulationAnswer)!;
                if (now.Reached is { } reached)
                    progress.Take(new SimulationProgress(
                        reached, now.Done, now.Sittings, now.Actions, now.IsReplaying));
            }
        }
        catch (Exception failure) when (
            failure is StoreException or IOException or HttpRequestException or SocketException)
        {
            // The line that is said then tells what to do.
        }
        return false;
    }

    private async Task StopAsync(string name)
    {
        try { using var _ = await node.AskAsync(HttpMethod.Delete, $"simulations/{name}", CancellationToken.None); }
        catch (StoreException failure) { terminal.Warn(failure.Message); }
    }

    private async Task<int> EndAsync(string name)
    {
        using var answer = await node.AskAsync(HttpMethod.Get, $"simulations/{name}", CancellationToken.None);
        var ended = JsonSerializer.Deserialize(
            await answer.Content.ReadAsByteArrayAsync(), ApiJson.Default.SimulationAnswer)!;
        var isComplete = ended.Status == RunFolderStatus.Complete.Word();
        if (ended.Summary is not { } told)
        {
            terminal.Complain(ended.Detail ?? $"The run ended as {ended.Status}.");
            return ExitCode.Failed;
        }
        var summary = RunFolderJson.ReadSummary(JsonSerializer.SerializeToUtf8Bytes(told), ended.Folder);
        RunResult.Show(summary, json, terminal);
        if (ended.Detail is { } detail) terminal.Warn(detail);
        if (!isComplete) terminal.Warn($"Go on with it: heat simulate --cluster --resume {name}");
        if (!json) terminal.OutWriter.WriteLine($"On the node at {node.Url}: {ended.Folder}");
        return RunResult.CodeOf(summary, isComplete ? ExitCode.Done : ExitCode.Failed);
    }
}
