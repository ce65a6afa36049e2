using System.Diagnostics.Metrics;
using Heat.Configuration;
using HeatUp.Plans;
using HeatUp.Plans.Llm;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Heat.Hosting;

/// <summary>
/// Metrics for whoever comes for them: <c>GET /metrics</c> in the format of Prometheus, behind the token where there is
/// one. Beside it, what is sent to a collector goes its own way.
/// </summary>
internal static class Scraping
{
    public const string Address = "/metrics";

    public static void AddScraping(this IServiceCollection services) =>
        services.AddSingleton<ServiceGauges>().AddSingleton<ScrapedMeters>();

    public static void MapMetrics(this WebApplication app)
    {
        var scraped = new Lazy<RequestDelegate>(() => Begin(app));
        app.Map(Address, http => scraped.Value(http)).ExcludeFromDescription();
        // It takes a tenth of a second of the processor, for which nobody waits who wants to be served.
        app.Lifetime.ApplicationStarted.Register(() => Task.Run(() =>
        {
            try { _ = scraped.Value; }
            catch (ObjectDisposedException) { /* It was a short life. */ }
        }));
    }

    /// <summary>From now on it is counted.</summary>
    private static RequestDelegate Begin(WebApplication app)
    {
        app.Services.GetRequiredService<ServiceGauges>();
        return new ApplicationBuilder(app.Services).UseOpenTelemetryPrometheusScrapingEndpoint(
            app.Services.GetRequiredService<ScrapedMeters>().Provider, _ => true, null, null, null).Build();
    }
}

/// <summary>What is exposed, by a provider of its own: what a collector gets has another, of the host.</summary>
internal sealed class ScrapedMeters(Settings settings) : IDisposable
{
    public MeterProvider Provider { get; } = Sdk.CreateMeterProviderBuilder()
        .ConfigureResource(resource => resource.Configure(settings.Telemetry))
        .AddWhatIsMeasured()
        .AddPrometheusExporter()
        .Build();

    public void Dispose() => Provider.Dispose();
}

/// <summary>What is looked up and not counted: the room that is left, and whether the model is held off.</summary>
internal sealed class ServiceGauges : IDisposable
{
    private readonly Meter meter = new(Telemetry.Name);

    public ServiceGauges(Settings settings, IPlanner planner)
    {
        meter.CreateObservableGauge(
            "heatup.planner.held", () => (planner as LlmPlanner)?.Held is null ? 0 : 1, null,
            "1 while the language model is left alone, because it hangs or refuses, and the built-in planner plans.");
        // A database elsewhere has a disk of its own.
        if (settings.DatabaseUrl is null && DiskOf(settings.DatabasePath) is { } disk)
            meter.CreateObservableGauge(
                "heatup.store.disk.free", () => disk.AvailableFreeSpace, "By", "Room beside the database.");
    }

    public void Dispose() => meter.Dispose();

    private static DriveInfo? DiskOf(string path)
    {
        try
        {
            var disk = new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(path))!);
            return disk.AvailableFreeSpace >= 0 ? disk : null;
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
