using System.Diagnostics;
using HeatUp.Channels;
using HeatUp.Simulation;

namespace HeatUp.Benchmarks;

internal static class SimulateBenchmark
{
    private sealed record Lived(double ActionsPerSecond, double BytesPerSession, long Actions);

    public static Task RunAsync()
    {
        var pool = Pool();
        Live(pool, 1_000, 30, 1); // Everything is compiled.

        var small = Live(pool, 1_000, 300, 1);
        var usual = Live(pool, 10_000, 30, 1);
        var two = Live(pool, 10_000, 60, 2);
        var one = Live(pool, 10_000, 60, 1);
        var month = Live(pool, 100_000, 30, 2);
        var large = Live(pool, 1_000_000, 1, 1);
        Figures.Report("actions a second, one thread, 10,000 sessions", usual.ActionsPerSecond, "/s", 500_000, true);
        Figures.Note("the same at 1,000 sessions", small.ActionsPerSecond, "/s");
        Figures.Note("bare event loop of 10,000 pending events", HoldModel(10_000), "/s");
        Figures.Report("actions a second, one thread, 1,000,000 sessions", large.ActionsPerSecond, "/s", 200_000, true);
        Figures.Note("bare event loop of 1,000,000 pending events", HoldModel(1_000_000), "/s");
        var dearer = small.ActionsPerSecond / large.ActionsPerSecond;
        Figures.Report("cost of an action, 1,000,000 sessions to 1,000", dearer, "x", 2.5, atLeast: false);
        Figures.Report(
            "two threads to one", two.ActionsPerSecond / one.ActionsPerSecond, "x", 1.7, atLeast: true);
        Figures.Report(
            "managed memory a session, 100,000 for 30 days", month.BytesPerSession / 1024, "KiB", 1.5, atLeast: false);
        Figures.Note("the same after a day, 1,000,000", large.BytesPerSession / 1024, "KiB");
        return Task.CompletedTask;
    }

    /// <summary>
    /// What an event queue alone does: the event that is due is taken, and one is put at a random later time.
    /// </summary>
    private static double HoldModel(int pending)
    {
        const int count = 3_000_000;
        var rng = new Seed(1).ToRng();
        var queue = new PriorityQueue<int, long>(pending);
        for (var i = 0; i < pending; i++) queue.Enqueue(i, (long)(rng.NextDouble() * 1e9));
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < count; i++)
        {
            queue.TryDequeue(out var due, out var at);
            queue.Enqueue(due, at + (long)(rng.NextDouble() * 1e9));
        }
        return count / watch.Elapsed.TotalSeconds;
    }

    private static Lived Live(ChannelPool pool, int sessions, int days, int threads)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var scenario = new Scenario { Sessions = sessions, Days = days, Seed = new Seed(7) };
        using var simulation = new Simulation.Simulation(scenario, pool, null, threads);
        var watch = Stopwatch.StartNew();
        while (!simulation.IsOver) simulation.RunEpoch();
        var took = watch.Elapsed.TotalSeconds;
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine(
            $"    {sessions:N0} sessions, {days} days, {threads} threads: {simulation.Actions:N0} actions "
            + $"in {took:N1} s, {simulation.Actions / took:N0}/s, transcript {simulation.Transcript[..12]}");
        return new Lived(simulation.Actions / took, bytes / (double)sessions, simulation.Actions);
    }

    public static ChannelPool Pool() => ChannelPool.Of(ChannelFile.Read(PoolPath()).Channels);

    private static string PoolPath() =>
        Path.Combine(FolderAbove(AppContext.BaseDirectory, "HeatUp.slnx"), "channels_data.json");

    private static string FolderAbove(string folder, string marker) =>
        File.Exists(Path.Combine(folder, marker))
            ? folder
            : FolderAbove(Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))!, marker);
}
