using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs.Sandbox;
using HeatUp.Runs;
using HeatUp.Sessions.Sqlite;
using HeatUp.Sessions;
using Microsoft.Extensions.Logging.Abstractions;

namespace HeatUp.Benchmarks;

internal static class InFlightBenchmark
{
    private const int Count = 10_000;

    public static async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        await using var store = await SqliteSessionStore.OpenAsync(
            folder.File("sessions.db"), TelegramMode.Sandbox, TimeProvider.System,
            NullLogger<SqliteSessionStore>.Instance);
        var seed = new Seed(1);
        // Slow enough that none ends before all are there.
        var pace = new Pace(100);
        var clock = TimeProvider.System;
        var telegram = new SandboxTelegram(() => ChannelPool.VerifiedOnly, clock, pace, seed, SandboxFaults.None);
        var (claims, log) = (new Claims(2 * Count), NullLogger<Sittings>.Instance);
        var runs = new RunWriter(store, claims, clock, log);
        var planning = new Planning(new BuiltinPlanner(seed), () => ChannelPool.VerifiedOnly, clock);
        var sittings = new Sittings(
            store, planning, new Runner(telegram, clock, pace, seed), claims, runs, clock, seed, log);
        await StartAsync(sittings, "warming", 100);

        var before = GC.GetTotalMemory(forceFullCollection: true);
        await StartAsync(sittings, "session", Count);
        await Task.Delay(TimeSpan.FromSeconds(2));
        var after = GC.GetTotalMemory(forceFullCollection: true);

        var each = (after - before) / (double)Count / 1024;
        Figures.Report("managed memory a sitting in flight", each, "KiB", 4, atLeast: false);
        Figures.Note("sittings in flight", claims.Sittings.Count, "");
        await runs.StopAsync();
    }

    private static Task StartAsync(Sittings sittings, string name, int count)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = 256 };
        return Parallel.ForEachAsync(Enumerable.Range(0, count), options, async (number, cancellation) =>
        {
            var start = await sittings.StartAsync(SessionId.Parse($"{name}_{number}"), cancellation);
            var sitting = ((SittingStart.Started)start).Sitting;
            using (ExecutionContext.SuppressFlow())
                _ = Task.Run(() => sittings.RunAsync(sitting), cancellation);
        });
    }
}
