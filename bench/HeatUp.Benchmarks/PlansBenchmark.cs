using System.Diagnostics;

namespace HeatUp.Benchmarks;

internal static class PlansBenchmark
{
    private const int Clients = 64;
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromMilliseconds(50);

    public static async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        await using var llm = await SlowLlm.StartAsync(Latency);
        await using var heat = await Child.ServeAsync(folder.File("sessions.db"),
            ("LLM_BASE_URL", llm.BaseUrl.ToString()), ("LLM_MODEL", "stub"), ("MAX_CONCURRENT_SITTINGS", "100000"));
        await Load.RunAsync(heat.Url, Clients, TimeSpan.FromSeconds(3), n => $"POST /warmup/warming_{n}");

        using var stop = new CancellationTokenSource();
        var probing = ProbeAsync(heat.Url, stop.Token);
        var load = await Load.RunAsync(heat.Url, Clients, Time, n => $"POST /warmup/session_{n}");
        await stop.CancelAsync();
        var probes = await probing;

        var limit = Clients / Latency.TotalSeconds;
        Console.WriteLine(
            $"  {Clients} clients, {Latency.TotalMilliseconds} ms a plan: "
            + $"no more than {limit} plans a second are possible");
        Figures.Report("plans a second", load.PerSecond, "", 290, atLeast: true);
        var slowest = Figures.Quantile(probes, 0.99);
        Figures.Report("/health p99 meanwhile, a new connection each", slowest, "ms", 50, atLeast: false);
        Figures.Note("plans a second, as a share of what is possible", load.PerSecond / limit, "x");
        Figures.Note("/health median", Figures.Median(probes), "ms");
        Figures.Note("requests that failed", load.Failures, "");
    }

    private static async Task<List<double>> ProbeAsync(Uri server, CancellationToken stop)
    {
        var probes = new List<Task<double>>();
        while (!stop.IsCancellationRequested)
        {
            probes.Add(ProbeAsync(server));
            await Task.Delay(ProbeEvery, CancellationToken.None);
        }
        return [.. await Task.WhenAll(probes)];
    }

    private static async Task<double> ProbeAsync(Uri server)
    {
        using var client = new HttpClient();
        var watch = Stopwatch.StartNew();
        (await client.GetAsync(new Uri(server, "/health"))).EnsureSuccessStatusCode();
        return watch.Elapsed.TotalMilliseconds;
    }
}
