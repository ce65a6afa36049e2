using HeatUp.Sessions;

namespace HeatUp.Cluster;

/// <summary>The sittings of this node, which other nodes ask for too. Thread-safe.</summary>
internal sealed class NodeSittings(Sittings sittings)
{
    /// <summary>
    /// Starts a sitting here and lets it run; answers what came of it. Off the turn of a grain that asks, where the
    /// sitting goes on when the call is long over.
    /// </summary>
    public Task<StartReply> StartAsync(SessionId session) => Detached.Run(() => StartDetachedAsync(session));

    private async Task<StartReply> StartDetachedAsync(SessionId session)
    {
        try
        {
            var start = await sittings.StartAsync(session);
            if (start is SittingStart.Started(var sitting)) _ = Detached.Run(() => sittings.RunAsync(sitting));
            return StartReply.Of(start);
        }
        catch (StoreException failure)
        {
            return new StartReply(StartKind.StoreFailed, Reason: failure.Message);
        }
    }
}
