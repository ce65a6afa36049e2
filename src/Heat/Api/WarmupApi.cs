using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Heat.Accounts;
using Heat.Background;
using HeatUp;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Heat.Api;

/// <summary>Sittings: starting, watching and cancelling them.</summary>
internal static class WarmupApi
{
    public static void MapWarmups(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("").WithTags("Sittings");
        api.MapPost("/warmup/{**session_id}", StartAsync).WithName("warmup")
            .WithSummary("Give a session a sitting, in the background")
            .ProducesProblems(400, 401, 404, 409, 413, 429, 503);
        api.MapPost("/warmup-sync/{**session_id}", StartAndWaitAsync).WithName("warmup_sync")
            .WithSummary("Give a session a sitting, and answer when it is over")
            .ProducesProblems(400, 401, 404, 409, 413, 429, 503);
        api.MapGet("/warmups/{run_id}", FindAsync).WithName("run")
            .WithSummary("A run: its plan, its steps so far, its status")
            .ProducesProblems(401, 404, 503);
        api.MapGet("/warmups/{run_id}/events", WatchAsync).WithName("run_events")
            .WithSummary("A run as server-sent events: plan, step_started, step, end; resumable with Last-Event-ID")
            .ProducesProblems(401, 404, 503);
        api.MapDelete("/warmups/{run_id}", CancelAsync).WithName("cancel")
            .WithSummary("Cancel a run at its step's edge; what was done stays remembered")
            .ProducesProblems(401, 404, 409, 503);
    }

    private static async Task<Results<Begun<WarmupAnswer>, ProblemResult>> StartAsync(
        string? session_id, HttpRequest request, WarmupDesk desk, CancellationToken cancellation)
    {
        var (begun, problem) = await desk.BeginAsync(session_id, request, cancellation);
        if (begun is null) return problem!;
        return new Begun<WarmupAnswer>(WarmupAnswer.Started(begun.Run)) { Location = $"/warmups/{begun.Run.Id}" };
    }

    private static async Task<Results<Answer<WarmupAnswer>, ProblemResult>> StartAndWaitAsync(
        string? session_id, HttpRequest request, WarmupDesk desk, CancellationToken cancellation)
    {
        var (begun, problem) = await desk.BeginAsync(session_id, request, cancellation);
        if (begun is null) return problem!;
        // A client that hangs up has asked for the sitting all the same: it goes on.
        var ended = await begun.EndAsync(cancellation);
        return new Answer<WarmupAnswer>(WarmupAnswer.Ended(ended)) { Location = $"/warmups/{ended.Id}" };
    }

    private static async Task<Results<Answer<RunAnswer>, ProblemResult>> FindAsync(
        string run_id, IRunControl runs, CancellationToken cancellation) =>
        RunId.TryParse(run_id, out var id) && await runs.FindAsync(id, cancellation) is { } run
            ? new Answer<RunAnswer>(RunAnswer.Of(run))
            : Problems.RunNotFound(run_id);

    private static async Task<Results<Answer<RunAnswer>, ProblemResult>> CancelAsync(
        string run_id, IRunControl runs, CancellationToken cancellation)
    {
        if (!RunId.TryParse(run_id, out var id)) return Problems.RunNotFound(run_id);
        return await runs.CancelAsync(id, cancellation) switch
        {
            (CancelStatus.Cancelled, { } run) => new Answer<RunAnswer>(RunAnswer.Of(run)),
            (CancelStatus.Elsewhere, { } open) => Problems.RunElsewhere(open.Id),
            (CancelStatus.EndedBefore, { } ended) => Problems.RunEnded(ended.Id, ended.Status.Word()),
            _ => Problems.RunNotFound(run_id),
        };
    }

    private static async Task<Results<EventStream, NoContent, ProblemResult>> WatchAsync(
        string run_id, HttpRequest request, IRunControl runs, TimeProvider clock, CancellationToken cancellation)
    {
        if (!RunId.TryParse(run_id, out var id) || await runs.FindAsync(id, cancellation) is not { } run)
            return Problems.RunNotFound(run_id);
        var lastSeen = request.Headers["Last-Event-ID"].ToString();
        // To a client that has seen the end, 204 says: don't come back (HTML standard, server-sent events).
        if (lastSeen == EndEvent) return TypedResults.NoContent();
        var known = int.TryParse(lastSeen, out var step) ? step : -1;
        return new EventStream(EventsOf(run, known, runs, cancellation), clock);
    }

    private const string EndEvent = "end";

    /// <summary>
    /// A run's events. A step's number is its event's id, so that a client that comes back misses none and sees none
    /// twice.
    /// </summary>
    private static async IAsyncEnumerable<SseItem<string>> EventsOf(
        RunRecord run, int known, IRunControl runs, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var json = ApiJson.Readable;
        if (known < 0)
        {
            var begun = RunAnswer.Of(run with { Steps = [], End = null, EndedAt = null });
            yield return Event("plan", begun, json.RunAnswer, "0");
        }
        await foreach (var happening in runs.WatchAsync(run.Id, Math.Max(known, 0), cancellation))
        {
            if (happening is RunEvent.StepStarted(var number, var action, var at))
            {
                var started = new StepStartedAnswer(number, ActionAnswer.Of(action), at);
                yield return Event("step_started", started, json.StepStartedAnswer, null);
            }
            if (happening is RunEvent.StepEnded(var step))
                yield return Event("step", StepAnswer.Of(step), json.StepAnswer, $"{step.Number}");
            if (happening is RunEvent.RunEnded(var end))
            {
                var ended = await runs.FindAsync(run.Id, CancellationToken.None) ?? run with { End = end };
                yield return Event(EndEvent, RunAnswer.Of(ended), json.RunAnswer, EndEvent);
            }
        }
    }

    private static SseItem<string> Event<T>(string type, T answer, JsonTypeInfo<T> json, string? id) =>
        new(JsonSerializer.Serialize(answer, json), type) { EventId = id };
}

/// <summary>A run that has begun, wherever it runs.</summary>
/// <param name="Run">The run as it began.</param>
/// <param name="EndAsync">Waits for its end, and answers the run with it.</param>
internal sealed record BegunRun(RunRecord Run, Func<CancellationToken, Task<RunRecord>> EndAsync);

/// <summary>Begins sittings and lets them run in the background: here, or on any node of a cluster.</summary>
internal interface IStarts
{
    /// <summary>The run that has begun; or why none has.</summary>
    ValueTask<(BegunRun? Begun, SittingStart? Refusal)> StartAsync(
        SessionId session, CancellationToken cancellation);
}

/// <summary>Begins sittings in this process.</summary>
internal sealed class LocalStarts(Sittings sittings) : IStarts
{
    public async ValueTask<(BegunRun? Begun, SittingStart? Refusal)> StartAsync(
        SessionId session, CancellationToken cancellation)
    {
        var start = await sittings.StartAsync(session, cancellation);
        if (start is not SittingStart.Started(var sitting)) return (null, start);
        _ = Detached.Run(() => sittings.RunAsync(sitting));
        return (new BegunRun(sitting.Snapshot(), EndAsync), null);

        async Task<RunRecord> EndAsync(CancellationToken waiting)
        {
            await sitting.Completion.WaitAsync(waiting);
            return sitting.Snapshot();
        }
    }
}

/// <summary>Begins the sittings that requests ask for.</summary>
internal sealed class WarmupDesk(IStarts starts, IRunControl runs, TelegramInUse telegram, TimeProvider clock)
{
    /// <summary>A run that has begun; or why there is none.</summary>
    public async ValueTask<(BegunRun? Begun, ProblemResult? Problem)> BeginAsync(
        string? sessionId, HttpRequest request, CancellationToken cancellation)
    {
        if (!SessionId.TryParse(sessionId, out var session, out var problem))
            return (null, Problems.SessionId(problem));
        if (await Requests.RefuseFieldsAsync(request, cancellation) is { } fields) return (null, fields);
        return await BeginAsync(session, cancellation);
    }

    /// <summary>The same for a session whose name was read.</summary>
    public async ValueTask<(BegunRun? Begun, ProblemResult? Problem)> BeginAsync(
        SessionId session, CancellationToken cancellation)
    {
        if (telegram.Accounts is { } accounts && NoAccount(accounts, session) is { } unknown) return (null, unknown);
        var (begun, refusal) = await starts.StartAsync(session, cancellation);
        return (begun, refusal is null ? null : await ProblemOfAsync(session, refusal, cancellation));
    }

    /// <summary>Why a session has no sitting, as a problem.</summary>
    public async ValueTask<ProblemResult> ProblemOfAsync(
        SessionId session, SittingStart refusal, CancellationToken cancellation) => refusal switch
        {
            SittingStart.AlreadyRunning(var other) => await runs.FindAsync(other, cancellation) is null
                ? Problems.BeingPlanned(session, other)
                : Problems.AlreadyRunning(session, other),
            SittingStart.TooMany => Problems.TooMany(),
            SittingStart.Overtaken => Problems.Overtaken(session),
            SittingStart.Refused(var reason, var until) => Problems.Conduct(reason, until - clock.GetUtcNow()),
            _ => Problems.Stopping(),
        };

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
}
