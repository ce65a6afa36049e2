using System.Text.RegularExpressions;
using HeatUp.Simulations;

namespace HeatUp.Tests.Simulation;

public sealed class ThresholdTests
{
    [Theory]
    [InlineData("success_rate", "rate>0.95", "rate>0.95")]
    [InlineData("success_rate", "  rate  >=  0.950 ", "rate>=0.95")]
    [InlineData("success_rate", "rate==-0", "rate==0")]
    [InlineData("joins", "count<1e3", "count<1000")]
    [InlineData("joins", "count!=-5", "count!=-5")]
    [InlineData("joins", "count===5.", "count==5")]
    [InlineData("sitting_seconds", "avg<=.5", "avg<=0.5")]
    [InlineData("sitting_seconds", "min>+1", "min>1")]
    [InlineData("sitting_seconds", "med<1", "med<1")]
    [InlineData("sitting_seconds", "max<1E-7", "max<1E-07")]
    [InlineData("sitting_seconds", "p(95) < 120", "p(95)<120")]
    [InlineData("sitting_seconds", "p(99.90)<120", "p(99.9)<120")]
    [InlineData("sitting_seconds", "p(.00001)<120", "p(1E-05)<120")]
    [InlineData("sitting_seconds", "p(0)<120", "p(0)<120")]
    [InlineData("sitting_seconds", "p(100)<120", "p(100)<120")]
    public void AnExpressionHasOneCanonicalForm(string metric, string expression, string canonical)
    {
        Threshold.TryParse(metric, expression, abortOnFail: true, out var threshold, out var problem).ShouldBeTrue(problem);
        Threshold.TryParse(metric, canonical, abortOnFail: true, out var again, out _).ShouldBeTrue();

        threshold.Expression.ShouldBe(canonical);
        threshold.AbortOnFail.ShouldBeTrue();
        again.ShouldBe(threshold);
        // What is accepted here, the published schema accepts too.
        Regex.IsMatch(expression, ThresholdText.PatternOf(threshold.Metric.Kind), RegexOptions.ECMAScript).ShouldBeTrue();
    }

    [Theory]
    [InlineData("success_rate", "p(95)>0.9",
        "'p(95)>0.9' does not fit the metric, a rate, which has rate; write it like rate>0.95.")]
    [InlineData("joins", "avg>5", "'avg>5' does not fit the metric, a counter, which has count; write it like count>100.")]
    [InlineData("sitting_seconds", "rate>0.9",
        "'rate>0.9' does not fit the metric, a trend, which has avg, min, med, max, p(0) to p(100); write it like p(95)<120.")]
    [InlineData("sitting_seconds", "p(101)<5",
        "'p(101)<5' does not fit the metric, a trend, which has avg, min, med, max, p(0) to p(100); write it like p(95)<120.")]
    [InlineData("sitting_seconds", "p(-1)<5",
        "'p(-1)<5' does not fit the metric, a trend, which has avg, min, med, max, p(0) to p(100); write it like p(95)<120.")]
    [InlineData("sitting_seconds", "p(NaN)<5",
        "'p(NaN)<5' does not fit the metric, a trend, which has avg, min, med, max, p(0) to p(100); write it like p(95)<120.")]
    [InlineData("sitting_seconds", "p()<5",
        "'p()<5' does not fit the metric, a trend, which has avg, min, med, max, p(0) to p(100); write it like p(95)<120.")]
    [InlineData("success_rate", ">0.9",
        "'>0.9' does not fit the metric, a rate, which has rate; write it like rate>0.95.")]
    [InlineData("success_rate", "rate>95", "'rate>95' compares a rate, which is from 0 to 1, with 95; write 95 % as 0.95.")]
    [InlineData("success_rate", "rate>95%",
        "'rate>95%' is no threshold; write an aggregation (rate), one of < <= > >= == != and a number, such as rate>0.95.")]
    [InlineData("success_rate", "rate=0.9",
        "'rate=0.9' is no threshold; write an aggregation (rate), one of < <= > >= == != and a number, such as rate>0.95.")]
    [InlineData("success_rate", "rate=>0.9",
        "'rate=>0.9' is no threshold; write an aggregation (rate), one of < <= > >= == != and a number, such as rate>0.95.")]
    [InlineData("success_rate", "rate>NaN",
        "'rate>NaN' is no threshold; write an aggregation (rate), one of < <= > >= == != and a number, such as rate>0.95.")]
    [InlineData("success_rate", "rate>1e999",
        "'rate>1e999' is no threshold; write an aggregation (rate), one of < <= > >= == != and a number, such as rate>0.95.")]
    [InlineData("success_rate", "",
        "'' is no threshold; write an aggregation (rate), one of < <= > >= == != and a number, such as rate>0.95.")]
    public void WhatIsNoneSaysWhatIsAllowed(string metric, string expression, string sentence)
    {
        Threshold.TryParse(metric, expression, abortOnFail: false, out var threshold, out var problem).ShouldBeFalse();

        threshold.ShouldBeNull();
        problem.ShouldBe(sentence);
    }

    [Fact]
    public void AnUnknownMetricIsNamedWithTheNearestAndAll()
    {
        Threshold.TryParse("sitings", "count>1", abortOnFail: false, out _, out var problem).ShouldBeFalse();

        problem!.ShouldStartWith("'sitings' is no metric; did you mean 'sittings'? Allowed are sittings, actions, ");
        foreach (var metric in Metric.All) problem.ShouldContain(metric.Name);
    }

    [Theory]
    [InlineData("rate<0.5", false)]
    [InlineData("rate<=0.5", true)]
    [InlineData("rate>0.5", false)]
    [InlineData("rate>=0.5", true)]
    [InlineData("rate==0.5", true)]
    [InlineData("rate!=0.5", false)]
    public void AValueOnTheBoundHoldsByItsComparison(string expression, bool holds) =>
        Read(expression).Holds(new OneValue(0.5)).ShouldBe(holds);

    [Theory]
    [InlineData("rate>0.5")]
    [InlineData("rate==0.5")]
    public void WhatCannotBeMeasuredYetNeitherHoldsNorFails(string expression) =>
        Read(expression).Holds(new OneValue(double.NaN)).ShouldBeNull();

    private static Threshold Read(string expression)
    {
        Threshold.TryParse("success_rate", expression, abortOnFail: false, out var threshold, out var problem).ShouldBeTrue(problem);
        return threshold;
    }

    private sealed class OneValue(double value) : IMetricValues
    {
        public double ValueOf(Metric metric, Aggregation aggregation) => value;
    }
}
