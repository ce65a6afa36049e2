using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using global::Heat.Configuration;
using HeatUp.Testing;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

/// <summary>What Prometheus gets, and what the dashboard and the alerts make of it.</summary>
public sealed partial class ScrapeTests
{
    /// <summary>Labels that come from elsewhere than from the service.</summary>
    private static readonly string[] OfPrometheus = ["job", "instance"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryQueryOfTheDashboardAndTheAlertsAsksForWhatIsExposedAfterASitting()
    {
        var exposed = await ExposedAsync();
        var dashboard = JsonDocument.Parse(File.ReadAllText(Repository.File("deploy/grafana/heat-up.json"))).RootElement;
        var queries = dashboard.List("panels").SelectMany(panel => panel.List("targets")).Select(target => target.Text("expr"))
            .Concat(dashboard.GetProperty("templating").List("list")
                .Select(variable => variable.GetProperty("query")).Where(query => query.ValueKind == JsonValueKind.Object)
                .Select(query => query.Text("query")))
            .Concat(Expressions().Matches(File.ReadAllText(Repository.File("deploy/prometheus/alerts.yml")))
                .Select(match => match.Value)).ToList();

        queries.Count.ShouldBeGreaterThan(20);
        foreach (var query in queries)
        {
            var metrics = Metrics().Matches(query).Select(match => match.Value).ToList();
            if (!query.Contains("up{", StringComparison.Ordinal)) metrics.ShouldNotBeEmpty(query);
            metrics.ShouldBeSubsetOf(exposed.Keys, query);
            foreach (Match label in Labels().Matches(query))
                foreach (var name in label.Groups["name"].Captures.Select(capture => capture.Value))
                    if (!OfPrometheus.Contains(name)) metrics.ShouldContain(metric => exposed[metric].Contains(name), $"{query}: {name}");
        }
    }

    [Fact]
    public async Task TheDocumentsTableIsWhatIsExposed()
    {
        var exposed = await ExposedAsync();
        var rows = File.ReadAllLines(Repository.File("docs/operating.md"))
            .Where(line => line.StartsWith("| `heatup.", StringComparison.Ordinal));
        var ofDocument = MetricsOfDocument().Matches(string.Join('\n', rows))
            .Select(match => match.Value.Trim('`').Replace('.', '_')).ToHashSet();

        foreach (var metric in exposed.Keys.Where(name => name.StartsWith("heatup_", StringComparison.Ordinal)))
            ofDocument.ShouldContain(known => metric.StartsWith(known, StringComparison.Ordinal), metric);
        foreach (var metric in ofDocument)
            exposed.Keys.ShouldContain(name => name.StartsWith(metric, StringComparison.Ordinal), metric);
    }

    [Fact]
    public async Task WithATokenOnlyWhoBringsItMayScrape()
    {
        await using var heat = await HeatServer.StartAsync(settings => settings with { ApiToken = TestSecret.Of("tok") });
        using var without = await heat.Client.GetAsync("/metrics", Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "tok");
        using var with = await heat.Client.SendAsync(request, Cancellation);

        without.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await without.JsonAsync()).Problem().ShouldBe("unauthorized");
        with.StatusCode.ShouldBe(HttpStatusCode.OK);
        with.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
    }

    [Fact]
    public async Task WithoutATokenAnotherSitesNameDoesNotReachIt()
    {
        await using var heat = await HeatServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Host = "evil.example";

        using var answer = await heat.Client.SendAsync(request, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.MisdirectedRequest);
    }

    [Fact]
    public async Task TheAlertsComeWhenTheyShould()
    {
        const string promtool = "promtool";
        Assert.SkipUnless((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Any(place => File.Exists(Path.Combine(place, promtool))), "promtool is not installed.");
        var start = new ProcessStartInfo(promtool, ["test", "rules", "alerts-test.yml"])
        {
            WorkingDirectory = Repository.File("deploy/prometheus"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(Cancellation);
        var output = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);

        process.ExitCode.ShouldBe(0, output + await error);
    }

    /// <summary>What is exposed after a sitting that a model planned: each metric with its labels.</summary>
    private static async Task<Dictionary<string, HashSet<string>>> ExposedAsync()
    {
        await using var llm = await StubLlm.StartAsync();
        await using var heat = await HeatServer.StartAsync(settings => settings with
        {
            Llm = new LlmSettings(llm.BaseUrl, null, "m", TimeSpan.FromSeconds(30)),
        });
        // From the first scrape on it is counted for sure.
        await heat.Client.GetStringAsync("/metrics", Cancellation);
        (await heat.SitAsync("alice")).Text("planner").ShouldBe("llm");
        var exposed = new Dictionary<string, HashSet<string>>();
        while (!exposed.ContainsKey("heatup_sittings_ended_total"))
        {
            // It keeps an answer for a moment.
            Cancellation.ThrowIfCancellationRequested();
            foreach (Match sample in Samples().Matches(await heat.Client.GetStringAsync("/metrics", Cancellation)))
            {
                var name = sample.Groups["metric"].Value;
                if (!exposed.TryGetValue(name, out var labels)) exposed[name] = labels = [];
                labels.UnionWith(sample.Groups["name"].Captures.Select(capture => capture.Value));
            }
        }
        return exposed;
    }

    [GeneratedRegex(@"^(?<metric>[a-z_]+)(\{((?<name>\w+)=""[^""]*"",?)*\})? ", RegexOptions.Multiline)]
    private static partial Regex Samples();

    [GeneratedRegex(@"\b(heatup|http_server|dotnet|kestrel|aspnetcore)_\w+")]
    private static partial Regex Metrics();

    [GeneratedRegex(@"\{((?<name>\w+)(=~?|!=)""[^""]*"",?)+\}|by \(((?<name>\w+)(, )?)+\)")]
    private static partial Regex Labels();

    [GeneratedRegex(@"(?<=expr: )[^|\n].*|(?<=expr: \|\n)( {10,}.*\n)+")]
    private static partial Regex Expressions();

    [GeneratedRegex(@"`heatup\.[a-z.]+`")]
    private static partial Regex MetricsOfDocument();
}
