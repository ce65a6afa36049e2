using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Heat.Api;
using Heat.Configuration;
using Heat.Reports;
using Heat.Simulations;
using HeatUp.Simulations;

namespace Heat.Dashboard;

/// <summary>
/// Simulations in the folders of the service: to begin a small one and watch it, to open one, and to put two beside
/// each other.
/// </summary>
internal static class SimulationPages
{
    /// <summary>The most sessions of a simulation that is begun from a page. The command takes more.</summary>
    public const int SessionsMax = 10_000;

    private const string End = "end";
    private const string Home = "/ui/simulations";

    public static void MapSimulationPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet(Home, List);
        pages.MapPost(Home, StartAsync);
        pages.MapGet($"{Home}/{{name}}", Show);
        pages.MapGet($"{Home}/{{name}}/live", Watch);
        pages.MapPost($"{Home}/{{name}}/stop", Stop);
        pages.MapPost($"{Home}/{{name}}/resume", Resume);
        pages.MapGet("/ui/compare", Compare);
    }

    public static string PlaceOf(string name) => $"{Home}/{Uri.EscapeDataString(name)}";

    private static IResult List(SimulationDesk desk, PageMaker pages) =>
        pages.Show<SimulationsView>("simulations", new()
        {
            [nameof(SimulationsView.Folder)] = desk.Directory,
            [nameof(SimulationsView.Lines)] = desk.List(),
            [nameof(SimulationsView.Run)] = desk.Latest?.State,
        });

    private static async Task<IResult> StartAsync(HttpContext http, SimulationDesk desk, Settings settings)
    {
        if (await Requests.FormOfAsync(http, DashboardPages.FormMax) is not { } form)
            return Problems.Body("It must be the form of the page.").ToPage();
        if (Whole.TryParse(form["sessions"].ToString(), out var sessions) && sessions > SessionsMax)
            return Problems.Body($"A page begins simulations of up to {SessionsMax} sessions. "
                + "'heat simulate --sessions' takes more.").ToPage();
        var wanted = new SimulationRequest(form["name"].ToString().Trim(), ScenarioOf(form));
        return Begin(wanted, http, desk, settings);
    }

    private static IResult Resume(string name, HttpContext http, SimulationDesk desk, Settings settings) =>
        Begin(new SimulationRequest(name, Resume: true), http, desk, settings);

    private static IResult Begin(SimulationRequest wanted, HttpContext http, SimulationDesk desk, Settings settings)
    {
        ActLog.Name(http, wanted.Name);
        return SimulationApi.TryBegin(wanted, desk, settings, out _) is { } problem
            ? problem.ToPage() : DashboardPages.To($"{Home}#run");
    }

    /// <summary>The scenario of a form. What can't be one is refused with its place, as a file's would be.</summary>
    private static JsonElement ScenarioOf(IFormCollection form)
    {
        var scenario = new Dictionary<string, object>();
        foreach (var name in new[] { "sessions", "days", "seed" })
            if (form[name].ToString().Trim() is { Length: > 0 } text)
                scenario[name] = Whole.TryParse(text, out var number) ? number : text;
        if (form["flood_wait"].ToString().Trim() is { Length: > 0 } percent)
            scenario["faults"] = new Dictionary<string, object>
            {
                ["flood_wait"] = double.TryParse(percent, CultureInfo.InvariantCulture, out var chance)
                    ? chance / 100 : percent,
            };
        return JsonSerializer.SerializeToElement(scenario);
    }

    private static IResult Show(string name, SimulationDesk desk, PageMaker pages)
    {
        if (!SimulationDesk.IsName(name)) return Problems.SimulationNotFound(name).ToPage();
        try
        {
            if (SeedsFolder.Is(desk.PathOf(name)))
                return Compared(name, null, RunComparison.Of(RunSet.Read(desk.PathOf(name))), pages);
            using var folder = RunFolder.Read(desk.PathOf(name));
            return pages.Show<SimulationView>("simulations", new()
            {
                [nameof(SimulationView.Name)] = name,
                [nameof(SimulationView.Manifest)] = folder.ReadManifest(),
                [nameof(SimulationView.Summary)] = folder.ReadSummary(),
            });
        }
        catch (RunFolderException failure)
        {
            return desk.Find(name) is not null
                ? DashboardPages.To($"{Home}#run") : Problems.RunFolder(failure.Message).ToPage();
        }
    }

    private static IResult Compare(string? a, string? b, SimulationDesk desk, PageMaker pages)
    {
        if (!SimulationDesk.IsName(a)) return Problems.SimulationNotFound(a).ToPage();
        if (!SimulationDesk.IsName(b)) return Problems.SimulationNotFound(b).ToPage();
        try
        {
            return Compared(a, b, RunComparison.Of(RunSet.Read(desk.PathOf(a)), RunSet.Read(desk.PathOf(b))), pages);
        }
        catch (RunFolderException failure)
        {
            return Problems.RunFolder(failure.Message).ToPage();
        }
    }

    private static IResult Compared(string a, string? b, RunComparison comparison, PageMaker pages) =>
        pages.Show<ComparisonView>("simulations", new()
        {
            [nameof(ComparisonView.Title)] = b is null ? $"{a}, of several seeds" : $"{a} and {b} compared",
            [nameof(ComparisonView.Comparison)] = comparison,
        });

    private static IResult Watch(
        string name, SimulationDesk desk, TimeProvider clock, CancellationToken cancellation) =>
        desk.Find(name) is { } run
            ? new EventStream(EventsOf(run, cancellation), clock) : Problems.SimulationNotFound(name).ToPage();

    private static async IAsyncEnumerable<SseItem<string>> EventsOf(
        DeskRun run, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var now in run.WatchAsync(cancellation))
        {
            var text = HtmlReport.Render<SimulationProgressBar>(
                new() { [nameof(SimulationProgressBar.Run)] = now.State });
            yield return now.IsOver ? new SseItem<string>(text, End) : new SseItem<string>(text);
        }
    }

    private static IResult Stop(string name, SimulationDesk desk)
    {
        if (desk.Find(name) is not { } run) return Problems.SimulationNotFound(name).ToPage();
        run.Stop();
        return DashboardPages.To($"{Home}#run");
    }
}
