using HeatUp.Testing;
using Microsoft.Playwright;

namespace HeatUp.Benchmarks;

/// <summary>
/// How soon a browser that has nothing of the service paints its page, on ten million actions and with sittings that
/// run, beside the same bytes from memory.
/// </summary>
internal static class PaintBenchmark
{
    private const int Sittings = 50;
    private const int Visits = 9;
    private const string Pace = "5";

    public static async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        await AnalyticsBenchmark.FillAsync(folder.File("sessions.db"));
        await using var heat = await Child.ServeAsync(folder.File("sessions.db"), ("PACE", Pace));
        using var client = new HttpClient { BaseAddress = heat.Url };
        for (var sitting = 0; sitting < Sittings; sitting++)
            (await client.PostAsync($"warmup/session_{sitting}", null)).EnsureSuccessStatusCode();
        await File.WriteAllBytesAsync(folder.File("page.html"), await client.GetByteArrayAsync("ui"));
        await using var bare = await Child.BareAsync(folder.File("page.html"));

        using var driver = await Playwright.CreateAsync();
        await using var browser = await driver.Chromium.LaunchAsync(
            new() { ExecutablePath = InstalledPrograms.Chromium, Args = ["--no-sandbox"] });
        var (paints, barePaints) = (new List<double>(), new List<double>());
        for (var visit = -1; visit < Visits; visit++)
        {
            var (paint, barePaint) = (await PaintAsync(browser, heat.Url), await PaintAsync(browser, bare.Url));
            if (visit < 0) continue; // The first visit warms up both.
            paints.Add(paint);
            barePaints.Add(barePaint);
        }
        Console.WriteLine($"  median of {Visits} first visits in turn with the same bytes from memory");
        Figures.Report("first contentful paint", Figures.Median(paints), "ms", 300, atLeast: false);
        Figures.Note("the same of the bytes from memory", Figures.Median(barePaints), "ms");
    }

    private static async Task<double> PaintAsync(IBrowser browser, Uri url)
    {
        await using var context = await browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(url, "ui").ToString(), new() { WaitUntil = WaitUntilState.Load });
        return await page.EvaluateAsync<double>("""
            () => new Promise(told => new PerformanceObserver(
                list => told(list.getEntriesByName('first-contentful-paint')[0].startTime))
                .observe({ type: 'paint', buffered: true }))
            """);
    }
}
