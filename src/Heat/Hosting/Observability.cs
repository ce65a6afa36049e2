using Heat.Configuration;
using HeatUp;
using Microsoft.Extensions.Logging.Console;
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
        // Its only other word is that the server didn't start, which the command says in one line.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        if (settings.LogFormat == LogFormat.Json) logging.AddJsonConsole(options =>
        {
            options.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            options.UseUtcTimestamp = true;
        });
        else logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.TimestampFormat = "yyyy-MM-dd HH:mm:ss ";
            options.UseUtcTimestamp = true;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(
            options => options.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    public static void AddTelemetry(this IServiceCollection services, Settings settings)
    {
        // In a method of its own, so that without an address none of the exporter is loaded.
        if (settings.OtlpEndpoint is { } endpoint) services.Export(endpoint);
    }

    private static void Export(this IServiceCollection services, Uri endpoint)
    {
        // The exporter reads its own settings from the environment, where a value of .env isn't yet.
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.OriginalString);
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("heat-up", serviceVersion: Api.ServiceApi.Version))
            .WithMetrics(metrics => metrics
                .AddMeter(Telemetry.Name)
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddOtlpExporter())
            .WithTracing(traces => traces
                .AddSource(Telemetry.Name)
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddOtlpExporter());
    }

    private static LogLevel Louder(LogLevel one, LogLevel other) => one > other ? one : other;
}
