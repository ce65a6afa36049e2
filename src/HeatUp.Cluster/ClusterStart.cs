using HeatUp.Runs;
using HeatUp.Sessions;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace HeatUp.Cluster;

/// <summary>
/// Starts sittings on whichever node the engine has placed a session on; here, if that one can't. Thread-safe.
/// </summary>
public sealed partial class ClusterStart
{
    private readonly IGrainFactory grains;
    private readonly NodeSittings here;
    private readonly ISessionStore store;
    private readonly Claims claims;
    private readonly ILogger<ClusterStart> log;

    internal ClusterStart(
        IGrainFactory grains, NodeSittings here, ISessionStore store, Claims claims, ILogger<ClusterStart> log) =>
        (this.grains, this.here, this.store, this.claims, this.log) = (grains, here, store, claims, log);

    /// <summary>
    /// The run that has begun, wherever it runs; or why none has, which is never <see cref="SittingStart.Started"/>.
    /// </summary>
    /// <exception cref="StoreException">The store failed.</exception>
    public async Task<(RunRecord? Run, SittingStart? Refusal)> StartAsync(
        SessionId session, CancellationToken cancellation)
    {
        StartReply? reply;
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, claims.Closing))
            try
            {
                reply = await AskAsync(session, either.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // A stop doesn't wait for the plan of another node, where the sitting begins all the same.
                return (null, new SittingStart.Stopping());
            }
        // A node that is full, stops, or has lost the database or its life: that a session has one sitting at a time is
        // the store's promise, so that another may try. If one has begun all the same, the store names it.
        if (reply is null or { Kind: StartKind.TooMany or StartKind.Stopping or StartKind.StoreFailed })
            reply = await here.StartAsync(session).WaitAsync(cancellation);
        var run = RunId.TryParse(reply.Run, out var named) ? named : default;
        return reply.Kind switch
        {
            StartKind.Started => (await store.FindRunAsync(run, cancellation)
                ?? throw new StoreException($"The session '{session}' was forgotten as its sitting began."), null),
            StartKind.AlreadyRunning => (null, new SittingStart.AlreadyRunning(run)),
            StartKind.TooMany => (null, new SittingStart.TooMany()),
            StartKind.Refused => (null, new SittingStart.Refused(reply.Reason ?? "", reply.Until)),
            StartKind.Overtaken => (null, new SittingStart.Overtaken()),
            StartKind.Stopping => (null, new SittingStart.Stopping()),
            _ => throw new StoreException(reply.Reason ?? "The node that was asked could not use the store."),
        };
    }

    /// <summary>What the session's node answers; null if it went away before it did.</summary>
    private async Task<StartReply?> AskAsync(SessionId session, CancellationToken cancellation)
    {
        try
        {
            var grain = grains.GetGrain<ISessionGrain>(session.Value);
            return StartReply.Parse(await grain.StartAsync().WaitAsync(cancellation));
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException)
        {
            Unanswered(log, session, failure.Message);
            return null;
        }
    }

    [LoggerMessage(60, LogLevel.Warning,
        "{Session}: the node that was asked for a sitting did not answer, so this one begins it. {Why}")]
    private static partial void Unanswered(ILogger log, SessionId session, string why);
}
