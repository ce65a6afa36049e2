using System.Net;
using System.Net.Sockets;

namespace HeatUp.Testing;

/// <summary>Ports on loopback. Thread-safe.</summary>
internal static class Ports
{
    // Below those that systems give to connections and to whoever asks for any: nobody gets one of these by chance
    // before the program that it is for listens.
    private const int First = 10_000;
    private const int Count = 22_000;

    /// <summary>Processes that run at the same time begin at places far apart.</summary>
    private static int last = Environment.ProcessId * 1_009 % Count;

    /// <summary>One that nobody listens on now, and that this process was not given lately.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref last) % Count);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // The next one, then.
            }
        }
    }
}
