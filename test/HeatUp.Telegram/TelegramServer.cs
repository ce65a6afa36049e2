using System.Net;
using System.Net.Sockets;
using HeatUp.Telegram.Handshake;
using HeatUp.Telegram.Messages;
using HeatUp.Telegram.Methods;
using HeatUp.Telegram.World;

namespace HeatUp.Telegram;

/// <summary>
/// A Telegram of one's own: listens, speaks MTProto 2.0, and answers out of a small world. README.md tells the life of a
/// connection.
/// </summary>
internal sealed class TelegramServer : IAsyncDisposable
{
    /// <summary>How many connections may be open; more are closed at once.</summary>
    public const int ConnectionsMax = 200;

    private readonly List<Connection> connections = [];
    private readonly Lock gate = new();
    private CancellationTokenSource stop = new();
    private TcpListener? listener;
    private Task listening = Task.CompletedTask;

    public TelegramServer(string privateKey, TimeProvider clock)
    {
        (Clock, Key, Numbers, World) = (clock, new ServerKey(privateKey), new MessageClock(clock), new TelegramWorld(clock));
        (Sessions, Witness) = (new SessionRing(World), new Witness(clock));
        News = new News(World, this);
        var table = new MethodTable();
        new LoginMethods(World).AddTo(table);
        new ChannelMethods(World, News).AddTo(table);
        new ServiceMethods(World).AddTo(table);
        News.AddTo(table);
        Messages = new MessageDesk(this, new MethodDesk(World, table, Faults, Witness, clock));
    }

    public TimeProvider Clock { get; }

    public ServerKey Key { get; }

    public KeyRing Keys { get; } = new();

    public SessionRing Sessions { get; }

    public MessageClock Numbers { get; }

    public MessageDesk Messages { get; }

    public TelegramWorld World { get; }

    public News News { get; }

    public Faults Faults { get; } = new();

    public Witness Witness { get; }

    /// <summary>How long a client may take until it has a key, or shows that it has one.</summary>
    public TimeSpan HandshakeWithin { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How many connections are open.</summary>
    public int Connections
    {
        get
        {
            lock (gate)
            {
                return connections.Count;
            }
        }
    }

    /// <summary>Waits until no connection is open.</summary>
    public async Task UntilUnconnectedAsync(CancellationToken cancellation)
    {
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(10), Clock);
        while (Connections > 0) await looks.WaitForNextTickAsync(cancellation);
    }

    /// <summary>Listens; answers the port.</summary>
    /// <param name="address">Where.</param>
    /// <param name="port">At which port; 0 for any.</param>
    public int Listen(IPAddress address, int port)
    {
        listener = new TcpListener(address, port);
        listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Start();
        stop = new();
        listening = AcceptAsync(listener, stop.Token);
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Ends all connections and takes no more, as a server that goes down. Its world stays.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        listener?.Dispose();
        Cut();
        await listening;
    }

    private void Cut()
    {
        Connection[] open;
        lock (gate)
        {
            open = [.. connections];
        }
        foreach (var connection in open) connection.Cut();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stop.Dispose();
    }

    private async Task AcceptAsync(TcpListener open, CancellationToken cancellation)
    {
        try
        {
            while (true) _ = LiveAsync(await open.AcceptTcpClientAsync(cancellation), cancellation);
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It listens no more.
        }
    }

    private async Task LiveAsync(TcpClient client, CancellationToken cancellation)
    {
        using (client)
        {
            client.NoDelay = true;
            using var connection = new Connection(this, client.GetStream());
            lock (gate)
            {
                if (connections.Count >= ConnectionsMax) return;
                connections.Add(connection);
            }
            try
            {
                await connection.LiveAsync(cancellation);
            }
            catch (Exception broken) when (broken is not OutOfMemoryException)
            {
                Witness.Breaks(broken);
            }
            Sessions.Leave(connection);
            lock (gate)
            {
                connections.Remove(connection);
            }
        }
    }
}
