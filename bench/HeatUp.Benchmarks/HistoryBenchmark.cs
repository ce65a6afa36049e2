namespace HeatUp.Benchmarks;

internal static class HistoryBenchmark
{
    private const int Connections = 16;
    private const int Rounds = 5;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(4);

    public static async Task RunAsync()
    {
        await RunAsync("15 rows of 1,500", sessions: 100, rows: 15, share: 0.40, cpuMicroseconds: 40);
        await RunAsync("1,000 rows of 1,000,000", sessions: 1_000, rows: 1_000, share: 0.15, cpuMicroseconds: 700);
    }

    private static async Task RunAsync(string what, int sessions, int rows, double share, double cpuMicroseconds)
    {
        using var folder = new TemporaryFolder();
        var database = folder.File("sessions.db");
        HistoryFile.Make(database, sessions, rows, row => TimeSpan.FromMinutes(20 * (rows - row)));
        await using var heat = await Child.ServeAsync(database);
        using var client = new HttpClient { BaseAddress = heat.Url };
        var body = await client.GetByteArrayAsync(Path(0));
        await File.WriteAllBytesAsync(folder.File("body.json"), body);
        await using var bare = await Child.BareAsync(folder.File("body.json"));

        var (ratios, rates, bareRates, costs, bareCosts) =
            (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = -1; round < Rounds; round++)
        {
            var (rate, cost) = await MeasureAsync(heat, n => $"GET {Path(n % sessions)}");
            var (bareRate, bareCost) = await MeasureAsync(bare, _ => "GET /history");
            if (round < 0) continue; // The first round warms up both.
            rates.Add(rate);
            bareRates.Add(bareRate);
            costs.Add(cost);
            bareCosts.Add(bareCost);
            ratios.Add(rate / bareRate);
        }
        Console.WriteLine(
            $"  {what}, {body.Length:N0} bytes, {Connections} connections, median of {Rounds} rounds in turn");
        Figures.Report(
            "requests a second, as a share of the bare endpoint's", Figures.Median(ratios), "x", share, atLeast: true);
        Figures.Report("processor time a request", Figures.Median(costs), "µs", cpuMicroseconds, atLeast: false);
        Figures.Note("requests a second", Figures.Median(rates), "");
        Figures.Note("requests a second of the bare endpoint", Figures.Median(bareRates), "");
        Figures.Note("processor time a request of the bare endpoint", Figures.Median(bareCosts), "µs");
    }

    private static async Task<(double PerSecond, double Microseconds)> MeasureAsync(
        Child child, Func<long, string> request)
    {
        var before = child.ProcessorTime;
        var load = await Load.RunAsync(child.Url, Connections, Round, request);
        if (load.Failures > 0) throw new InvalidOperationException($"{load.Failures} requests failed.");
        return (load.PerSecond, (child.ProcessorTime - before).TotalMicroseconds / load.Requests);
    }

    private static string Path(long session) => $"/sessions/{HistoryFile.SessionName(session)}/history?days=30";
}
