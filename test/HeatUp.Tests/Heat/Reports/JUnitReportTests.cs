using System.Xml.Linq;
using Heat.Reports;
using HeatUp.Simulations;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat.Reports;

public sealed class JUnitReportTests
{
    [Fact]
    public void EveryThresholdIsACaseAndSoIsTheEnd()
    {
        var suite = Suite(SampleRun.Manifest, SampleRun.Summary);

        suite.Elements("testcase").Select(one => one.Attribute("name")!.Value).ShouldBe(
        [
            "the run reached its end", "success_rate rate>0.95", "sitting_seconds p(95)<180", "fallback_rate rate<0.05",
        ]);
        suite.Elements("testcase").ShouldAllBe(one => one.Attribute("classname") != null);
    }

    [Fact]
    public void TheCountsAreThoseOfTheCases()
    {
        var suite = Suite(SampleRun.Manifest, SampleRun.Summary);

        suite.Attribute("tests")!.Value.ShouldBe("4");
        suite.Attribute("failures")!.Value.ShouldBe("1");
        suite.Descendants("failure").Count().ShouldBe(1);
        suite.Attribute("time")!.Value.ShouldBe("12.345");
    }

    [Fact]
    public void AFailureSaysWhatWasReached() =>
        Suite(SampleRun.Manifest, SampleRun.Summary).Descendants("failure").Single().Attribute("message")!.Value
            .ShouldBe("success_rate must be rate>0.95, but 0.931235 was reached.");

    [Fact]
    public void ARunThatDidNotReachItsEndIsAFailure()
    {
        var suite = Suite(SampleRun.Empty.Manifest, SampleRun.Empty.Summary);

        suite.Attribute("failures")!.Value.ShouldBe("1");
        suite.Descendants("failure").Single().Value
            .ShouldBe("It was stopped. It was interrupted by Ctrl+C. It was simulated until 2026-02-04 00:00:00 UTC.");
    }

    [Fact]
    public void WhatStrangersWroteIsNeverMarkup() =>
        Suite(SampleRun.Hostile.Manifest, SampleRun.Hostile.Summary).Descendants("script").ShouldBeEmpty();

    private static XElement Suite(Manifest manifest, Summary summary)
    {
        var root = XDocument.Load(new MemoryStream(JUnitReport.Write(manifest, summary))).Root!;
        root.Name.LocalName.ShouldBe("testsuites");
        return root.Elements("testsuite").Single();
    }
}
