using System.Threading.Channels;
using HeatUp.TdLib.Api;

namespace HeatUp.TdLib;

/// <summary>The updates of a client from a moment on, for one reader, in order; nothing is left out.</summary>
public sealed class TdWatch : IDisposable
{
    /// <summary>Like an answer, an update is handed over where it arrives.</summary>
    private readonly Channel<TdUpdate> updates = Channel.CreateUnbounded<TdUpdate>(
        new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = true });
    private readonly Action<TdWatch> end;

    internal TdWatch(Action<TdWatch> end) => this.end = end;

    /// <summary>Where they are read. It completes when the client has closed, or with the watch.</summary>
    public ChannelReader<TdUpdate> Updates => updates.Reader;

    /// <summary>Watches no more.</summary>
    public void Dispose()
    {
        end(this);
        End();
    }

    internal void Tell(TdUpdate update) => updates.Writer.TryWrite(update);

    internal void End() => updates.Writer.TryComplete();
}
