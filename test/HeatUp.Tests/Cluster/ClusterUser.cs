using System.Net;
using System.Net.ServerSentEvents;
using System.Net.Sockets;

namespace HeatUp.Tests.Cluster;

/// <summary>
/// Somebody who gives one session sittings, one after the other, through whichever node answers, and watches each to its
/// end: from another node when the one that told of it is gone.
/// </summary>
internal sealed class ClusterUser(ClusterNodes nodes, string session, Seed seed)
{
    private Rng rng = seed.Fork(session).ToRng();

    /// <summary>The runs that were accepted.</summary>
    public List<string> Accepted { get; } = [];

    /// <summary>The steps that were told as done: run and number.</summary>
    public HashSet<(string Run, string Step)> Told { get; } = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task LiveAsync(int sittings)
    {
        while (Accepted.Count < sittings)
        {
            var run = await StartAsync();
            if (run is not null) await WatchAsync(run);
        }
    }

    /// <summary>A run of the session that goes on; null if none is known to.</summary>
    private async Task<string?> StartAsync()
    {
        if (Node() is not { } node) return await LaterAsync();
        try
        {
            using var answer = await node.PostAsync($"warmup/{session}", null, Cancellation);
            if (answer.StatusCode is not (HttpStatusCode.Accepted or HttpStatusCode.Conflict)) return await LaterAsync();
            var json = await ClusterNodes.JsonAsync(answer);
            var run = json.TryGetProperty("run_id", out var id) ? id.GetString() : null;
            if (answer.StatusCode == HttpStatusCode.Accepted) Accepted.Add(run!);
            return run ?? await LaterAsync();
        }
        catch (Exception failure) when (IsOfNode(failure))
        {
            // Whether it has begun, the next answer says.
            return await LaterAsync();
        }
    }

    private async Task WatchAsync(string run)
    {
        var last = "0";
        while (last != "end")
        {
            if (Node() is not { } node)
            {
                await LaterAsync();
                continue;
            }
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"warmups/{run}/events");
                request.Headers.Add("Last-Event-ID", last);
                using var answer = await node.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
                // It is still being planned, or was never begun.
                if (answer.StatusCode == HttpStatusCode.NotFound) return;
                answer.EnsureSuccessStatusCode();
                await using var body = await answer.Content.ReadAsStreamAsync(Cancellation);
                await foreach (var item in SseParser.Create(body).EnumerateAsync(Cancellation))
                {
                    if (item.EventType == "step") Told.Add((run, item.EventId!));
                    last = item.EventId ?? last;
                }
            }
            catch (Exception failure) when (IsOfNode(failure))
            {
                await LaterAsync();
            }
        }
    }

    /// <summary>
    /// Whether the node is gone, with what was asked of it. HttpClient lets a bare socket's error through if the other side
    /// ends while the connection is being set up.
    /// </summary>
    private static bool IsOfNode(Exception failure) => !Cancellation.IsCancellationRequested && failure
        is HttpRequestException or SocketException or IOException or OperationCanceledException or ObjectDisposedException;

    private HttpClient? Node() => nodes.ClientOf(rng.Next(nodes.Count));

    private static async Task<string?> LaterAsync()
    {
        using var later = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        await later.WaitForNextTickAsync(Cancellation);
        return null;
    }
}
