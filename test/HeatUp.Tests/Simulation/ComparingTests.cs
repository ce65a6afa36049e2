using System.Collections.Immutable;
using HeatUp.Channels;
using HeatUp.Primitives;
using HeatUp.Runs.Sandbox;
using HeatUp.Simulations;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Simulation;

/// <summary>What a comparison reports, over many pairs of really simulated small runs.</summary>
public sealed class ComparingTests(ComparingTests.SmallRuns small) : IClassFixture<ComparingTests.SmallRuns>
{
    private const int Pairs = 200;
    private const int Seeds = 10;
    private const double Level = 0.05;

    [Fact]
    public void UnderTheSameRulesADifferenceIsReportedNoMoreOftenThanClaimed()
    {
        var rng = new Seed(11).ToRng();
        var (reported, byOne) = (0, 0);
        for (var pair = 0; pair < Pairs; pair++)
        {
            // Twice as many different runs: what differs between them is chance.
            var drawn = Drawn(2 * Seeds, ref rng).ConvertAll(index => small.Calm[index]);
            var comparison = Compare(drawn[..Seeds], drawn[Seeds..]);

            if (comparison.Values.Any(value => value.IsMoreThanChance is true)) reported++;
            var visits = comparison.Values.Single(value => value.Metric == "sittings");
            if (SignFlips.PValue([.. visits.OfA.Zip(visits.OfB, (a, b) => b!.Value - a!.Value)]) <= Level) byOne++;
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"Of {Pairs} pairs under the same rules {reported} had a difference reported, {byOne} one in their sittings uncorrected.");
        reported.ShouldBeLessThanOrEqualTo((int)(Pairs * Level), "of all metrics together");
        byOne.ShouldBeInRange(1, 2 * (int)(Pairs * Level), "one metric alone, uncorrected: the pairs are not too alike to find anything");
    }

    [Fact]
    public void ARuleThatWasChangedIsFound()
    {
        var rng = new Seed(12).ToRng();
        var (refusals, success) = (0, 0);
        for (var pair = 0; pair < Pairs; pair++)
        {
            var drawn = Drawn(Seeds, ref rng).ConvertAll(index => index % small.Rough.Length).Distinct().ToList();
            while (drawn.Count < Seeds) drawn = [.. drawn.Append(rng.Next(small.Rough.Length)).Distinct()];

            var comparison = Compare(drawn.ConvertAll(index => small.Calm[index]), drawn.ConvertAll(index => small.Rough[index]));

            if (Of(comparison, "refusals").IsMoreThanChance is true) refusals++;
            if (Of(comparison, "success_rate") is { IsMoreThanChance: true, Difference: < 0 }) success++;
            Of(comparison, "sittings").P.ShouldBeNull("flood waits don't change when somebody looks, and no seed differs");
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"Of {Pairs} pairs with flood waits in one {refusals} had more refusals reported, {success} less success.");
        refusals.ShouldBeGreaterThan(Pairs * 95 / 100);
        success.ShouldBeGreaterThan(Pairs * 95 / 100);
    }

    [Fact]
    public void TheSameRulesWithTheSameSeedsDifferInNothing()
    {
        var comparison = Compare([.. small.Calm[..Seeds]], [.. small.Calm[..Seeds]]);

        comparison.Test.ShouldNotBeNull().Metrics.ShouldBe(0);
        comparison.Values.ShouldAllBe(value => value.Difference == null || value.Difference == 0);
        comparison.Rules.ShouldBeEmpty();
    }

    [Fact]
    public void TooFewSeedsAreToldHowManyItTakes()
    {
        var test = Compare([.. small.Calm[..5]], [.. small.Rough[..5]]).Test.ShouldNotBeNull();

        test.Seeds.ShouldBe(5);
        test.SeedsNeeded.ShouldBeGreaterThan(5);
        Comparing.SeedsNeeded(1).ShouldBe(6);
        Comparing.SeedsNeeded(21).ShouldBe(10);
    }

    [Fact]
    public void WhatDiffersInTheScenariosIsNamedKeyByKey()
    {
        var (a, b) = (small.Calm[0], small.Rough[0]);
        b = b with { Manifest = b.Manifest with { Version = "9.9.9", PoolHash = "other" } };

        RunComparison.Of(RunSet.Of("a", false, a), RunSet.Of("b", false, b)).Rules.Select(rule => $"{rule.Key}: {rule.A} {rule.B}")
            .ShouldBe([$"version: {a.Manifest.Version} 9.9.9", $"channels: {a.Manifest.PoolHash[..12]} other", "faults.flood_wait:  0.05"]);
    }

    [Theory]
    [InlineData("one and several", "holds one run")]
    [InlineData("one alone", "is a single run")]
    [InlineData("one seed", "has one seed only")]
    [InlineData("other seeds", "runs are compared seed by seed")]
    [InlineData("other metrics", "have different metrics: only one of them has joins count")]
    public void WhatCannotBeComparedIsRefusedWithItsReason(string which, string said)
    {
        var calm = RunSet.Of("calm", true, [.. small.Calm[..3]]);
        var one = RunSet.Of("one", false, small.Calm[0]);
        var summary = small.Calm[0].Summary;
        var lacking = small.Calm[0] with { Summary = summary with { Metrics = summary.Metrics.RemoveAt(2) } };

        Should.Throw<RunFolderException>(() => which switch
        {
            "one and several" => RunComparison.Of(calm, one),
            "one alone" => RunComparison.Of(one),
            "one seed" => RunComparison.Of(RunSet.Of("few", true, small.Calm[0])),
            "other seeds" => RunComparison.Of(calm, RunSet.Of("others", true, [.. small.Calm[1..4]])),
            _ => RunComparison.Of(one, RunSet.Of("older", false, lacking)),
        }).Message.ShouldContain(said);
    }

    [Fact]
    public void DistributionsOfDifferentWidthsAreBroughtIntoTheSamePieces()
    {
        RunResults With(int width, params ImmutableArray<long> counts) => small.Calm[0] with
        {
            Summary = SampleRun.Summary with { Distributions = [new("sitting_seconds", "s", width, counts)] },
        };
        var (narrow, wide) = (With(10, 1, 2, 3), With(50, 7, 8));

        var both = RunComparison.Of(RunSet.Of("a", false, narrow), RunSet.Of("b", false, wide)).Distributions.ShouldHaveSingleItem();

        (both.Width, string.Join(' ', both.A), string.Join(' ', both.B)).ShouldBe((50, "6 0", "7 8"));
    }

    private static ComparedValue Of(RunComparison comparison, string metric) =>
        comparison.Values.Single(value => value.Metric == metric);

    /// <summary>Compares runs as pairs, whatever seeds they had.</summary>
    private static RunComparison Compare(List<RunResults> a, List<RunResults> b) =>
        RunComparison.Of(RunSet.Of("a", true, Paired(a)), RunSet.Of("b", true, Paired(b)));

    private static ImmutableArray<RunResults> Paired(List<RunResults> runs) =>
        [.. runs.Select((run, index) => run with { Manifest = run.Manifest with { Seed = (ulong)index } })];

    private List<int> Drawn(int count, ref Rng rng)
    {
        var drawn = new HashSet<int>();
        while (drawn.Count < count) drawn.Add(rng.Next(small.Calm.Length));
        return [.. drawn];
    }

    /// <summary>Small runs, simulated once for all tests.</summary>
    public sealed class SmallRuns
    {
        private const int CalmCount = 160;
        private const int RoughCount = 40;

        private static readonly ChannelPool Pool = ChannelPool.OfExactly(
            from number in Enumerable.Range(0, 12)
            select new Channel(ChannelName.Parse($"@channel_{number}"), null, "news", null, null));

        public SmallRuns()
        {
            SandboxFaults.TryParse("flood_wait:0.05", out var rough, out _).ShouldBeTrue();
            Calm = Live(CalmCount, SandboxFaults.None);
            Rough = Live(RoughCount, rough);
        }

        public RunResults[] Calm { get; }

        public RunResults[] Rough { get; }

        private static RunResults[] Live(int count, SandboxFaults faults)
        {
            var results = new RunResults[count];
            Parallel.For(0, count, seed => results[seed] = Live(new Scenario
            {
                Sessions = 12, Days = 2, SittingsPerDay = 2, Seed = new Seed((ulong)seed), Faults = faults, History = false,
            }));
            return results;
        }

        private static RunResults Live(Scenario scenario)
        {
            using var run = new SimulationRun(scenario, Pool, null, 1, null);
            var end = run.Run(_ => { }, CancellationToken.None);
            return new RunResults($"run-{scenario.Seed.Value}", SampleRun.Manifest with
            {
                Scenario = RunFolder.ElementOf(scenario), Seed = scenario.Seed.Value, Transcript = end.Transcript,
            }, end.Summary);
        }
    }
}
