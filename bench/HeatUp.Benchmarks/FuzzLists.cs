using System.Diagnostics;
using System.Globalization;
using HeatUp.Testing.Lists;

namespace HeatUp.Benchmarks;

/// <summary>Throws damaged lists of channels at the importer: <c>fuzz-lists [SEED] [COUNT]</c>.</summary>
internal static class FuzzLists
{
    public const string Command = "fuzz-lists";

    private const int CountDefault = 200_000;

    private const int FaultsShownMax = 20;

    public static async Task<int> RunAsync(string[] arguments)
    {
        var seed = new Seed(arguments.Length > 0 ? ulong.Parse(arguments[0], CultureInfo.InvariantCulture) : 1);
        var count = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : CountDefault;
        var start = Stopwatch.GetTimestamp();
        var (channels, faults, slowest, slowestAt) = (0L, 0, TimeSpan.Zero, 0);
        for (var i = 0; i < count; i++)
        {
            var trial = await ListTrial.RunAsync(seed.Fork(i));
            channels += trial.Channels;
            if (trial.Time > slowest) (slowest, slowestAt) = (trial.Time, i);
            if (trial.Fault is not null && faults++ < FaultsShownMax) Console.WriteLine($"list {i}: {trial.Fault}");
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{count:N0} lists in {Stopwatch.GetElapsedTime(start).TotalSeconds:N0} s: {channels:N0} channels, "
            + $"{faults:N0} faults; the slowest took {slowest.TotalMilliseconds:N0} ms (list {slowestAt}); "
            + $"{GC.GetTotalMemory(forceFullCollection: true) >> 20} MiB at the end, "
            + $"{Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB at most"));
        return faults == 0 ? 0 : 1;
    }
}
