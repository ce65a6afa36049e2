using System.Text;
using HeatUp.Channels;
using HeatUp.Runs.Sandbox;
using HeatUp.Simulations;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Simulation;

/// <summary>
/// A small population of two zones and with faults, whose summary and transcript are approved: whoever changes what a
/// simulation does, or how it is counted, decides so.
/// </summary>
public sealed class ApprovedRunTests
{
    private static readonly ChannelPool Pool = ChannelPool.OfExactly(
        from name in (string[])["@durov", "@telegram", "@bbcnews", "@nasa", "@nature", "@addmeto"]
        select new Channel(ChannelName.Parse(name), null, "news", null, null));

    private static readonly string[] Zones = ["UTC-05:00", "UTC+09:00"];

    [Fact(Timeout = 60_000)]
    public async Task ASmallPopulationDoesWhatWasApproved()
    {
        SandboxFaults.TryParse("flood_wait:0.05,private:0.05,offline:0.03,revoked:0.01", out var faults, out _).ShouldBeTrue();
        using var run = new SimulationRun(
            new Scenario
            {
                Sessions = 40, Days = 5, Seed = new Seed(5), ArriveOverDays = 2, Faults = faults,
                TimeZones = [.. Zones.Select((zone, index) => new ZoneShare(zone, index + 1))],
            },
            Pool, null, 1, null);

        var end = await Task.Run(() => run.Run(_ => { }, CancellationToken.None), TestContext.Current.CancellationToken);

        end.Status.ShouldBe(RunFolderStatus.Complete);
        Approved.Match("small-run.json",
            $"// transcript {end.Transcript}\n{Encoding.UTF8.GetString(RunFolderJson.Write(end.Summary))}");
    }
}
