using HeatUp.Sessions;

namespace HeatUp.Cluster;

/// <summary>The sittings of this node, which other nodes ask for too. Thread-safe.</summary>
internal sealed class NodeSittings(Sittings sittings)
{
    /// <summary>Starts a sitting here and lets it run; answers what came of it.</summary>
    public async Task<string> StartAsync(SessionId session)
    {
        try
        {
            var start = await sittings.StartAsync(session);
            if (start is SittingStart.Started(var sitting)) _ = Detached(() => sittings.RunAsync(sitting));
            return StartReply.Of(start).Write();
        }
        catch (StoreException failure)
        {
            return new StartReply(StartKind.StoreFailed, Reason: failure.Message).Write();
        }
    }

    /// <summary>Runs work outside a grain's turn, and without the context of the request that asked for it.</summary>
#pragma warning disable RS0030 // The wall clock's work alone runs here.
    public static Task<T> Detached<T>(Func<Task<T>> work)
    {
        using (ExecutionContext.SuppressFlow()) return Task.Run(work);
    }
#pragma warning restore RS0030
}
