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
        var marked = new List<double>();
        for (var round = -1; round < Rounds; round++)
        {
            using var folder = new TemporaryFolder();
            var rate = await AppendAsync(folder.File("store.db"));
            var unmarked = await AppendAsync(await UnmarkedAsync(folder.File("unmarked.db")));
            var handRate = HandMadeBatches.Copy(folder.File("store.db"), folder.File("hand.db"), BatchRows);
            if (round < 0) continue;
            rates.Add(rate);
            handRates.Add(handRate);
            ratios.Add(rate / handRate);
            marked.Add(unmarked / rate);
        }
        Console.WriteLine(
            $"  {Sittings:N0} sittings at once, {StepsEach} steps each, each durable before the next; "
            + $"median of {Rounds} rounds in turn");
        Figures.Report(
            $"steps a second, as a share of batches of {BatchRows:N0} by hand",
            Figures.Median(ratios), "x", 0.6, atLeast: true);
        Figures.Report("the time of a step, as a share of one without the marks for analytics",
            Figures.Median(marked), "x", 1.15, atLeast: false);
        Figures.Note("steps a second", Figures.Median(rates), "");
        Figures.Note("steps a second by hand: the same rows, synced at each commit", Figures.Median(handRates), "");
    }

    /// <summary>Makes a database that keeps nothing for those who count its rows.</summary>
    private static async Task<string> UnmarkedAsync(string path)
    {
        await using (await SqliteSessionStore.OpenAsync(
            path, TelegramMode.Sandbox, TimeProvider.System, NullLogger<SqliteSessionStore>.Instance)) { }
        using var connection = Sql.Open(path);
        foreach (var trigger in connection.Rows("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
            connection.Execute($"DROP TRIGGER {trigger[0]}");
        return path;
    }

    private static async Task<double> AppendAsync(string path)
    {
        await using var store = await SqliteSessionStore.OpenAsync(
            path, TelegramMode.Sandbox, TimeProvider.System, NullLogger<SqliteSessionStore>.Instance);
        return await Appending.RunAsync(store, Sittings, StepsEach);
    }
}
