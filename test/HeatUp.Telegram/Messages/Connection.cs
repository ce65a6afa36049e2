using System.Buffers.Binary;
using HeatUp.Telegram.Handshake;
using HeatUp.Telegram.Tl;
using HeatUp.Telegram.Transport;
using HeatUp.Telegram.World;

namespace HeatUp.Telegram.Messages;

/// <summary>
/// A connection from its first byte to its last: the transport's frames, a handshake if the client has no key, then
/// encrypted messages. What is no MTProto ends the connection, and nothing else.
/// </summary>
internal sealed class Connection(TelegramServer server, Stream stream) : IDisposable
{
    private const int HeadLength = 32;
    private const int PaddingMin = 12;
    private const int PaddingMax = 1024;

    /// <summary>The transport's word for a key that nobody knows.</summary>
    private const int UnknownKey = -404;

    private readonly CancellationTokenSource cut = new();
    private readonly Lock ending = new();
    private bool isOver;
    private FrameStream? frames;
    private AuthKey? key;

    /// <summary>The data centre that the client talks to, by what it says; 2 if it doesn't.</summary>
    public int DataCenter { get; private set; } = DataCenters.Default;

    /// <summary>Lives it; answers when it is over.</summary>
    public async Task LiveAsync(CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, cut.Token);
        // Whoever connects and says nothing is not waited for.
        using var silence = server.Clock.CreateTimer(
            _ => { if (key is null) Cut(); }, null, server.HandshakeWithin, Timeout.InfiniteTimeSpan);
        try
        {
            frames = await FrameStream.OpenAsync(stream, either.Token);
            if (frames is null) return;
            if (frames.DataCenter is > 0 and var center) DataCenter = center;
            var exchange = new KeyExchange(server.Key, server.Clock);
            while (await frames.ReadAsync(either.Token) is { } frame)
                if (!await TakeAsync(frame, exchange, either.Token))
                    return;
        }
        catch (Exception end) when (end is IOException or OperationCanceledException or ObjectDisposedException or TlException)
        {
            // The client went, or was sent away.
        }
    }

    /// <summary>Ends it, at once.</summary>
    public void Cut()
    {
        lock (ending)
        {
            if (isOver) return;
            cut.Cancel();
            stream.Dispose();
        }
    }

    /// <summary>Says something in a session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="body">What.</param>
    /// <param name="isAnswer">Whether the client asked for it.</param>
    /// <param name="isContent">Whether it must come, again if need be, until it is acknowledged.</param>
    public static async Task SayAsync(Session session, byte[] body, TelegramServer server, bool isAnswer, bool isContent)
    {
        var message = new Outgoing(server.Numbers.Next(isAnswer), session.Next(isContent), body);
        if (isContent) session.Keep(message);
        if (session.Connection is { } connection) await connection.SendAsync(session, message);
    }

    public void Dispose()
    {
        lock (ending)
        {
            isOver = true;
            frames?.Dispose();
            stream.Dispose();
            cut.Dispose();
        }
    }

    /// <summary>Sends a message over this connection, if it still stands.</summary>
    public async Task SendAsync(Session session, Outgoing message)
    {
        if (frames is null || key is null) return;
        var writer = new TlWriter(session.Schema);
        writer.Long(key.Salt);
        writer.Long(session.Id);
        writer.Long(message.Id);
        writer.Int(message.Sequence);
        writer.Int(message.Body.Length);
        writer.Raw(message.Body);
        try
        {
            await frames.WriteAsync(key.Encrypt(writer.ToArray()), CancellationToken.None);
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException)
        {
            // What was not acknowledged is said again over the next connection.
        }
    }

    /// <summary>Whether the connection goes on after this.</summary>
    private async Task<bool> TakeAsync(Frame frame, KeyExchange exchange, CancellationToken cancellation)
    {
        if (frame.Payload.Length < 8) return false;
        var number = BinaryPrimitives.ReadInt64LittleEndian(frame.Payload);
        if (number == 0) return await ShakeHandsAsync(frame.Payload, exchange, cancellation);
        if (server.Keys.Find(number) is not { } known)
        {
            await frames!.WriteAsync(BitConverter.GetBytes(UnknownKey), cancellation);
            return true;
        }
        if (known.Decrypt(frame) is not { } plain) return false;
        key = known;
        if (frame.WantsQuickAck) await frames!.WriteQuickAckAsync(known.QuickAckOf(plain), cancellation);
        return await TakeAsync(plain);
    }

    private async Task<bool> ShakeHandsAsync(byte[] payload, KeyExchange exchange, CancellationToken cancellation)
    {
        if (payload.Length < 24) return false;
        var length = BinaryPrimitives.ReadInt32LittleEndian(payload.AsSpan(16));
        if (length < 4 || length > payload.Length - 20) return false;
        var request = new TlReader(TlSchema.Of229, payload.AsSpan(20, length)).Object();
        // Some clients acknowledge in plain too.
        if (request.Name == "msgs_ack") return true;
        if (exchange.Answer(request) is not { } answer) return false;
        if (exchange.Agreed is { } agreed) server.Keys.Keep(agreed);
        var writer = new TlWriter(TlSchema.Of229);
        var body = TlWriter.Write(answer);
        writer.Long(0);
        writer.Long(server.Numbers.Next(isAnswer: true));
        writer.Int(body.Length);
        writer.Raw(body);
        await frames!.WriteAsync(writer.ToArray(), cancellation);
        return true;
    }

    private async Task<bool> TakeAsync(byte[] plain)
    {
        var reader = new TlReader(TlSchema.Of229, plain);
        var (salt, session, message, sequence, length) =
            (reader.Long(), reader.Long(), reader.Long(), reader.Int(), reader.Int());
        var padding = plain.Length - HeadLength - length;
        if (length < 4 || length % 4 != 0 || padding is < PaddingMin or > PaddingMax) return false;
        await server.Messages.TakeAsync(
            this, key!, new Incoming(salt, session, message, sequence, plain[HeadLength..(HeadLength + length)]));
        return true;
    }
}

/// <summary>A client's message, opened.</summary>
internal sealed record Incoming(long Salt, long Session, long Id, int Sequence, byte[] Body);
