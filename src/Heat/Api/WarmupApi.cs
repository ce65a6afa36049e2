using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Heat.Accounts;
using HeatUp;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;

namespace Heat.Api;

/// <summary>Sittings: starting, watching and cancelling them.</summary>
internal static class WarmupApi
{
    public static void MapWarmups(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("").WithTags("Sittings");
        api.MapPost("/warmup/{**session_id}", StartAsync).WithName("warmup")
            .WithSummary("Give a session a sitting, in the background")
            .Produces<WarmupAnswer>(StatusCodes.Status202Accepted)
            .ProducesProblems(400, 401, 404, 409, 413, 429, 503);
        api.MapPost("/warmup-sync/{**session_id}", StartAndWaitAsync).WithName("warmup_sync")
            .WithSummary("Give a session a sitting, and answer when it is over")
            .Produces<WarmupAnswer>()
            .ProducesProblems(400, 401, 404, 409, 413, 429, 503);
        api.MapGet("/warmups/{run_id}", FindAsync).WithName("run")
            .WithSummary("A run: its plan, its steps so far, its status")
            .Produces<RunAnswer>()
            .ProducesProblems(401, 404, 503);
        api.MapGet("/warmups/{run_id}/events", WatchAsync).WithName("run_events")
            .WithSummary("A run as server-sent events: plan, step_started, step, end; resumable with Last-Event-ID")
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream")
            .ProducesProblems(401, 404, 503);
        api.MapDelete("/warmups/{run_id}", CancelAsync).WithName("cancel")
            .WithSummary("Cancel a run at its step's edge; what was done stays remembered")
            .Produces<RunAnswer>()
            .ProducesProblems(401, 404, 409, 503);
    }

    private static async Task<IResult> StartAsync(
        string? session_id, HttpRequest request, Engine engine, TimeProvider clock,
        CancellationToken cancellation)
    {
        var (sitting, problem) = await BeginAsync(session_id, request, engine, clock, cancellation);
        if (sitting is null) return problem!;
        Requests.Detach(() => engine.Sittings.RunAsync(sitting));
        var answer = WarmupAnswer.Started(sitting);
        return Results.Json(answer, ApiJson.Readable.WarmupAnswer, statusCode: StatusCodes.Status202Accepted)
            .WithLocation($"/warmups/{sitting.Id}");
    }

    private static async Task<IResult> StartAndWaitAsync(
        string? session_id, HttpRequest request, Engine engine, TimeProvider clock,
        CancellationToken cancellation)
    {
        var (sitting, problem) = await BeginAsync(session_id, request, engine, clock, cancellation);
        if (sitting is null) return problem!;
        // A client that hangs up has asked for the sitting all the same: it goes on.
        Requests.Detach(() => engine.Sittings.RunAsync(sitting));
        await sitting.Completion.WaitAsync(cancellation);
        return Results.Json(WarmupAnswer.Ended(sitting.Snapshot()), ApiJson.Readable.WarmupAnswer)
            .WithLocation($"/warmups/{sitting.Id}");
    }

    private static async ValueTask<(Sitting? Sitting, ProblemResult? Problem)> BeginAsync(
        string? sessionId, HttpRequest request, Engine engine, TimeProvider clock,
        CancellationToken cancellation)
    {
        var sittings = engine.Sittings;
        if (!SessionId.TryParse(sessionId, out var session, out var problem))
            return (null, Problems.SessionId(problem));
        if (await Requests.RefuseFieldsAsync(request, cancellation) is { } fields) return (null, fields);
        if (engine.Accounts is { } accounts && NoAccount(accounts, session) is { } unknown) return (null, unknown);
        var start = await sittings.StartAsync(session, cancellation);
        if (start is SittingStart.AlreadyRunning(var other))
            return (null, await RunOfAsync($"{other}", sittings, engine.Store, cancellation) is null
                ? Problems.BeingPlanned(session, other)
                : Problems.AlreadyRunning(session, other));
        return start switch
        {
            SittingStart.Started(var sitting) => (sitting, null),
            SittingStart.TooMany => (null, Problems.TooMany()),
            SittingStart.Refused(var reason, var until) => (null, Problems.Conduct(reason, until - clock.GetUtcNow())),
            _ => (null, Problems.Stopping()),
        };
    }

    private static ProblemResult? NoAccount(LiveAccounts accounts, SessionId session)
    {
        try
        {
            return accounts.WhyNot(session) is { } unknown ? Problems.AccountNotFound(unknown) : null;
        }
        catch (IOException failure)
        {
            // A wrong key, a full disk: it says what to do, and until then no account does anything.
            return Problems.Conduct(failure.Message, null);
        }
    }

    private static async Task<IResult> FindAsync(
        string run_id, Sittings sittings, ISessionStore store, CancellationToken cancellation) =>
        await RunOfAsync(run_id, sittings, store, cancellation) is { } run
            ? Results.Json(RunAnswer.Of(run), ApiJson.Readable.RunAnswer)
            : Problems.RunNotFound(run_id);

    private static async Task<IResult> CancelAsync(
        string run_id, Sittings sittings, ISessionStore store, CancellationToken cancellation)
    {
        if (RunId.TryParse(run_id, out var id) && sittings.Find(id) is { } sitting)
        {
            sitting.Cancel();
            await sitting.Completion.WaitAsync(cancellation);
            return Results.Json(RunAnswer.Of(sitting.Snapshot()), ApiJson.Readable.RunAnswer);
        }
        return await RunOfAsync(run_id, sittings, store, cancellation) switch
        {
            null => Problems.RunNotFound(run_id),
            { End: null } open => Problems.RunElsewhere(open.Id),
            var ended => Problems.RunEnded(ended.Id, Words.Of(ended.Status)),
        };
    }

    private static async Task<IResult> WatchAsync(
        string run_id, HttpRequest request, Sittings sittings, ISessionStore store, TimeProvider clock,
        CancellationToken cancellation)
    {
        if (await RunOfAsync(run_id, sittings, store, cancellation) is not { } run) return Problems.RunNotFound(run_id);
        var lastSeen = request.Headers["Last-Event-ID"].ToString();
        // To a client that has seen the end, 204 says: don't come back (HTML standard, server-sent events).
        if (lastSeen == EndEvent) return Results.NoContent();
        var known = int.TryParse(lastSeen, out var step) ? step : -1;
        var events = sittings.Find(run.Id) is { } sitting
            ? EventsOf(sitting.Snapshot, known, sitting.WatchAsync(Math.Max(known, 0), cancellation), cancellation)
            : EventsOf(() => run, known, Remembered(run, Math.Max(known, 0)), cancellation);
        return new EventStream(events, clock);
    }

    private const string EndEvent = "end";

    /// <summary>
    /// A run's events. A step's number is its event's id, so that a client that comes back misses none and sees none
    /// twice.
    /// </summary>
    private static async IAsyncEnumerable<SseItem<string>> EventsOf(
        Func<RunRecord> run, int known, IAsyncEnumerable<RunEvent> events,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var json = ApiJson.Readable;
        if (known < 0)
        {
            var begun = RunAnswer.Of(run() with { Steps = [], End = null, EndedAt = null });
            yield return Event("plan", begun, json.RunAnswer, "0");
        }
        await foreach (var happening in events.WithCancellation(cancellation))
        {
            if (happening is RunEvent.StepStarted(var number, var action, var at))
            {
                var started = new StepStartedAnswer(number, ActionAnswer.Of(action), at);
                yield return Event("step_started", started, json.StepStartedAnswer, null);
            }
            if (happening is RunEvent.StepEnded(var step))
                yield return Event("step", StepAnswer.Of(step), json.StepAnswer, $"{step.Number}");
            if (happening is RunEvent.RunEnded)
                yield return Event(EndEvent, RunAnswer.Of(run()), json.RunAnswer, EndEvent);
        }
    }

    private static SseItem<string> Event<T>(string type, T answer, JsonTypeInfo<T> json, string? id) =>
        new(JsonSerializer.Serialize(answer, json), type) { EventId = id };

    /// <summary>The events of a run that does not run here.</summary>
    private static async IAsyncEnumerable<RunEvent> Remembered(RunRecord run, int afterStep)
    {
        await Task.CompletedTask;
        foreach (var step in run.Steps.Skip(afterStep)) yield return new RunEvent.StepEnded(step);
        if (run.End is { } end) yield return new RunEvent.RunEnded(end);
    }

    private static async ValueTask<RunRecord?> RunOfAsync(
        string runId, Sittings sittings, ISessionStore store, CancellationToken cancellation)
    {
        if (!RunId.TryParse(runId, out var id)) return null;
        if (sittings.Find(id) is { } sitting) return sitting.Snapshot();
        return await store.FindRunAsync(id, cancellation) is { } run ? sittings.WithUnwrittenEnd(run) : null;
    }
}
