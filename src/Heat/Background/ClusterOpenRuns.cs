using HeatUp;
using HeatUp.Cluster;

namespace Heat.Background;

/// <summary>
/// Goes on with the runs of nodes that are gone, a second after the others know it, and cancels what another node was
/// asked to cancel.
/// </summary>
internal sealed class ClusterOpenRuns(
    ClusterNode node, RunNews news, Sittings sittings, RunWriter runs, LeftOpenRuns leftOpen,
    IHostApplicationLifetime service, TimeProvider clock, ILogger<OpenRuns> log)
    : OpenRuns(ClusterNode.SweepEvery, sittings, runs, leftOpen, service, clock, log)
{
    protected override async Task DoAsync(CancellationToken cancellation)
    {
        await node.SweepAsync(cancellation);
        await base.DoAsync(cancellation);
    }

    protected override Task NextAsync(PeriodicTimer timer, CancellationToken cancellation) =>
        news.WokenAsync(Period, cancellation);
}
