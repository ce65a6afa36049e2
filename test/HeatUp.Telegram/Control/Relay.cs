using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace HeatUp.Telegram.Control;

/// <summary>
/// What leads out of a network that nothing leads out of, or into it: Unix sockets are files and know no networks. A
/// connection to one end goes on to the other. An end is a port of loopback, or the path of a Unix socket.
/// </summary>
internal static class Relay
{
    /// <summary>Opens one; it stays as long as the process does.</summary>
    public static void Open(string from, string to)
    {
        var listening = SocketOf(from);
        listening.Bind(EndOf(from));
        listening.Listen();
        _ = AcceptAsync(listening, to);
    }

    private static async Task AcceptAsync(Socket listening, string to)
    {
        while (true) _ = PumpAsync(await listening.AcceptAsync(), to);
    }

    private static async Task PumpAsync(Socket one, string to)
    {
        using var other = SocketOf(to);
        try
        {
            await other.ConnectAsync(EndOf(to));
            await using var left = new NetworkStream(one, ownsSocket: true);
            await using var right = new NetworkStream(other);
            await Task.WhenAny(left.CopyToAsync(right), right.CopyToAsync(left));
        }
        catch (Exception end) when (end is IOException or SocketException)
        {
            one.Dispose();
        }
    }

    private static Socket SocketOf(string end) => IsPort(end, out _)
        ? new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        : new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private static EndPoint EndOf(string end) =>
        IsPort(end, out var port) ? new IPEndPoint(IPAddress.Loopback, port) : new UnixDomainSocketEndPoint(end);

    private static bool IsPort(string end, out int port) =>
        int.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out port);
}
