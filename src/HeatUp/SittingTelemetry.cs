using System.Diagnostics;
using System.Diagnostics.Metrics;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;
using Microsoft.Extensions.Logging;

namespace HeatUp;

/// <summary>
/// What the path reports. One call for each event writes its log line, counts it and begins or ends its span; always
/// with the session and the run, never with a secret.
/// </summary>
internal static partial class SittingTelemetry
{
    private static int sittingsRunning;

    // Looked at and not counted, so that whoever begins to listen late hears of them all.
    private static readonly ObservableUpDownCounter<int> SittingsRunning =
        Telemetry.Meter.CreateObservableUpDownCounter(
            "heatup.sittings.running", () => Volatile.Read(ref sittingsRunning), "{sitting}", "Sittings that run now.");
    private static readonly Counter<long> SittingsEnded = Telemetry.Meter.CreateCounter<long>(
        "heatup.sittings.ended", "{sitting}", "Sittings that ended, by status and reason.");
    private static readonly Counter<long> Steps =
        Telemetry.Meter.CreateCounter<long>("heatup.steps", "{step}", "Steps, by action and outcome.");
    private static readonly Counter<long> Plans = Telemetry.Meter.CreateCounter<long>(
        "heatup.plans", "{plan}", "Plans, by planner and whether it stood in for another.");
    private static readonly Counter<long> Tokens = Telemetry.Meter.CreateCounter<long>(
        "heatup.plan.tokens", "{token}", "Tokens of language-model calls: input, output, cached.");
    private static readonly Histogram<double> PlanDuration =
        Telemetry.Meter.CreateHistogram<double>("heatup.plan.duration", "s", "How long a plan took, by planner.");

    /// <summary>Begins the span of a plan, within that of the request; null while nobody listens.</summary>
    public static Activity? PlanStarted(SessionId session, RunId run) =>
        Span("plan", session, run, Activity.Current?.Context ?? default, []);

    public static void PlanEnded(PlanOrigin origin, TimeSpan took, Activity? span)
    {
        KeyValuePair<string, object?> planner = new("planner", origin.Planner.Word());
        Plans.Add(1, planner, new("fallback", origin.FallbackCode));
        PlanDuration.Record(took.TotalSeconds, planner);
        span?.SetTag("heatup.planner", origin.Planner.Word());
        span?.SetTag("heatup.fallback", origin.FallbackReason);
        if (origin.Tokens == default) return;
        Tokens.Add(origin.Tokens.Input, new KeyValuePair<string, object?>("kind", "input"));
        Tokens.Add(origin.Tokens.Output, new KeyValuePair<string, object?>("kind", "output"));
        Tokens.Add(origin.Tokens.Cached, new KeyValuePair<string, object?>("kind", "cached"));
    }

    /// <summary>A sitting has begun, or goes on after a restart; its run waits for whoever asked for it.</summary>
    public static void SittingBegun(ILogger log, Sitting sitting)
    {
        // The sitting outlives the request, so that its span is linked to the request's and not within it.
        sitting.RequestedBy = Activity.Current?.Context;
        LogBegun(
            log, sitting.Session, sitting.Id, sitting.Number, sitting.Plan.Actions.Count,
            sitting.Plan.Origin.Planner, sitting.StepCount);
    }

    public static void SittingStarted(Sitting sitting)
    {
        Interlocked.Increment(ref sittingsRunning);
        ActivityLink[] request = sitting.RequestedBy is { } context ? [new ActivityLink(context)] : [];
        sitting.Span = Span("sitting", sitting.Session, sitting.Id, default, request);
    }

    public static void StepStarted(Sitting sitting) =>
        sitting.StepSpan = sitting.Span is { } parent
            ? Span("step", sitting.Session, sitting.Id, parent.Context, [])
            : null;

    public static void StepEnded(ILogger log, Sitting sitting, Step step)
    {
        Steps.Add(1, new("action", step.Action.Kind), new("outcome", step.Outcome.Word));
        sitting.StepSpan?.SetTag("heatup.action", step.Action.Kind);
        sitting.StepSpan?.SetTag("heatup.outcome", step.Outcome.Word);
        if (step.Outcome.Error is { } error) sitting.StepSpan?.SetStatus(ActivityStatusCode.Error, error.ToString());
        sitting.StepSpan?.Dispose();
        sitting.StepSpan = null;
        LogStep(
            log, sitting.Session, sitting.Id, step.Number, step.Action.Kind, step.Outcome.Word, step.Outcome.Error);
    }

    public static void SittingEnded(ILogger log, Sitting sitting, RunEnd end)
    {
        Interlocked.Decrement(ref sittingsRunning);
        SittingsEnded.Add(1, new("status", end.Status.Word()), new("reason", end.Code));
        // There is one still if the run ended in the middle of a step.
        sitting.StepSpan?.Dispose();
        sitting.Span?.SetTag("heatup.status", end.Status.Word());
        if (end.Status == RunStatus.Failed) sitting.Span?.SetStatus(ActivityStatusCode.Error, end.Detail);
        sitting.Span?.Dispose();
        LogEnded(log, sitting.Session, sitting.Id, end.Status, end.Detail ?? "");
    }

    [LoggerMessage(4, LogLevel.Error, "{Session} {Run}: a step could not be remembered; the sitting ends")]
    public static partial void StepNotRemembered(ILogger log, Exception failure, SessionId session, RunId run);

    [LoggerMessage(6, LogLevel.Critical, "{Session} {Run}: a fault in the program ended the sitting")]
    public static partial void SittingFaulted(ILogger log, Exception fault, SessionId session, RunId run);

    [LoggerMessage(5, LogLevel.Error, "{Session} {Run}: the end could not be written; the run stays open until it can")]
    public static partial void EndNotWritten(ILogger log, Exception failure, SessionId session, RunId run);

    [LoggerMessage(8, LogLevel.Error, "{Count} ends of sittings wait to be written; the next try is {When}")]
    public static partial void EndsNotWritten(ILogger log, Exception failure, int count, string when);

    [LoggerMessage(7, LogLevel.Error, "{Session} {Run}: could not be taken up again; it is tried again")]
    public static partial void NotResumed(ILogger log, Exception failure, SessionId session, RunId run);

    [LoggerMessage(1, LogLevel.Information,
        "{Session} {Run}: sitting {Number} begins, {Actions} actions planned by {Planner}, {Done} of them done before")]
    private static partial void LogBegun(
        ILogger log, SessionId session, RunId run, int number, int actions, PlannerKind planner, int done);

    [LoggerMessage(2, LogLevel.Debug, "{Session} {Run}: step {Step} {Action}: {Outcome} {Error}")]
    private static partial void LogStep(
        ILogger log, SessionId session, RunId run, int step, string action, string outcome, TelegramError? error);

    [LoggerMessage(3, LogLevel.Information, "{Session} {Run}: {Status} {Detail}")]
    private static partial void LogEnded(ILogger log, SessionId session, RunId run, RunStatus status, string detail);

    /// <summary>Begins a span; null, and at no cost, while nobody listens.</summary>
    private static Activity? Span(
        string name, SessionId session, RunId run, ActivityContext parent, ActivityLink[] links)
    {
        if (!Telemetry.Source.HasListeners()) return null;
        var span = Telemetry.Source.StartActivity(name, ActivityKind.Internal, parent, links: links);
        if (span is not { IsAllDataRequested: true }) return span;
        span.SetTag("heatup.session", session.Value);
        span.SetTag("heatup.run", run.ToString());
        return span;
    }
}
