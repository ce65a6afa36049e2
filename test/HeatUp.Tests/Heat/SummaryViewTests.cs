using Heat.Commands.Simulations;
using HeatUp.Simulations;
using HeatUp.Tests.Support;
using Spectre.Console.Testing;

namespace HeatUp.Tests.Heat;

public sealed class SummaryViewTests
{
    private const int Width = 160;

    [Fact]
    public void ThresholdsComeFirstWithWhatWasReached()
    {
        var lines = Shown(SampleRun.Summary);

        lines[0].ShouldBe("THRESHOLDS");
        lines[1].ShouldBe("  ✗  success_rate     rate>0.95  0.931235");
        lines[2].ShouldBe("  ✓  sitting_seconds  p(95)<180  96.4");
        lines[3].ShouldBe("  ✓  fallback_rate    rate<0.05  not measured");
    }

    [Fact]
    public void EveryMetricHasALine()
    {
        var lines = Shown(SampleRun.Summary);

        lines.ShouldContain("METRICS");
        lines.ShouldContain("  sittings..............:  41,234");
        lines.ShouldContain("  success_rate..........:  93.1%");
        lines.ShouldContain("  sitting_seconds.......:  avg=57.7s min=7.45s med=55.9s max=187s p(90)=81.9s p(95)=95.9s");
        lines.Length.ShouldBe(5 + 1 + Metric.All.Length);
    }

    [Fact]
    public void ARunWithoutThresholdsAndSittingsIsShown()
    {
        var lines = Shown(SampleRun.Empty.Summary);

        lines[0].ShouldBe("METRICS");
        lines.ShouldContain("  success_rate..........:  –");
    }

    [Fact]
    public void WhatLooksLikeMarkupIsShownAsItIs() => Shown(SampleRun.Summary with
    {
        Thresholds = [new ThresholdResult("[red]", "rate>\u001b[2J0", 1, true)],
    })[1].ShouldBe("  ✓  [red]  rate>[2J0  1");

    private static string[] Shown(Summary summary)
    {
        using var console = new TestConsole();
        console.Profile.Width = Width;
        new SummaryView(console).Show(summary);
        return [.. console.Output.TrimEnd('\n').Split('\n').Select(line => line.TrimEnd())];
    }
}
