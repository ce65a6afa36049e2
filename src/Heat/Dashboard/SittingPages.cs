using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Heat.Api;
using Heat.Reports;
using HeatUp;
using HeatUp.Runs;
using HeatUp.Sessions;

namespace Heat.Dashboard;

/// <summary>What goes on now, and a sitting: starting, watching and cancelling it.</summary>
internal static class SittingPages
{
    private const string End = "end";

    public static void MapSittingPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/ui", NowAsync);
        pages.MapGet("/ui/live", (LiveBoard board, TimeProvider clock, CancellationToken cancellation) =>
            new EventStream(board.WatchAsync(cancellation), clock));
        pages.MapPost("/ui/start", StartAsync);
        pages.MapGet("/ui/runs/{run_id}", RunAsync);
        pages.MapGet("/ui/runs/{run_id}/live", WatchAsync);
        pages.MapPost("/ui/runs/{run_id}/cancel", CancelAsync);
    }

    private static async Task<IResult> NowAsync(
        LiveBoard board, Health health, PageMaker pages, string? session, CancellationToken cancellation) =>
        pages.Show<NowView>("now", new()
        {
            [nameof(NowView.Board)] = await board.NowAsync(cancellation),
            [nameof(NowView.Health)] = await health.AskAsync(cancellation),
            [nameof(NowView.Session)] = session ?? "",
        });

    private static async Task<IResult> StartAsync(HttpContext http, WarmupDesk desk)
    {
        var form = await Requests.FormOfAsync(http, DashboardPages.FormMax);
        if (!SessionId.TryParse(form?["session"].ToString().Trim(), out var session, out var problem))
            return Problems.SessionId(problem).ToPage();
        ActLog.Name(http, session.Value);
        var (begun, refusal) = await desk.BeginAsync(session, http.RequestAborted);
        return begun is null ? refusal!.ToPage() : DashboardPages.To(DashboardPages.PlaceOf(begun.Run.Id));
    }

    private static async Task<IResult> RunAsync(
        string run_id, IRunControl runs, PageMaker pages, CancellationToken cancellation) =>
        await FindAsync(run_id, runs, cancellation) is { } run
            ? pages.Show<RunView>("now", new() { [nameof(RunView.Run)] = run })
            : Problems.RunNotFound(run_id).ToPage();

    private static async Task<IResult> WatchAsync(
        string run_id, IRunControl runs, TimeProvider clock, CancellationToken cancellation) =>
        await FindAsync(run_id, runs, cancellation) is { } run
            ? new EventStream(EventsOf(run, runs, cancellation), clock)
            : Problems.RunNotFound(run_id).ToPage();

    private static async Task<IResult> CancelAsync(string run_id, IRunControl runs, CancellationToken cancellation)
    {
        if (!RunId.TryParse(run_id, out var id)) return Problems.RunNotFound(run_id).ToPage();
        return await runs.CancelAsync(id, cancellation) switch
        {
            (CancelStatus.NotFound, _) => Problems.RunNotFound(run_id).ToPage(),
            (CancelStatus.Elsewhere, _) => Problems.RunElsewhere(id).ToPage(),
            _ => DashboardPages.To(DashboardPages.PlaceOf(id)),
        };
    }

    private static async ValueTask<RunRecord?> FindAsync(
        string text, IRunControl runs, CancellationToken cancellation) =>
        RunId.TryParse(text, out var id) ? await runs.FindAsync(id, cancellation) : null;

    /// <summary>The run as the page shows it, whenever something of it has changed.</summary>
    private static async IAsyncEnumerable<SseItem<string>> EventsOf(
        RunRecord run, IRunControl runs, [EnumeratorCancellation] CancellationToken cancellation)
    {
        yield return new(Fragment(run));
        if (run.End is not null) yield break;
        await foreach (var happening in runs.WatchAsync(run.Id, run.Steps.Count, cancellation))
        {
            run = happening switch
            {
                RunEvent.StepEnded(var step) => run with { Steps = [.. run.Steps, step] },
                // Of a stop, the store knows no end.
                RunEvent.RunEnded(var end) => await runs.FindAsync(run.Id, cancellation) is { End: not null } ended
                    ? ended
                    : run with { End = end },
                _ => run,
            };
            yield return new(Fragment(run), run.End is null ? null : End);
        }
    }

    private static string Fragment(RunRecord run) =>
        HtmlReport.Render<RunFacts>(new() { [nameof(RunFacts.Run)] = run });
}
