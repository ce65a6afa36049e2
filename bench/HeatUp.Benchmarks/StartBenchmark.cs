namespace HeatUp.Benchmarks;

internal static class StartBenchmark
{
    private const int Starts = 9;

    public static async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        var (seconds, megabytes, bareSeconds, bareMegabytes) =
            (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        await File.WriteAllTextAsync(folder.File("body.json"), "{}");
        for (var start = -1; start < Starts; start++)
        {
            await using var heat = await Child.ServeAsync(folder.File("sessions.db"));
            await using var bare = await Child.BareAsync(folder.File("body.json"));
            if (start < 0) continue;
            seconds.Add(heat.UntilHealthy.TotalSeconds);
            megabytes.Add(heat.ResidentMegabytes);
            bareSeconds.Add(bare.UntilHealthy.TotalSeconds);
            bareMegabytes.Add(bare.ResidentMegabytes);
        }
        Console.WriteLine($"  median of {Starts} starts in turn with a bare Kestrel");
        Figures.Report("from the start to the first /health", Figures.Median(seconds), "s", 0.5, atLeast: false);
        Figures.Report("resident memory then", Figures.Median(megabytes), "MB", 90, atLeast: false);
        Figures.Note("the same of a bare Kestrel", Figures.Median(bareSeconds), "s");
        Figures.Note("resident memory of a bare Kestrel", Figures.Median(bareMegabytes), "MB");
    }
}
