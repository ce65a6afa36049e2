using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using HeatUp.TdLib;
using HeatUp.TdLib.Api;
using HeatUp.TdLibChild;
using HeatUp.Tests.TdLib;

namespace HeatUp.Tests.Loopback;

/// <summary>A client of TDLib's JSON, wherever it is: what it is asked, and all that it says meanwhile.</summary>
internal sealed class TdTalker : IAsyncDisposable
{
    private readonly Channel<JsonElement> said = System.Threading.Channels.Channel.CreateUnbounded<JsonElement>();
    private readonly Action<ReadOnlyMemory<byte>> send;
    private readonly Process? process;
    private readonly Task ended = Task.CompletedTask;
    private long number;

    /// <summary>A stand-in, in this process.</summary>
    public TdTalker(ITdJson json)
    {
        var client = json.CreateClient(Hear);
        send = request => json.Send(client, request);
    }

    /// <summary>The native library, in a process of its own.</summary>
    public TdTalker(LoopbackTelegram telegram)
    {
        var start = new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "HeatUp.TdLibChild.dll"), RawTdJson.Word, OwnKey.Library])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        process = Process.Start(telegram.Reached(start))!;
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { } text) Hear(Encoding.UTF8.GetBytes(text));
        };
        process.BeginOutputReadLine();
        ended = EndAsync(process);
        send = request =>
        {
            process.StandardInput.WriteLine(Encoding.UTF8.GetString(request.Span));
            process.StandardInput.Flush();
        };
    }

    /// <summary>Where the login stood when it was told last; null before.</summary>
    public JsonElement? State { get; private set; }

    /// <summary>Asks; answers all that was said until the answer, which is the last.</summary>
    public async Task<IReadOnlyList<JsonElement>> AskAsync(TdRequest request)
    {
        send(request.ToJson(++number));
        var all = new List<JsonElement>();
        using var giveUp = new CancellationTokenSource(RealTdLib.Deadline);
        await foreach (var one in said.Reader.ReadAllAsync(giveUp.Token))
        {
            all.Add(one);
            Note(one);
            if (one.TryGetProperty("@extra", out var extra) && extra.ToString() == $"{number}") break;
        }
        return all;
    }

    /// <summary>
    /// Waits until the login stands so, such as at <c>authorizationStateReady</c>; answers all that was said meanwhile.
    /// </summary>
    public async Task<IReadOnlyList<JsonElement>> UntilAsync(string awaited)
    {
        var all = new List<JsonElement>();
        while (State?.GetProperty("@type").GetString() != awaited) all.Add(await NextAsync());
        return all;
    }

    /// <summary>Waits for an update; answers all that was said until it came.</summary>
    public async Task<IReadOnlyList<JsonElement>> HearAsync(string update)
    {
        var all = new List<JsonElement>();
        do all.Add(await NextAsync());
        while (all[^1].GetProperty("@type").GetString() != update);
        return all;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is null) return;
        process.StandardInput.Close();
        await ended;
        process.Dispose();
    }

    /// <summary>TDLib ends its whole process on an answer that its authors hold impossible: whoever waits is told.</summary>
    private async Task EndAsync(Process child)
    {
        await child.WaitForExitAsync(CancellationToken.None);
        said.Writer.TryComplete(
            new InvalidOperationException($"TDLib has ended its process, with exit code {child.ExitCode}."));
    }

    private async Task<JsonElement> NextAsync()
    {
        using var giveUp = new CancellationTokenSource(RealTdLib.Deadline);
        var one = await said.Reader.ReadAsync(giveUp.Token);
        Note(one);
        return one;
    }

    private void Note(JsonElement one)
    {
        if (one.TryGetProperty("authorization_state", out var now)) State = now;
    }

    private void Hear(ReadOnlyMemory<byte> received) => said.Writer.TryWrite(JsonElement.Parse(received.Span));
}
