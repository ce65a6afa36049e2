using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using HeatUp.Tests.Support;
using Microsoft.Data.Sqlite;

namespace HeatUp.Tests.Heat;

/// <summary>
/// Kills a service again and again under forty sittings, after any number of told events. HEATUP_KILLS says how often
/// (default: 5).
/// </summary>
public sealed class KillTests : IDisposable
{
    private const int Sessions = 40;

    private readonly TempFolder folder = new();
    private readonly Random rng = new(15);
    private readonly Dictionary<string, string> runs = [];
    private readonly ConcurrentDictionary<string, List<string>> told = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static int Kills =>
        int.Parse(Environment.GetEnvironmentVariable("HEATUP_KILLS") ?? "5", CultureInfo.InvariantCulture);

    public void Dispose() => folder.Dispose();

    [Fact(Timeout = 600_000)]
    public async Task NothingThatWasToldIsLostHoweverOftenAndWheneverItIsKilled()
    {
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var heat = await ServeAsync(pace: "0.01");
            await RoundAsync(heat, killAt: rng.Next(1, 4 * Sessions));
        }

        await using var last = await ServeAsync(pace: "0");
        var cancellation = TestContext.Current.CancellationToken;
        var done = 0;
        foreach (var (run, steps) in told)
        {
            var now = new List<string>();
            while (!await WatchAsync(last, run, now, () => { })) cancellation.ThrowIfCancellationRequested();
            now.Take(steps.Count).ShouldBe(steps, $"what was told of the run {run} stays as it was told");
            using var answer = await last.Client.GetAsync($"/warmups/{run}", cancellation);
            var results = (await answer.JsonAsync()).GetProperty("execution_summary").List("results");
            results.Select(step => step.Number("step")).ShouldBe(Enumerable.Range(1, results.Count));
            done += results.Count(step => step.GetProperty("success").GetBoolean());
        }
        // Runs of which a process was killed before it could tell come on top.
        Count("SELECT count(*) FROM session_history").ShouldBeGreaterThanOrEqualTo(done);
        Count("SELECT count(*) FROM session_history").ShouldBe(Count("SELECT count(*) FROM steps WHERE outcome = 'done'"));
        Count("SELECT count(*) FROM runs WHERE ended_at IS NULL").ShouldBe(0);
        told.Count.ShouldBeGreaterThanOrEqualTo(Sessions);
    }

    private long Count(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={folder.File("sessions.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private Task<HeatProcess> ServeAsync(string pace) => HeatProcess.ServeAsync(
        folder, ("PACE", pace), ("MAX_CONCURRENT_SITTINGS", "100"), ("LOG_LEVEL", "none"));

    /// <summary>Gives every session a sitting, listens to all of them, and kills the service after so many events.</summary>
    private async Task RoundAsync(HeatProcess heat, int killAt)
    {
        var events = 0;
        var now = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var all = Task.WhenAll(Enumerable.Range(0, Sessions).Select(session => SitAsync(heat, $"s{session}", () =>
        {
            if (Interlocked.Increment(ref events) == killAt) now.SetResult();
        })));
        await Task.WhenAny(now.Task, all);
        await heat.KillAsync();
        await all;
    }

    private async Task SitAsync(HeatProcess heat, string session, Action happened)
    {
        try
        {
            while (true)
            {
                string? run;
                lock (runs) run = runs.GetValueOrDefault(session);
                if (run is null)
                {
                    using var answer = await heat.Client.PostAsync($"/warmup/{session}", null, Cancellation);
                    // What an earlier process was killed over, before it could answer, goes on first.
                    if (answer.StatusCode is not (HttpStatusCode.Accepted or HttpStatusCode.Conflict)) continue;
                    run = (await answer.JsonAsync()).Text("run_id");
                    lock (runs) runs[session] = run;
                    happened();
                }
                while (!await WatchAsync(heat, run, told.GetOrAdd(run, _ => []), happened)) { }
                lock (runs) runs.Remove(session);
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or SocketException or IOException) { /* It was killed. */ }
    }

    /// <summary>Adds the steps that are told of a run after those that were; answers whether it has ended.</summary>
    private static async Task<bool> WatchAsync(HeatProcess heat, string run, List<string> steps, Action happened)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/warmups/{run}/events");
        request.Headers.Add("Last-Event-ID", $"{steps.Count}");
        using var answer = await heat.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, $"the run {run} was told of");
        await using var stream = await answer.Content.ReadAsStreamAsync(Cancellation);
        await foreach (var one in SseParser.Create(stream).EnumerateAsync(Cancellation))
        {
            if (one.EventType == "end") return true;
            if (one.EventType == "step") steps.Add(one.Data);
            happened();
        }
        return false;
    }
}
