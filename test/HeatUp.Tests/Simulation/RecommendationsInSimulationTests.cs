using HeatUp.Channels;
using HeatUp.Simulations;
using HeatUp.Tests.Plans;

namespace HeatUp.Tests.Simulation;

public sealed class RecommendationsInSimulationTests
{
    private static readonly ChannelPool Pool = Some.PoolOf(400, "News", "Science", "Sports", "Music", "Travel");

    private static Scenario Advised => new() { Sessions = 80, Days = 9, Seed = new Seed(3), Recommendations = true };

    [Fact]
    public void TheSameOnOneThreadAndOnMany()
    {
        var one = Live(Advised, 1);
        var many = Live(Advised, 3);

        many.Transcript.ShouldBe(one.Transcript);
        many.Summary.Metrics.SelectMany(metric => metric.Values)
            .ShouldBe(one.Summary.Metrics.SelectMany(metric => metric.Values));
    }

    [Fact]
    public void AdviceChangesWhatIsJoinedAfterTheFirstDayOnly()
    {
        var (advised, alone) = (Live(Advised, 2), Live(Advised with { Recommendations = false }, 2));

        advised.Transcript.ShouldNotBe(alone.Transcript);
        advised.Summary.Days[0].ShouldBe(alone.Summary.Days[0]);
    }

    [Fact]
    public void JoinsThatAreReadLaterAndChannelsJoinedAreCounted()
    {
        var summary = Live(Advised, 2).Summary;

        ValueOf(summary, "joins_read_later").ShouldBeInRange(0.1, 1);
        var joined = summary.Channels.Count(channel => channel.Joins > 0);
        ValueOf(summary, "channels_joined").ShouldBe((double)joined / Pool.All.Length, 1e-9);
    }

    [Fact]
    public void AReadOfTheSittingThatJoinedIsNotALaterOne()
    {
        var summary = Live(Advised with { Sessions = 30, Days = 1, SittingsPerDay = 0.02 }, 1).Summary;

        ValueOf(summary, "joins_read_later").ShouldBe(0);
    }

    private static double ValueOf(Summary summary, string metric) =>
        summary.Metrics.Single(one => one.Metric == metric).Values[0].Value!.Value;

    private static SimulationEnd Live(Scenario scenario, int threads)
    {
        using var run = new SimulationRun(scenario, Pool, null, threads, null);
        return run.Run(_ => { }, TestContext.Current.CancellationToken);
    }
}
