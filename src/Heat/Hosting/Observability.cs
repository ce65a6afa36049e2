using Heat.Api;
using Heat.Configuration;
using HeatUp;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Heat.Hosting;

/// <summary>What the service tells: logs always; metrics and traces when there is somebody to tell them to.</summary>
internal static class Observability
{
    public static void AddHeatUp(this ILoggingBuilder logging, Settings settings)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(settings.LogLevel);
        // One line per request tells less than one line per sitting, and costs more.
        logging.AddFilter("Microsoft", Louder(settings.LogLevel, LogLevel.Warning));
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // Nor does one per request without a token.
        logging.AddFilter(typeof(ApiAuthentication).FullName, Louder(settings.LogLevel, LogLevel.Warning));
        // What the cluster's engine meets when a node ends, with all its calls, is no news: the node says it in a line,
        // and the command says why a start failed.
        logging.AddFilter("Orleans", Louder(settings.LogLevel, LogLevel.Critical));
        logging.AddFilter("Polly", Louder(settings.LogLevel, LogLevel.Warning));
        // Its only other word is that the server didn't start, which the command says in one line.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        if (settings.LogFormat == LogFormat.Json) logging.AddJsonConsole(options =>
        {
            options.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            options.UseUtcTimestamp = true;
        });
        // The journal has the time, and takes the level from the line's beginning.
        else if (SystemdHelpers.IsSystemdService()) logging.AddSystemdConsole();
        else logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.TimestampFormat = "yyyy-MM-dd HH:mm:ss ";
            options.UseUtcTimestamp = true;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(options =>
        {
            options.LogToStandardErrorThreshold = LogLevel.Trace;
            // A log that nobody reads never stops the service.
            options.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
    }

    public static void AddTelemetry(this IServiceCollection services, Settings settings)
    {
        var (told, general) = (settings.Telemetry, "OTEL_EXPORTER_OTLP_ENDPOINT");
        var metrics = told.ContainsKey(general) || told.ContainsKey("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT");
        var traces = told.ContainsKey(general) || told.ContainsKey("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
        // In a method of its own, so that without an address none of the exporter is loaded.
        if (metrics || traces) services.Export(told, metrics, traces);
    }

    private static void Export(
        this IServiceCollection services, IReadOnlyDictionary<string, string> told, bool metrics, bool traces)
    {
        // Unlike an exporter of its own for each, this one honours what is set for one signal alone.
        var telemetry = services.AddOpenTelemetry().UseOtlpExporter()
            .ConfigureResource(resource => resource.Configure(told));
        if (metrics) telemetry.WithMetrics(meters => meters.AddWhatIsMeasured());
        if (traces) telemetry.WithTracing(spans => spans
            .AddSource(Telemetry.Name)
            .AddAspNetCoreInstrumentation()
            .AddHttpClientInstrumentation());
    }

    /// <summary>The meters of ours, of ASP.NET, of outgoing HTTP and of .NET.</summary>
    public static MeterProviderBuilder AddWhatIsMeasured(this MeterProviderBuilder meters) => meters
        .AddMeter(Telemetry.Name)
        .AddAspNetCoreInstrumentation()
        .AddHttpClientInstrumentation()
        .AddRuntimeInstrumentation();

    public static void Configure(this ResourceBuilder resource, IReadOnlyDictionary<string, string> told)
    {
        resource.AddService("heat-up", serviceVersion: Api.ServiceApi.Version);
        // What the user says of it wins.
        if (told.ContainsKey("OTEL_SERVICE_NAME") || told.ContainsKey("OTEL_RESOURCE_ATTRIBUTES"))
            resource.AddEnvironmentVariableDetector();
    }

    private static LogLevel Louder(LogLevel one, LogLevel other) => one > other ? one : other;
}
