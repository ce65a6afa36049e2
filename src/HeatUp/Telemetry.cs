using System.Diagnostics;
using System.Diagnostics.Metrics;
using HeatUp.Plans;
using HeatUp.Runs;

namespace HeatUp;

/// <summary>What the library measures. Costs next to nothing while nobody listens.</summary>
public static class Telemetry
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "HeatUp";

    internal static readonly ActivitySource Source = new(Name);
    internal static readonly Meter Meter = new(Name);

    internal static readonly UpDownCounter<int> SittingsRunning =
        Meter.CreateUpDownCounter<int>("heatup.sittings.running", "{sitting}", "Sittings that run now.");
    internal static readonly Counter<long> SittingsEnded =
        Meter.CreateCounter<long>("heatup.sittings.ended", "{sitting}", "Sittings that ended, by status and reason.");
    internal static readonly Counter<long> Steps =
        Meter.CreateCounter<long>("heatup.steps", "{step}", "Steps, by action and outcome.");
    internal static readonly Counter<long> Plans =
        Meter.CreateCounter<long>("heatup.plans", "{plan}", "Plans, by planner and whether it stood in for another.");
    internal static readonly Counter<long> Tokens =
        Meter.CreateCounter<long>(
            "heatup.plan.tokens", "{token}", "Tokens of language-model calls: input, output, cached.");
    internal static readonly Histogram<double> PlanDuration =
        Meter.CreateHistogram<double>("heatup.plan.duration", "s", "How long a plan took, by planner.");
    internal static readonly Histogram<double> StoreWait =
        Meter.CreateHistogram<double>(
            "heatup.store.write.duration", "s", "From a write's request until it is on the disk.");
    internal static readonly UpDownCounter<int> StoreQueue =
        Meter.CreateUpDownCounter<int>("heatup.store.write.queue", "{write}", "Writes that wait for the disk.");

    /// <summary>Begins a span of a trace; null, and at no cost, while nobody listens.</summary>
    internal static Activity? Trace(string name, SessionId session, RunId run)
    {
        if (!Source.HasListeners()) return null;
        var trace = Source.StartActivity(name);
        if (trace is { IsAllDataRequested: true })
        {
            trace.SetTag("heatup.session", session.Value);
            trace.SetTag("heatup.run", run.ToString());
        }
        return trace;
    }

    internal static void Planned(PlanOrigin origin, TimeSpan took, Activity? trace)
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

    internal static void Ended(Step step, Activity? trace)
    {
        Steps.Add(1, new("action", step.Action.Kind), new("outcome", step.Outcome.Word));
        trace?.SetTag("heatup.action", step.Action.Kind);
        trace?.SetTag("heatup.outcome", step.Outcome.Word);
        if (step.Outcome.Error is { } error) trace?.SetStatus(ActivityStatusCode.Error, error.ToString());
        trace?.Dispose();
    }

    internal static void Ended(RunEnd end, Activity? trace)
    {
        SittingsRunning.Add(-1);
        SittingsEnded.Add(1, new("status", end.Status.Word()), new("reason", end.Code));
        trace?.SetTag("heatup.status", end.Status.Word());
        if (end.Status == RunStatus.Failed) trace?.SetStatus(ActivityStatusCode.Error, end.Detail);
        trace?.Dispose();
    }
}
