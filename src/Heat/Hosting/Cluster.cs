using System.Net;
using System.Net.Sockets;
using Heat.Api;
using Heat.Background;
using Heat.Configuration;
using Heat.Simulations;
using HeatUp;
using HeatUp.Cluster;
using HeatUp.Runs;
using HeatUp.Sessions;
using HeatUp.Sessions.Postgres;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Heat.Hosting;

/// <summary>The service as a node of a cluster, which it is wherever PostgreSQL is the store.</summary>
internal static class Cluster
{
    /// <summary>Registers the node, in place of what a process on its own has.</summary>
    /// <exception cref="SettingsException">The certificates can't be read.</exception>
    /// <exception cref="IOException">The node can't listen for the others.</exception>
    public static void AddNode(this WebApplicationBuilder builder, Settings settings, bool isShared)
    {
        var listen = Free(settings.Cluster.ToEndPoint());
        builder.AddCluster(new ClusterOptions(
            settings.Cluster.Id, listen, IsAlone: !isShared, settings.Urls,
            // As long as a plan may take, and then some for the store.
            (settings.Llm?.ToOptions().PlanTimeout ?? TimeSpan.Zero) + TimeSpan.FromSeconds(30),
            ClusterRules.TlsOf(settings.Cluster)));
        builder.Services.Replace(ServiceDescriptor.Singleton<IStarts, ClusterStarts>());
        builder.Services.AddSingleton<NodeHealth, ClusterHealth>();
        builder.Services.AddSingleton<SpreadShards>(parts => parts.GetRequiredService<ClusterPopulations>().Spread);
        builder.Services.AddHostedService<ClusterOpenRuns>();
    }

    /// <summary>Why the process ends by itself; null if it was told to.</summary>
    public static string? WhyLeft(WebApplication app) => app.Services.GetRequiredService<ClusterNode>().Reason;

    /// <summary>
    /// Ends a start that failed: the other nodes needn't find out by themselves that this one is gone again.
    /// </summary>
    public static async Task LeaveAsync(WebApplication app)
    {
        try { await app.StopAsync(); }
        catch (InvalidOperationException) { /* The engine had not started either. */ }
    }

    /// <summary>The place itself, or one with a free port. The engine would tell of one in use on many pages.</summary>
    private static IPEndPoint Free(IPEndPoint place)
    {
        try
        {
            using var probe = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(place);
            probe.Listen();
            return (IPEndPoint)probe.LocalEndPoint!;
        }
        catch (SocketException failure)
        {
            throw new IOException($"{ClusterRules.ListenName}={place} {ListenAddresses.WhyNot(failure)}", failure);
        }
    }
}

/// <summary>Starts sittings on whichever node has room.</summary>
internal sealed class ClusterStarts(ClusterStart cluster, IRunControl runs) : IStarts
{
    public async ValueTask<(BegunRun? Begun, SittingStart? Refusal)> StartAsync(
        SessionId session, CancellationToken cancellation)
    {
        var (run, refusal) = await cluster.StartAsync(session, cancellation);
        return run is null ? (null, refusal) : (new BegunRun(run, waiting => EndAsync(run, waiting)), null);
    }

    private async Task<RunRecord> EndAsync(RunRecord run, CancellationToken cancellation)
    {
        await foreach (var _ in runs.WatchAsync(run.Id, 0, cancellation)) { }
        // It is open if this node stops before the run has ended, and not to be found if its session was forgotten.
        return await runs.FindAsync(run.Id, cancellation) switch
        {
            null => run with { End = RunEnd.HoldLost },
            { End: null } open => open with { End = RunEnd.Stopping },
            var ended => ended,
        };
    }
}

/// <summary>What the cluster adds to <c>/health</c>.</summary>
internal sealed class ClusterHealth(ClusterNode node, PostgresMembers members) : NodeHealth
{
    public override string? Notice => node.Reason ?? node.ClockNotice;

    public override async Task<IReadOnlyList<NodeAnswer>> NodesAsync(CancellationToken cancellation) =>
        [.. (await members.LivingAsync(cancellation)).Select(living => new NodeAnswer(
            living.Member, living.Member == node.Name, living.Urls, living.Since,
            living.ClockAhead is { } ahead ? Math.Round(ahead.TotalSeconds, 3) : null, living.OpenRuns))];
}
