using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Runs.Conduct;
using HeatUp.Sessions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HeatUp.Tests.Support;

/// <summary>The path of one process, put together for a test.</summary>
internal sealed class SittingPath
{
    public SittingPath(
        ISittingStore store, IPlanner planner, Runner runner, TimeProvider clock,
        int sittingsMax = 100, ISittingGate? gate = null, ILogger<Sittings>? log = null)
    {
        log ??= NullLogger<Sittings>.Instance;
        Claims = new Claims(sittingsMax);
        Runs = new RunWriter(store, Claims, clock, log);
        LeftOpen = new LeftOpenRuns(store, Claims, Runs, clock, log);
        Sittings = new Sittings(
            store, new Planning(planner, () => ChannelPool.VerifiedOnly, clock, gate: gate), runner, Claims, Runs,
            clock, new Seed(7), log);
    }

    public Claims Claims { get; }

    public RunWriter Runs { get; }

    public LeftOpenRuns LeftOpen { get; }

    public Sittings Sittings { get; }
}
