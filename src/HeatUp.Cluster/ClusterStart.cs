using HeatUp.Runs;
using HeatUp.Sessions;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace HeatUp.Cluster;

/// <summary>
/// Starts sittings on whichever node the engine has placed a session on. Thread-safe.
/// </summary>
/// <param name="grains">The way to the other nodes.</param>
/// <param name="store">Tells of the run that another node has begun.</param>
/// <param name="log">Told of calls that came to nothing.</param>
public sealed partial class ClusterStart(IGrainFactory grains, ISessionStore store, ILogger<ClusterStart> log)
{
    /// <summary>
    /// The run that has begun, wherever it runs; or why none has, which is never <see cref="SittingStart.Started"/>.
    /// </summary>
    /// <exception cref="StoreException">The store failed, or the node that was asked went away before it answered:
    /// whether a sitting has begun is then unknown, and another try says so.</exception>
    public async Task<(RunRecord? Run, SittingStart? Refusal)> StartAsync(
        SessionId session, CancellationToken cancellation)
    {
        var reply = StartReply.Parse(await AskAsync(session, cancellation));
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

    private async Task<string> AskAsync(SessionId session, CancellationToken cancellation)
    {
        try
        {
            return await grains.GetGrain<ISessionGrain>(session.Value).StartAsync().WaitAsync(cancellation);
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException)
        {
            Unanswered(log, session, failure.Message);
            throw new StoreException(
                $"The node that was to give '{session}' a sitting went away before it answered. Try again: if the "
                + "sitting has begun, another node goes on with it, and the answer names its run.", failure);
        }
    }

    [LoggerMessage(60, LogLevel.Warning, "{Session}: the node that was asked for a sitting did not answer. {Why}")]
    private static partial void Unanswered(ILogger log, SessionId session, string why);
}
