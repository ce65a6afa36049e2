using HeatUp.Runs;
using HeatUp.Sessions.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace HeatUp.Benchmarks;

internal static class RememberBenchmark
{
    private const int Sittings = 1_000;
    private const int StepsEach = 50;
    private const int Rounds = 5;
    private const int BatchRows = 1_000;

    public static async Task RunAsync()
    {
        var (ratios, rates, handRates) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = -1; round < Rounds; round++)
        {
            using var folder = new TemporaryFolder();
            var rate = await AppendAsync(folder.File("store.db"));
            var handRate = HandMadeBatches.Copy(folder.File("store.db"), folder.File("hand.db"), BatchRows);
            if (round < 0) continue;
            rates.Add(rate);
            handRates.Add(handRate);
            ratios.Add(rate / handRate);
        }
        Console.WriteLine(
            $"  {Sittings:N0} sittings at once, {StepsEach} steps each, each durable before the next; "
            + $"median of {Rounds} rounds in turn");
        Figures.Report(
            $"steps a second, as a share of batches of {BatchRows:N0} by hand",
            Figures.Median(ratios), "x", 0.6, atLeast: true);
        Figures.Note("steps a second", Figures.Median(rates), "");
        Figures.Note("steps a second by hand: the same rows, synced at each commit", Figures.Median(handRates), "");
    }

    private static async Task<double> AppendAsync(string path)
    {
        await using var store = await SqliteSessionStore.OpenAsync(
            path, TelegramMode.Sandbox, TimeProvider.System, NullLogger<SqliteSessionStore>.Instance);
        return await Appending.RunAsync(store, Sittings, StepsEach);
    }
}
