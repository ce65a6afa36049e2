using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using HeatUp.TdLib;

namespace HeatUp.Tests.TdLib;

/// <summary>A client that says what it is told to, as text; events are kept in their order.</summary>
internal sealed class RawClient : IAsyncDisposable
{
    private readonly ConcurrentQueue<JsonElement> events = new();
    private readonly SemaphoreSlim came = new(0);
    private readonly ITdJson json;
    private readonly int id;

    public RawClient(ITdJson json) => (this.json, id) = (json, json.CreateClient(Receive));

    /// <summary>Sends it, and answers the first event from now on that it looks for.</summary>
    public async Task<JsonElement> AskAsync(string request, Func<JsonElement, bool> isAnswer)
    {
        json.Send(id, Encoding.UTF8.GetBytes(request));
        while (true)
        {
            (await came.WaitAsync(RealTdLib.Deadline, TestContext.Current.CancellationToken))
                .ShouldBeTrue($"there is no answer to {request}");
            if (events.TryDequeue(out var received) && isAnswer(received)) return received;
        }
    }

    /// <summary>Sends it, and answers what isn't an update.</summary>
    public Task<JsonElement> AskAsync(string request) =>
        AskAsync(request, answer => !ClassOf(answer).StartsWith("update", StringComparison.Ordinal));

    public static string ClassOf(JsonElement received) => received.GetProperty("@type").GetString()!;

    public async ValueTask DisposeAsync()
    {
        await AskAsync("""{"@type":"close"}""", received => $"{received}".Contains("StateClosed", StringComparison.Ordinal));
        json.Forget(id);
        came.Dispose();
    }

    private void Receive(ReadOnlyMemory<byte> received)
    {
        events.Enqueue(JsonDocument.Parse(received).RootElement);
        came.Release();
    }
}
