using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using HeatUp.Primitives;
using HeatUp.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace HeatUp.Tests.Heat;

/// <summary>Metrics and traces reach the collector that the settings name.</summary>
public sealed class OtlpTests : IAsyncLifetime
{
    private const string GrpcOf = "/opentelemetry.proto.collector.";

    private readonly ConcurrentDictionary<string, byte[]> received = new();
    private readonly ConcurrentDictionary<string, string> headers = new();
    private readonly WebApplication collector;

    public OtlpTests()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            // Without TLS nothing says which of the two it is.
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        collector = builder.Build();
        collector.Run(ReceiveAsync);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await collector.StartAsync(Cancellation);

    public async ValueTask DisposeAsync() => await collector.DisposeAsync();

    [Theory(Timeout = 60_000)]
    [InlineData("http/protobuf", 0, "/v1/traces", "/v1/metrics")]
    [InlineData("grpc", 1, GrpcOf + "trace.v1.TraceService/Export", GrpcOf + "metrics.v1.MetricsService/Export")]
    public async Task BothProtocolsCarryASittingsSpansAndFigures(string protocol, int address, string traces, string metrics)
    {
        var settings = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Urls.ElementAt(address),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
            ["OTEL_EXPORTER_OTLP_HEADERS"] = "api-key=abc",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "50",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "50",
            ["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment=trial",
        };
        await using (var server = await HeatServer.StartAsync(given => given with { Telemetry = settings }))
            await server.SitAsync("alice");

        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        // What was still to be sent is sent when the service stops.

        Text(traces).ShouldContain("heat-up");
        Text(traces).ShouldContain("deployment.environment");
        Text(metrics).ShouldContain("heatup.sittings.running");
        headers[traces].ShouldBe("abc");
    }

    [Fact(Timeout = 60_000)]
    public async Task AnAddressForTracesAloneSendsNoFigures()
    {
        await using (var server = await HeatServer.StartAsync(given => given with
        {
            Telemetry = new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = $"{collector.Urls.First()}/mine",
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "50",
            },
        }))
            await server.SitAsync("alice");

        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        received.Keys.ShouldBe(["/mine"]);
    }

    [Fact(Timeout = 60_000)]
    public async Task ASittingIsLinkedToTheRequestThatBeganIt()
    {
        var cancellation = TestContext.Current.CancellationToken;
        const string request = "0af7651916cd43dd8448eb211c80319c";
        var sittings = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Microsoft.AspNetCore" or Telemetry.Name,
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if (span.OperationName == "sitting") sittings.Enqueue(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var server = await HeatServer.StartAsync();
        server.Client.DefaultRequestHeaders.Add("traceparent", $"00-{request}-b7ad6b7169203331-01");

        using var answer = await server.PostAsync("/warmup-sync/alice");

        while (!sittings.Any(IsOfRequest)) cancellation.ThrowIfCancellationRequested();
        // It outlives the request, so that it isn't within it.
        sittings.First(IsOfRequest).TraceId.ToString().ShouldNotBe(request);

        static bool IsOfRequest(Activity sitting) =>
            sitting.Links.Any(link => link.Context.TraceId.ToString() == request);
    }

    private string Text(string path) => Encoding.UTF8.GetString(received[path]);

    private async Task ReceiveAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, Cancellation);
        received.AddOrUpdate(path, body.ToArray(), (_, before) => [.. before, .. body.ToArray()]);
        headers[path] = context.Request.Headers["api-key"].ToString();
        if (context.Request.Protocol != HttpProtocol.Http2) return;
        context.Response.ContentType = "application/grpc";
        context.Response.AppendTrailer("grpc-status", "0");
        // An empty message.
        await context.Response.BodyWriter.WriteAsync(new byte[5], Cancellation);
    }
}
