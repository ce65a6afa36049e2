using System.Diagnostics;
using System.Diagnostics.Metrics;
using HeatUp.Plans;
using HeatUp.Runs;

namespace HeatUp;

/// <summary>The metrics and the spans of sittings.</summary>
internal static class SittingTelemetry
{
    public static readonly UpDownCounter<int> SittingsRunning =
        Telemetry.Meter.CreateUpDownCounter<int>("heatup.sittings.running", "{sitting}", "Sittings that run now.");

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

    /// <summary>Begins a span of a trace; null, and at no cost, while nobody listens.</summary>
    public static Activity? Trace(string name, SessionId session, RunId run)
    {
        if (!Telemetry.Source.HasListeners()) return null;
        var trace = Telemetry.Source.StartActivity(name);
        if (trace is { IsAllDataRequested: true })
        {
            trace.SetTag("heatup.session", session.Value);
            trace.SetTag("heatup.run", run.ToString());
        }
        return trace;
    }

    public static void Planned(PlanOrigin origin, TimeSpan took, Activity? trace)
    {
        KeyValuePair<string, object?> planner = new("planner", origin.Planner.Word());
        Plans.Add(1, planner, new("fallback", origin.FallbackCode));
        PlanDuration.Record(took.TotalSeconds, planner);
        trace?.SetTag("heatup.planner", origin.Planner.Word());
        trace?.SetTag("heatup.fallback", origin.FallbackReason);
        if (origin.Tokens == default) return;
        Tokens.Add(origin.Tokens.Input, new KeyValuePair<string, object?>("kind", "input"));
        Tokens.Add(origin.Tokens.Output, new KeyValuePair<string, object?>("kind", "output"));
        Tokens.Add(origin.Tokens.Cached, new KeyValuePair<string, object?>("kind", "cached"));
    }

    public static void Ended(Step step, Activity? trace)
    {
        Steps.Add(1, new("action", step.Action.Kind), new("outcome", step.Outcome.Word));
        trace?.SetTag("heatup.action", step.Action.Kind);
        trace?.SetTag("heatup.outcome", step.Outcome.Word);
        if (step.Outcome.Error is { } error) trace?.SetStatus(ActivityStatusCode.Error, error.ToString());
        trace?.Dispose();
    }

    public static void Ended(RunEnd end, Activity? trace)
    {
        SittingsRunning.Add(-1);
        SittingsEnded.Add(1, new("status", end.Status.Word()), new("reason", end.Code));
        trace?.SetTag("heatup.status", end.Status.Word());
        if (end.Status == RunStatus.Failed) trace?.SetStatus(ActivityStatusCode.Error, end.Detail);
        trace?.Dispose();
    }
}
