using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace HeatUp.TdLib;

/// <summary>
/// A client's events on their way from the one receiving thread to the client, in order. What follows from an event
/// runs where it is handed over; so each client has its own way, and one that is slow holds up nobody else.
/// </summary>
internal sealed class NativeClientEvents
{
    private readonly Channel<byte[]> events =
        Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly Action<ReadOnlyMemory<byte>> receive;
    private readonly ILogger log;

    public NativeClientEvents(Action<ReadOnlyMemory<byte>> receive, ILogger log)
    {
        (this.receive, this.log) = (receive, log);
        // On a thread of the pool, and not in the context of whoever happened to make the client.
        ThreadPool.UnsafeQueueUserWorkItem(static events => _ = events.HandOverAsync(), this, preferLocal: false);
    }

    public void Add(byte[] received) => events.Writer.TryWrite(received);

    /// <summary>What is on its way still arrives.</summary>
    public void End() => events.Writer.TryComplete();

    private async Task HandOverAsync()
    {
        await foreach (var received in events.Reader.ReadAllAsync())
        {
            try
            {
                receive(received);
            }
#pragma warning disable CA1031 // Whatever one event did wrong, the next must still be heard.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                log.EventFailed(fault);
            }
        }
    }
}
