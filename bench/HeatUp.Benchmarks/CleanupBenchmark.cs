using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace HeatUp.Benchmarks;

/// <summary>
/// What a cleanup in the background makes others wait. Much of what the slowest see is the disk: with <c>TMPDIR</c> on
/// one in memory, what is left is ours.
/// </summary>
internal static class CleanupBenchmark
{
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromMilliseconds(10);
    private const int ActionsOfSitting = 5;
    private const int Rounds = 3;

    private sealed record Probes(List<double> Reads, List<double> Writes, TimeSpan Took);

    private sealed record Round(Probes With, Probes Without);

    public static async Task RunAsync()
    {
        var rounds = new List<Round>();
        // A disk that others share stops for a moment now and then: one round alone may meet that or not.
        for (var i = 0; i < Rounds; i++) rounds.Add(await RoundAsync());
        var seconds = rounds.Average(round => round.With.Took.TotalSeconds);
        var reads = rounds.Average(round => round.With.Reads.Count);
        Console.WriteLine(
            $"  medians of {Rounds} rounds of {seconds:N1} s with a cleanup and as long without one, "
            + $"{reads:N0} reads and as many begun sittings in each");
        Report("GET history", rounds, probes => probes.Reads);
        Report("POST warmup, which is two durable writes", rounds, probes => probes.Writes);
    }

    private static async Task<Round> RoundAsync()
    {
        using var folder = new TemporaryFolder();
        var database = folder.File("sessions.db");
        HistoryFile.Make(
            database, 1_000, 1_000, row => TimeSpan.FromDays(row < 500 ? 60 : 1), sitting: ActionsOfSitting);
        // The first start learns a foreign database; it is not what is measured.
        await using (await Child.ServeAsync(database, ("SESSION_HISTORY_DAYS", "3650"))) { }

        // The service cleans up at its start, in the background, while it answers.
        var cleanup = await ProbeAsync(
            database, "30", async (number, _) => number % 50 != 0 || await IsOldAsync(database));
        // The same questions as long without a cleanup: what the machine itself makes them wait.
        var control = await ProbeAsync(database, "3650", (_, took) => Task.FromResult(took < cleanup.Took));
        return new Round(cleanup, control);
    }

    private static void Report(string what, List<Round> rounds, Func<Probes, List<double>> times)
    {
        Figures.Report(
            $"wait for a cleanup: {what}", Median(round => times(round.With).Max() - times(round.Without).Max()),
            "ms", 50, atLeast: false);
        Figures.Note("slowest with a cleanup", Median(round => times(round.With).Max()), "ms");
        Figures.Note("slowest without one", Median(round => times(round.Without).Max()), "ms");
        foreach (var round in rounds)
            Console.WriteLine($"      a round's slowest three: {Slowest(times(round.With))} ms with a cleanup, "
                + $"{Slowest(times(round.Without))} ms without");
        Figures.Note("99 of 100 with a cleanup", Median(round => Figures.Quantile(times(round.With), 0.99)), "ms");
        Figures.Note("99 of 100 without one", Median(round => Figures.Quantile(times(round.Without), 0.99)), "ms");

        double Median(Func<Round, double> of) => Figures.Median(rounds.Select(of));
    }

    private static string Slowest(List<double> times) =>
        string.Join(", ", times.OrderDescending().Take(3).Select(time => $"{time:N1}"));

    private static async Task<Probes> ProbeAsync(string database, string days, Func<int, TimeSpan, Task<bool>> goOn)
    {
        await using var heat = await Child.ServeAsync(database, ("PACE", "0"), ("SESSION_HISTORY_DAYS", days));
        using var client = new HttpClient { BaseAddress = heat.Url };
        var (reads, writes, number) = (new List<double>(), new List<double>(), 0);
        var watch = Stopwatch.StartNew();
        while (await goOn(++number, watch.Elapsed))
        {
            var session = HistoryFile.SessionName(number % 1_000);
            var read = await TimeAsync(() => client.GetAsync($"/sessions/{session}/history?days=1"));
            var write = await TimeAsync(() => client.PostAsync($"/warmup/probe_{days}_{number}", null));
            await Task.Delay(ProbeEvery);
            if (number <= 20) continue; // The first ones are compiled.
            reads.Add(read);
            writes.Add(write);
        }
        return new Probes(reads, writes, watch.Elapsed);
    }

    private static async Task<double> TimeAsync(Func<Task<HttpResponseMessage>> request)
    {
        var watch = Stopwatch.StartNew();
        (await request()).EnsureSuccessStatusCode();
        return watch.Elapsed.TotalMilliseconds;
    }

    /// <summary>Whether the last of the old rows is there still.</summary>
    private static async Task<bool> IsOldAsync(string database)
    {
        await using var connection = new SqliteConnection($"Data Source={database};Mode=ReadOnly");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT EXISTS (SELECT 1 FROM session_history WHERE id = 500000)";
        return (long)(await command.ExecuteScalarAsync())! == 1;
    }
}
