using System.Net;
using System.Net.Sockets;

namespace HeatUp.Tests.Sessions.Postgres;

/// <summary>
/// A way to a server on loopback that can be cut at an answer: the server has done what it was asked, and nobody hears
/// of it. Or for a time: whoever takes it is hung up on.
/// </summary>
internal sealed class CuttingProxy : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly int serverPort;
    private CancellationTokenSource open = new();
    private int answersUntilCut = int.MaxValue;

    public CuttingProxy(int serverPort)
    {
        this.serverPort = serverPort;
        listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Whether the last cut that was asked for has been made.</summary>
    public bool HasCut => Volatile.Read(ref answersUntilCut) <= 0;

    /// <summary>Cuts the connection on which the server's answer of this number from now on comes; 1 is the next.</summary>
    public void CutAtAnswer(int number) => Volatile.Write(ref answersUntilCut, number);

    /// <summary>Hangs up on everybody, and on whoever comes until it is opened again.</summary>
    public void Close() => Volatile.Read(ref open).Cancel();

    /// <summary>Lets everybody through again.</summary>
    public void Open() => Volatile.Write(ref open, new());

    public void Dispose() => listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await listener.AcceptTcpClientAsync());
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException) { /* It is over. */ }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            await using var hangingUp = Volatile.Read(ref open).Token.Register(client.Close);
            await server.ConnectAsync(IPAddress.Loopback, serverPort);
            await Task.WhenAny(
                PassAsync(client.GetStream(), server.GetStream(), () => false),
                PassAsync(server.GetStream(), client.GetStream(), () => Interlocked.Decrement(ref answersUntilCut) == 0));
        }
    }

    private static async Task PassAsync(NetworkStream from, NetworkStream to, Func<bool> isCut)
    {
        var buffer = new byte[65_536];
        try
        {
            while (await from.ReadAsync(buffer) is > 0 and var count && !isCut()) await to.WriteAsync(buffer.AsMemory(0, count));
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException) { /* One of both has hung up. */ }
    }
}
