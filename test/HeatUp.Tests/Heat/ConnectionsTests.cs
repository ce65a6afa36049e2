using System.Net.Sockets;
using System.Text;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

/// <summary>Connections: how many there may be, and what comes over one that is no request.</summary>
public sealed class ConnectionsTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private const string Head = "HEAD /health HTTP/1.1\r\nHost: localhost\r\n\r\n";

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task MoreIdleConnectionsThanThereAreDescriptorsEndNothing()
    {
        await using var heat = await HeatProcess.ServeAsync(folder, filesMax: 1024, ("PACE", "0"), ("LOG_LEVEL", "none"));
        using var first = await ConnectAsync(heat.Client.BaseAddress!);
        (await AskAsync(first, Head)).ShouldStartWith("HTTP/1.1 200");
        // At once: a full queue of the kernel's makes each that is refused wait for a second.
        var idle = await Task.WhenAll(Enumerable.Range(0, 1200).Select(_ => ConnectAsync(heat.Client.BaseAddress!)));

        (await AskAsync(first, Head)).ShouldStartWith("HTTP/1.1 200");
        foreach (var socket in idle) socket.Dispose();
        // The server needs a moment to see that they are gone.
        HttpResponseMessage? answer = null;
        while (answer is null)
            try { answer = await heat.Client.PostAsync("/warmup-sync/alice", null, Cancellation); }
            catch (Exception cut) when (cut is HttpRequestException or SocketException) { Cancellation.ThrowIfCancellationRequested(); }

        (await answer.JsonAsync()).Text("status").ShouldBe("completed");
        (await heat.TerminateAsync()).Code.ShouldBe(0);
        answer.Dispose();
    }

    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(319)]
    public async Task WhereTheSystemAllowsTooFewFilesThatIsOneLine(int files)
    {
        var ended = await HeatProcess.RunWithFilesAsync(folder, files, ["serve"]);

        ended.Code.ShouldBe(1);
        ended.Error.Trim().ShouldBe(
            $"error: The system lets the program have {files} files open, and it needs 320. Raise it: ulimit -n 1024");
    }

    [Fact]
    public async Task AServiceWithTheFewestFilesServesTheFewestConnections()
    {
        await using var heat = await HeatProcess.ServeAsync(folder, filesMax: 320, ("PACE", "0"));
        for (var i = 0; i < 5; i++)
            foreach (var path in new[] { "/", "/health", "/channels", "/docs/", "/openapi/v1.json", "/sessions/a/recommendations" })
                (await heat.Client.GetStringAsync(path, Cancellation)).ShouldNotBeEmpty();
        var all = await Task.WhenAll(
            Enumerable.Range(0, 15).Select(n => heat.Client.PostAsync($"/warmup-sync/s{n}", null, Cancellation)));

        all.ShouldAllBe(answer => answer.IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("625", "", false)]
    [InlineData("624", "", true)]
    [InlineData("312", "http://127.0.0.1:9/v1", true)]
    [InlineData("313", "http://127.0.0.1:9/v1", false)]
    public async Task ConnectionsStayBelowTheSystemsLimit(string connections, string llm, bool isTaken)
    {
        (string, string)[] settings = [("MAX_CONNECTIONS", connections), ("LLM_BASE_URL", llm), ("LLM_MODEL", "m")];

        // It reads the settings, and then finds no database.
        var ended = await HeatProcess.RunWithFilesAsync(folder, 1024, ["sessions"], settings);

        if (isTaken) ended.Error.ShouldNotContain("MAX_CONNECTIONS");
        else ended.Error.Trim().ShouldStartWith($"error: MAX_CONNECTIONS={connections}: it can be ");
    }

    [Theory]
    [InlineData("xyz\r\n{}\r\n0\r\n\r\n")]
    [InlineData("-1\r\n{}\r\n0\r\n\r\n")]
    [InlineData("1\r\n{}\r\n0\r\n\r\n")]
    [InlineData("\r\n\r\n")]
    [InlineData("2\n{}\n0\n\n")]
    [InlineData("80000000\r\n{}\r\n0\r\n\r\n")]
    [InlineData("ffffffffffffffff\r\n{}\r\n0\r\n\r\n")]
    [InlineData("fffffffffffffffff\r\n{}\r\n0\r\n\r\n")]
    public async Task ChunksThatAreNoneAreTheCallersFault(string body)
    {
        await using var heat = await HeatProcess.ServeAsync(folder, ("PACE", "0"));
        foreach (var path in new[] { "/warmup/alice", "/warmup-sync/alice", "/channels/validate" })
        {
            using var socket = await ConnectAsync(heat.Client.BaseAddress!);
            var answer = await AskAsync(socket, $"POST {path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n{body}");
            answer.ShouldStartWith("HTTP/1.1 400");
            answer.ShouldContain("urn:heat-up:problem:invalid-body");
        }

        var (_, log) = await heat.TerminateAsync();
        log.ShouldNotContain("fail:");
        log.ShouldNotContain("Exception");
    }

    private static async Task<Socket> ConnectAsync(Uri address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address.Host, address.Port, Cancellation);
        return socket;
    }

    /// <summary>The head of an answer and the beginning of its body.</summary>
    private static async Task<string> AskAsync(Socket socket, string request)
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes(request), Cancellation);
        var (answer, buffer) = (new StringBuilder(), new byte[4096]);
        while (!answer.ToString().Contains("\r\n\r\n", StringComparison.Ordinal) || !answer.ToString().EndsWith('\n'))
        {
            var read = await socket.ReceiveAsync(buffer, Cancellation);
            if (read == 0) break;
            answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        return answer.ToString();
    }
}
