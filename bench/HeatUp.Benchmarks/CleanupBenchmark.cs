using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace HeatUp.Benchmarks;

internal static class CleanupBenchmark
{
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromMilliseconds(10);

    public static async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        var database = folder.File("sessions.db");
        HistoryFile.Make(database, 1_000, 1_000, row => TimeSpan.FromDays(row < 500 ? 60 : 1));
        // The service cleans up at its start, in the background, while it answers.
        await using var heat = await Child.ServeAsync(database, ("PACE", "0"), ("LOG_LEVEL", "Information"));
        var (reads, writes) = (new List<double>(), new List<double>());
        using var client = new HttpClient { BaseAddress = heat.Url };
        var watch = Stopwatch.StartNew();
        var number = 0;
        while (await OldRowsAsync(database) > 0)
        {
            number++;
            var history = $"/sessions/{HistoryFile.SessionName(number % 1_000)}/history?days=1";
            reads.Add(await TimeAsync(() => client.GetAsync(history)));
            writes.Add(await TimeAsync(() => client.PostAsync($"/warmup/probe_{number}", null)));
            await Task.Delay(ProbeEvery);
        }
        var took = watch.Elapsed.TotalSeconds;
        Console.WriteLine($"  {reads.Count} reads and {writes.Count} begun sittings in the {took:N1} s that it took");
        Figures.Report("slowest GET history meanwhile", reads.Skip(5).Max(), "ms", 50, atLeast: false);
        Figures.Report(
            "slowest POST warmup (two durable writes) meanwhile", writes.Skip(5).Max(), "ms", 50, atLeast: false);
        Figures.Note("median GET history", Figures.Median(reads), "ms");
        Figures.Note("median POST warmup", Figures.Median(writes), "ms");
    }

    private static async Task<double> TimeAsync(Func<Task<HttpResponseMessage>> request)
    {
        var watch = Stopwatch.StartNew();
        (await request()).EnsureSuccessStatusCode();
        return watch.Elapsed.TotalMilliseconds;
    }

    private static async Task<long> OldRowsAsync(string database)
    {
        await using var connection = new SqliteConnection($"Data Source={database};Mode=ReadOnly");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT EXISTS (SELECT 1 FROM session_history WHERE id > 499000 AND id <= 500000)";
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
