using System.Buffers.Text;
using System.Collections.Concurrent;

namespace HeatUp.TdLib;

/// <summary>
/// The one thread that asks the library for events, of all clients. The library crashes a process that exits while it
/// is being asked or has clients at work, so at the process's exit the thread is called off and the clients are closed.
/// </summary>
internal sealed class NativeReceiver(NativeExports native)
{
    /// <summary>How long the thread waits for an event before it asks again. Events end the wait at once.</summary>
    private static readonly TimeSpan ReceiveWithin = TimeSpan.FromSeconds(30);

    /// <summary>How long the process's exit may wait for the clients to close.</summary>
    private static readonly TimeSpan ExitWithin = TimeSpan.FromSeconds(5);

    /// <summary>There is no client of this number, which is answered at once: it wakes who waits for one.</summary>
    private const int Nobody = 0;

    private readonly Lock starting = new();
    private readonly ConcurrentDictionary<int, NativeClientEvents> clients = new();
    private Thread? thread;
    private volatile bool ends;

    /// <summary>Whether the process is exiting: the library may not be called any more.</summary>
    public bool Ends => ends;

    /// <summary>From now on the client's events go there.</summary>
    public void Add(int client, NativeClientEvents events)
    {
        clients[client] = events;
        lock (starting)
        {
            if (thread is not null) return;
            thread = new Thread(Run) { IsBackground = true, Name = "HeatUp TDLib receiver" };
            thread.Start();
            AppDomain.CurrentDomain.ProcessExit += (_, _) => End();
        }
    }

    /// <summary>The client's events go nowhere any more.</summary>
    public void Remove(int client)
    {
        if (clients.TryRemove(client, out var events)) events.End();
    }

    private void Run()
    {
        while (!ends)
            if (native.Receive(ReceiveWithin) is { } received
                && clients.TryGetValue(ClientOf(received), out var client))
                client.Add(received);
    }

    private void End()
    {
        ends = true;
        native.Send(Nobody, """{"@type":"getAuthorizationState"}"""u8);
        if (!thread!.Join(ExitWithin)) return;
        var open = clients.Keys.ToHashSet();
        foreach (var client in open) native.Send(client, """{"@type":"close"}"""u8);
        var start = TimeProvider.System.GetTimestamp();
        while (open.Count > 0 && TimeProvider.System.GetElapsedTime(start) < ExitWithin)
            if (native.Receive(ExitWithin) is { } received && IsClosed(received))
                open.Remove(ClientOf(received));
    }

    /// <summary>Whose event it is. The library writes that last, after everything that others have written.</summary>
    private static int ClientOf(ReadOnlySpan<byte> received)
    {
        var name = "\"@client_id\":"u8;
        var at = received.LastIndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(received[(at + name.Length)..], out int client, out _) ? client : Nobody;
    }

    private static bool IsClosed(ReadOnlySpan<byte> received) =>
        received.StartsWith("{\"@type\":\"updateAuthorizationState\""u8)
        && received.IndexOf("\"authorizationStateClosed\""u8) >= 0;
}
