using System.Diagnostics;
using HeatUp.Channels;
using HeatUp.Simulations;

namespace HeatUp.Benchmarks;

internal static class SimulateBenchmark
{
    private const int Rounds = 5;
    private const int LargeRounds = 3;

    private sealed record Lived(double ActionsPerSecond, double BytesPerSession);

    public static Task RunAsync()
    {
        var pool = Pool();
        Live(pool, 10_000, 30, 1); // Everything is compiled.

        var usual = InTurn(Rounds, () => (Lived: Live(pool, 10_000, 30, 1), Bare: HoldModel(10_000)));
        ReportSpeed("10,000 sessions", 500_000, usual);

        var sizes = InTurn(LargeRounds, () => (
            Small: Live(pool, 1_000, 300, 1),
            Large: Live(pool, 1_000_000, 1, 1), Bare: HoldModel(1_000_000)));
        ReportSpeed("1,000,000 sessions", 200_000, sizes.Select(round => (round.Large, round.Bare)));
        Figures.Report(
            "cost of an action, 1,000,000 sessions to 1,000",
            Figures.Median(sizes.Select(round => round.Small.ActionsPerSecond / round.Large.ActionsPerSecond)),
            "x", 2.5, atLeast: false);

        var threads = InTurn(Rounds, () => (
            One: Live(pool, 10_000, 60, 1), Two: Live(pool, 10_000, 60, 2)));
        Figures.Report(
            "two threads to one",
            Figures.Median(threads.Select(round => round.Two.ActionsPerSecond / round.One.ActionsPerSecond)),
            "x", 1.7, atLeast: true);

        var month = Live(pool, 100_000, 30, 2);
        Figures.Report(
            "managed memory a session, 100,000 for 30 days", month.BytesPerSession / 1024, "KiB", 1.5, atLeast: false);
        Figures.Note("the same after a day, 1,000,000", sizes[0].Large.BytesPerSession / 1024, "KiB");
        return Task.CompletedTask;
    }

    /// <summary>Rounds of the same, since the machine's speed drifts.</summary>
    private static List<T> InTurn<T>(int rounds, Func<T> round)
    {
        Console.WriteLine($"  medians of {rounds} rounds:");
        return [.. Enumerable.Range(0, rounds).Select(_ => round())];
    }

    private static void ReportSpeed(string of, double bound, IEnumerable<(Lived Lived, double Bare)> rounds)
    {
        var each = rounds.ToList();
        Figures.Report(
            $"actions a second, one thread, {of}",
            Figures.Median(each.Select(round => round.Lived.ActionsPerSecond)), "/s", bound, atLeast: true);
        Figures.Note(
            "bare event loop with as many pending events", Figures.Median(each.Select(round => round.Bare)), "/s");
        Figures.Note(
            "actions to the bare loop's events",
            100 * Figures.Median(each.Select(round => round.Lived.ActionsPerSecond / round.Bare)), "%");
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
        using var simulation = new Simulation(scenario, pool, null, threads);
        var watch = Stopwatch.StartNew();
        while (!simulation.IsOver) simulation.RunEpoch();
        var took = watch.Elapsed.TotalSeconds;
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine(
            $"    {sessions:N0} sessions, {days} days, {threads} threads: {simulation.Actions:N0} actions "
            + $"in {took:N1} s, {simulation.Actions / took:N0}/s, transcript {simulation.Transcript[..12]}");
        return new Lived(simulation.Actions / took, bytes / (double)sessions);
    }

    public static ChannelPool Pool() => ChannelPool.Of(ChannelFile.Read(PoolPath()).Channels);

    private static string PoolPath() =>
        Path.Combine(FolderAbove(AppContext.BaseDirectory, "HeatUp.slnx"), "channels_data.json");

    private static string FolderAbove(string folder, string marker) =>
        File.Exists(Path.Combine(folder, marker))
            ? folder
            : FolderAbove(Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))!, marker);
}
