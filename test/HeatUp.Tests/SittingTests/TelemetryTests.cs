using System.Diagnostics;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace HeatUp.Tests.SittingTests;

public sealed class TelemetryTests
{
    [Fact]
    public async Task ASittingIsCountedStepByStep()
    {
        using var steps = new MetricCollector<long>(null, Telemetry.Name, "heatup.steps");
        using var ended = new MetricCollector<long>(null, Telemetry.Name, "heatup.sittings.ended");
        using var plans = new MetricCollector<long>(null, Telemetry.Name, "heatup.plans");
        using var waits = new MetricCollector<double>(null, Telemetry.Name, "heatup.store.write.duration");
        await using var heat = await HeatServer.StartAsync();

        var answer = await heat.SitAsync("alice");

        // Other tests sit at the same time: what is ours is among what was counted, not all of it.
        steps.GetMeasurementSnapshot().Count.ShouldBeGreaterThanOrEqualTo(answer.List("action_plan").Count);
        steps.GetMeasurementSnapshot().ShouldContain(one => (string?)one.Tags["outcome"] == "done");
        plans.GetMeasurementSnapshot().ShouldContain(one => (string?)one.Tags["planner"] == "builtin");
        ended.GetMeasurementSnapshot().ShouldContain(one => (string?)one.Tags["status"] == "completed");
        waits.GetMeasurementSnapshot().ShouldContain(one => one.Value > 0);
    }

    [Fact]
    public async Task ASittingIsTracedWithItsSessionAndRun()
    {
        var traces = new System.Collections.Concurrent.ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Telemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = traces.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var heat = await HeatServer.StartAsync();

        var answer = await heat.SitAsync("traced");

        var run = answer.Text("run_id");
        var ours = traces.Where(trace => (string?)trace.GetTagItem("heatup.run") == run).ToList();
        ours.ShouldAllBe(trace => (string?)trace.GetTagItem("heatup.session") == "traced");
        ours.Count(trace => trace.OperationName == "plan").ShouldBe(1);
        ours.Count(trace => trace.OperationName == "sitting").ShouldBe(1);
        ours.Count(trace => trace.OperationName == "step").ShouldBe(answer.List("action_plan").Count);
    }
}
