using HeatUp.Sessions;
using HeatUp.Sessions.Postgres;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace HeatUp.Cluster;

/// <summary>
/// This process as a member of the cluster: it registers before the engine starts, sees to it that the dead lose their
/// runs, and ends in order when it is not wanted any more. Thread-safe.
/// </summary>
public sealed partial class ClusterNode : IHostedService, IFatalErrorHandler
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(1);

    private readonly PostgresMembers members;
    private readonly Claims claims;
    private readonly ClusterOptions options;
    private readonly ILocalSiloDetails silo;
    private readonly IHostApplicationLifetime process;
    private readonly HostOptions host;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly Dictionary<string, (DateTimeOffset Sign, long SeenAt)> signs = [];
    private long comparedAt;
    private long lookedAt;
    private TimeSpan offset;

    /// <summary>A node that has not registered yet.</summary>
    public ClusterNode(
        PostgresMembers members, Claims claims, ClusterOptions options, ILocalSiloDetails silo,
        IHostApplicationLifetime process, IOptions<HostOptions> host, TimeProvider clock, ILogger<ClusterNode> log)
    {
        (this.members, this.claims, this.options, this.silo) = (members, claims, options, silo);
        (this.process, this.host, this.clock, this.log) = (process, host.Value, clock, log);
    }

    /// <summary>How often <see cref="SweepAsync"/> is to be called.</summary>
    public static TimeSpan SweepEvery => ClusterLimits.SweepEvery;

    /// <summary>Its name among the members.</summary>
    public string Name =>
        $"{silo.SiloAddress.Endpoint.Address}:{silo.SiloAddress.Endpoint.Port}@{silo.SiloAddress.Generation}";

    /// <summary>Why the node had to leave; null as long as it need not.</summary>
    public string? Reason { get; private set; }

    /// <summary>What is wrong with the node's clock; null if nothing is.</summary>
    public string? ClockNotice => offset.Duration() < ClusterLimits.ClockNotice ? null
        : $"This machine's clock is {Seconds(offset)} {(offset > TimeSpan.Zero ? "ahead of" : "behind")} the "
            + $"database's. From {Seconds(ClusterLimits.ClockMax)} on the node leaves: mend the clock (NTP).";

    /// <summary>Registers the node.</summary>
    /// <exception cref="StoreException">It may not join: its clock is wrong, the database is another cluster's, or
    /// another node lives and one of the two wants to be alone.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await CompareClockAsync(cancellationToken);
        if (offset.Duration() > ClusterLimits.ClockMax)
            throw new StoreException(ClockNotice + " It does not join.");
        var node = new MemberNode(Name, options.IsAlone, options.Urls, Environment.MachineName);
        var begun = clock.GetTimestamp();
        NotAloneException? first = null;
        while (true)
        {
            try
            {
                await members.RegisterAsync(node, options.Id, ClusterLimits.SilentFor, cancellationToken);
                // Now the others learn of it.
                await CompareClockAsync(cancellationToken);
                return;
            }
            catch (NotAloneException other) when (
                clock.GetElapsedTime(begun) < ClusterLimits.SilentFor + 2 * AskAgainAfter
                && (first is null || other.AliveAt is null || other.AliveAt == first.AliveAt))
            {
                // It may have been killed: a living one soon gives another sign of life.
                if (first is null) Waits(log, other.Message);
                first ??= other;
                await Task.Delay(AskAgainAfter, clock, cancellationToken);
            }
        }
    }

    /// <summary>Does nothing: the store says that the node is gone when it is disposed, after the last step.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Marks the nodes that were declared dead, so that their runs can be taken over, and cancels the sittings of this
    /// node that somebody wants cancelled. To be called every second, and when the node is woken.
    /// </summary>
    /// <exception cref="StoreException">The database can't be used.</exception>
    public async Task SweepAsync(CancellationToken cancellation)
    {
        try
        {
            await DeclareSilentAsync(cancellation);
            await SweepOnceAsync(cancellation);
        }
        catch (StoreException)
        {
            // Nobody could give a sign of life meanwhile.
            signs.Clear();
            throw;
        }
    }

    private async Task SweepOnceAsync(CancellationToken cancellation)
    {
        var (marked, isGone) = await members.MarkGoneAsync(cancellation);
        foreach (var member in marked) Gone(log, member);
        if (isGone)
            LeaveAtOnce("The other nodes have declared this one dead, because it did not answer or gave no sign of "
                + "life, and go on with its runs. It ends; start it anew.");
        foreach (var run in await members.ToCancelAsync(cancellation)) claims.Find(run)?.Cancel();
        if (clock.GetElapsedTime(comparedAt) < ClusterLimits.ClockEvery) return;
        await CompareClockAsync(cancellation);
        if (offset.Duration() > ClusterLimits.ClockMax) Leave(ClockNotice!);
    }

    /// <inheritdoc/>
    public bool IsUnexpected(Exception exception) => true;

    /// <summary>The engine can't go on. It would end the process at once; here it ends in order.</summary>
    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null) =>
        LeaveAtOnce($"The node can't go on: {context?.TrimEnd('.') ?? "the engine gave no reason"}"
            + $"{(exception is null ? "" : $" ({exception.Message.TrimEnd('.')})")}. Start it anew.");

    /// <summary>
    /// Declares the members dead that have given no sign of life for long. Whether one has is a matter of change, not
    /// of clocks.
    /// </summary>
    private async Task DeclareSilentAsync(CancellationToken cancellation)
    {
        var now = clock.GetTimestamp();
        // What kept this node from looking, such as a machine that slept, kept the others from their signs of life.
        if (clock.GetElapsedTime(lookedAt, now) > ClusterLimits.LookedMax) signs.Clear();
        lookedAt = now;
        var current = await members.SignsOfLifeAsync(cancellation);
        foreach (var member in signs.Keys.Except(current.Keys).ToList()) signs.Remove(member);
        foreach (var (member, sign) in current)
        {
            if (!signs.TryGetValue(member, out var known) || known.Sign != sign) signs[member] = (sign, now);
            else if (member != Name && clock.GetElapsedTime(known.SeenAt, now) > ClusterLimits.DeadAfter
                && await members.DeclareDeadAsync(member, sign, cancellation))
                Silent(log, member, ClusterLimits.DeadAfter);
        }
    }

    private async Task CompareClockAsync(CancellationToken cancellation)
    {
        offset = await members.ClockOffsetAsync(cancellation);
        comparedAt = clock.GetTimestamp();
    }

    /// <summary>
    /// Leaves without waiting for the engine's farewell to the others: they may be out of reach, and it took 45 s then.
    /// </summary>
    private void LeaveAtOnce(string reason)
    {
        host.ShutdownTimeout = ClusterLimits.DeadStopWithin;
        Leave(reason);
    }

    private void Leave(string reason)
    {
        if (Reason is not null) return;
        Reason = reason;
        Leaves(log, reason);
        process.StopApplication();
    }

    private static string Seconds(TimeSpan time) =>
        FormattableString.Invariant($"{time.Duration().TotalSeconds:0.#} s");

    [LoggerMessage(61, LogLevel.Critical, "{Reason}")]
    private static partial void Leaves(ILogger log, string reason);

    [LoggerMessage(64, LogLevel.Warning, "The node {Member} is dead: the others go on with its sittings")]
    private static partial void Gone(ILogger log, string member);

    [LoggerMessage(63, LogLevel.Warning, "The node {Member} has given no sign of life for {Time}: it is declared dead")]
    private static partial void Silent(ILogger log, string member, TimeSpan time);

    [LoggerMessage(62, LogLevel.Warning, "{Why} It may be dead: waiting for a sign of life")]
    private static partial void Waits(ILogger log, string why);
}
