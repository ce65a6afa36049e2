using System.Diagnostics;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions.Sqlite;
using HeatUp.Sessions;
using Microsoft.Extensions.Logging.Abstractions;

namespace HeatUp.Benchmarks;

internal static class RememberBenchmark
{
    private const int Sittings = 1_000;
    private const int StepsEach = 50;
    private const int Rounds = 5;
    private const int BatchRows = 1_000;

    private static readonly Seed Seed = new(1);

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
        var now = TimeProvider.System.GetUtcNow();
        var runs = await Task.WhenAll(Enumerable.Range(0, Sittings).Select(number => BeginAsync(store, number, now)));
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(runs.Select(run => Task.Run(() => RememberAsync(store, run))));
        return Sittings * StepsEach / watch.Elapsed.TotalSeconds;
    }

    private static async Task<(RunRecord Run, Hold Hold)> BeginAsync(
        SqliteSessionStore store, int number, DateTimeOffset now)
    {
        var session = SessionId.Parse(HistoryFile.SessionName(number));
        var request = new PlanRequest(Recollection.OfNobody(session), ChannelPool.VerifiedOnly, now);
        var plan = await new BuiltinPlanner(Seed).PlanAsync(request, default);
        var run = new RunRecord(RunId.For(Seed, session, 1, now), session, 1, plan, now, [], null, null);
        return (run, (await store.BeginAsync(run, default)).Hold);
    }

    private static async Task RememberAsync(SqliteSessionStore store, (RunRecord Run, Hold Hold) begun)
    {
        for (var number = 1; number <= StepsEach; number++)
        {
            var action = new ReadMessages(
                ChannelName.Parse("@durov"), TimeSpan.FromSeconds(8), "New posts in a channel it follows");
            var at = begun.Run.StartedAt.AddSeconds(10 * number);
            var step = new Step(number, action, new Outcome.Done(3), at, at.AddSeconds(8));
            await store.RememberAsync(begun.Hold, step);
        }
    }
}
