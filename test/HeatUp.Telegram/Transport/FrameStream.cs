using System.Buffers.Binary;

namespace HeatUp.Telegram.Transport;

/// <summary>
/// A connection cut into frames, as the transport "intermediate" has it: a length of four bytes, then the payload. It
/// may lie under an obfuscation, which the client's first 64 bytes announce, and the payload may end in padding.
/// </summary>
internal sealed class FrameStream : IDisposable
{
    /// <summary>The longest frame that is read; TDLib's own requests are far shorter.</summary>
    public const int LengthMax = 1 << 20;

    private const uint Intermediate = 0xeeeeeeee;
    private const uint Padded = 0xdddddddd;
    private const int HeadLength = 64;
    private const uint QuickAck = 0x80000000;

    private readonly Stream stream;
    private readonly AesCounter? incoming;
    private readonly AesCounter? outgoing;
    private readonly bool isPadded;
    private readonly SemaphoreSlim writing = new(1, 1);

    private FrameStream(Stream stream, AesCounter? incoming, AesCounter? outgoing, bool isPadded, int center)
    {
        (this.stream, this.incoming, this.outgoing, this.isPadded) = (stream, incoming, outgoing, isPadded);
        DataCenter = center;
    }

    /// <summary>The data centre that the client wants; 0 if it doesn't say.</summary>
    public int DataCenter { get; }

    /// <summary>Reads how the client will speak; null if it is in no way that is known here.</summary>
    /// <exception cref="IOException">The connection ended first.</exception>
    public static async Task<FrameStream?> OpenAsync(Stream stream, CancellationToken cancellation)
    {
        var head = new byte[HeadLength];
        await stream.ReadExactlyAsync(head.AsMemory(0, 4), cancellation);
        var tag = BinaryPrimitives.ReadUInt32LittleEndian(head);
        if (tag is Intermediate or Padded) return new(stream, null, null, tag == Padded, 0);
        await stream.ReadExactlyAsync(head.AsMemory(4), cancellation);
        var back = head[8..56].Reverse().ToArray();
        var (incoming, outgoing) = (new AesCounter(head[8..40], head[40..56]), new AesCounter(back[..32], back[32..]));
        incoming.Apply(head);
        tag = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(56));
        var center = Math.Abs(BinaryPrimitives.ReadInt16LittleEndian(head.AsSpan(60)));
        return tag is Intermediate or Padded ? new(stream, incoming, outgoing, tag == Padded, center) : null;
    }

    /// <summary>The next frame; null at the end of the connection, or of a length that none may have.</summary>
    public async Task<Frame?> ReadAsync(CancellationToken cancellation)
    {
        var head = new byte[4];
        if (await stream.ReadAtLeastAsync(head, 4, throwOnEndOfStream: false, cancellation) < 4) return null;
        incoming?.Apply(head);
        var word = BinaryPrimitives.ReadUInt32LittleEndian(head);
        var length = word & ~QuickAck;
        if (length is < 4 or > LengthMax) return null;
        var payload = new byte[length];
        if (await stream.ReadAtLeastAsync(payload, payload.Length, throwOnEndOfStream: false, cancellation) < payload.Length)
            return null;
        incoming?.Apply(payload);
        return new Frame(payload, (word & QuickAck) != 0, isPadded);
    }

    /// <summary>Sends a payload as a frame.</summary>
    public Task WriteAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellation)
    {
        var bytes = new byte[4 + payload.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, payload.Length);
        payload.CopyTo(bytes.AsMemory(4));
        return SendAsync(bytes, cancellation);
    }

    /// <summary>Sends a quick acknowledgement: four bytes that are no length, for their first bit is set.</summary>
    public Task WriteQuickAckAsync(uint token, CancellationToken cancellation)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, token | QuickAck);
        return SendAsync(bytes, cancellation);
    }

    public void Dispose()
    {
        incoming?.Dispose();
        outgoing?.Dispose();
        stream.Dispose();
    }

    private async Task SendAsync(byte[] bytes, CancellationToken cancellation)
    {
        await writing.WaitAsync(cancellation);
        try
        {
            outgoing?.Apply(bytes);
            await stream.WriteAsync(bytes, cancellation);
        }
        finally
        {
            writing.Release();
        }
    }
}

/// <summary>A frame.</summary>
/// <param name="Payload">A message, encrypted or plain.</param>
/// <param name="WantsQuickAck">Whether the client wants to know at once that it came.</param>
/// <param name="IsPadded">Whether the payload may end in up to 15 bytes that mean nothing.</param>
internal sealed record Frame(byte[] Payload, bool WantsQuickAck, bool IsPadded);
