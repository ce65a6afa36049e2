using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace HeatUp.Benchmarks;

/// <summary>
/// A closed-loop HTTP load over kept-alive sockets. It does little more than count, so that on a small machine the
/// server and not the client is measured.
/// </summary>
internal static class Load
{
    /// <summary>What a load gave.</summary>
    public sealed record Result(long Requests, long Failures, TimeSpan Took)
    {
        public double PerSecond => Requests / Took.TotalSeconds;
    }

    /// <summary>Sends requests from so many connections for a time.</summary>
    /// <param name="server">Where to.</param>
    /// <param name="connections">How many at once.</param>
    /// <param name="time">How long.</param>
    /// <param name="request">The n-th request's first line without the version, such as <c>GET /health</c>.</param>
    public static async Task<Result> RunAsync(Uri server, int connections, TimeSpan time, Func<long, string> request)
    {
        var next = -1L;
        var failures = 0L;
        var done = 0L;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(server.Host, server.Port);
            var buffer = new byte[256 * 1024];
            while (watch.Elapsed < time)
            {
                var line = request(Interlocked.Increment(ref next));
                var head = $"{line} HTTP/1.1\r\nHost: {server.Authority}\r\nContent-Length: 0\r\n\r\n";
                var bytes = Encoding.ASCII.GetBytes(head);
                await socket.SendAsync(bytes);
                if (!await ReadAnswerAsync(socket, buffer)) Interlocked.Increment(ref failures);
                Interlocked.Increment(ref done);
            }
        })));
        return new Result(done, failures, watch.Elapsed);
    }

    private static async Task<bool> ReadAnswerAsync(Socket socket, byte[] buffer)
    {
        var read = 0;
        int head;
        while ((head = buffer.AsSpan(0, read).IndexOf("\r\n\r\n"u8)) < 0)
            read += await ReceiveAsync(socket, buffer.AsMemory(read));
        var good = buffer.AsSpan(0, read).StartsWith("HTTP/1.1 2"u8);
        if (IsChunked(buffer.AsSpan(0, head)))
        {
            // The answers that come in chunks are small: they fit the buffer.
            while (!buffer.AsSpan(head, read - head).EndsWith("\r\n0\r\n\r\n"u8))
                read += await ReceiveAsync(socket, buffer.AsMemory(read));
            return good;
        }
        var left = BodyLength(buffer.AsSpan(0, head)) - (read - head - 4);
        while (left > 0) left -= await ReceiveAsync(socket, buffer);
        return good;
    }

    private static bool IsChunked(ReadOnlySpan<byte> head) => head.IndexOf("Transfer-Encoding: chunked"u8) >= 0;

    private static async ValueTask<int> ReceiveAsync(Socket socket, Memory<byte> buffer)
    {
        var count = await socket.ReceiveAsync(buffer);
        return count > 0 ? count : throw new IOException("The server closed the connection.");
    }

    private static int BodyLength(ReadOnlySpan<byte> head)
    {
        var start = head.IndexOf("Content-Length: "u8);
        if (start < 0) throw new IOException("The answer has no length.");
        var digits = head[(start + "Content-Length: ".Length)..];
        var end = digits.IndexOf((byte)'\r');
        return int.Parse(end < 0 ? digits : digits[..end], NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
