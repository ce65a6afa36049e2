using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace HeatUp.Testing;

/// <summary>
/// A language model's server on loopback: speaks OpenAI's chat completions, answers what a test tells it to, and else
/// with a good plan made from the pool in the prompt.
/// </summary>
public sealed class StubLlm : IAsyncDisposable
{
    private readonly ConcurrentQueue<StubRequest> requests = new();
    private readonly ConcurrentQueue<Func<StubRequest, Task<StubReply>>> script = new();
    private readonly StubPlans plans = new();
    private long requestCount;

    private StubServer server = null!;

    private StubLlm()
    {
    }

    /// <summary>What <c>LLM_BASE_URL</c> is set to.</summary>
    public Uri BaseUrl { get; private set; } = null!;

    /// <summary>Whether requests are kept for a test to look at. Off, only their number is.</summary>
    public bool Records { get; set; } = true;

    /// <summary>The requests so far, the oldest first.</summary>
    public IReadOnlyCollection<StubRequest> Requests => requests;

    /// <summary>How many requests came.</summary>
    public long RequestCount => Interlocked.Read(ref requestCount);

    /// <summary>What is answered once the script is at its end; by default a good plan.</summary>
    public Func<StubRequest, Task<StubReply>>? Otherwise { get; set; }

    /// <summary>Starts a server on a free port, and at a Unix socket if one is named.</summary>
    public static async Task<StubLlm> StartAsync(string? socket = null)
    {
        var stub = new StubLlm();
        stub.server = await StubServer.StartAsync(stub.AnswerAsync, socket);
        stub.BaseUrl = new Uri($"{stub.server.Address}/v1");
        return stub;
    }

    /// <summary>Answers the next requests with these, one each.</summary>
    public StubLlm Then(params IEnumerable<StubReply> replies)
    {
        foreach (var reply in replies) script.Enqueue(_ => Task.FromResult(reply));
        return this;
    }

    /// <summary>Answers the next request with this, when it is there.</summary>
    public StubLlm Then(Func<StubRequest, Task<StubReply>> reply)
    {
        script.Enqueue(reply);
        return this;
    }

    /// <summary>A good answer to a request: a plan from the pool in its prompt.</summary>
    public StubReply GoodPlan(StubRequest request) => StubReply.Says(plans.For(request));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var isChat = http.Request.Path.Value?.EndsWith("/chat/completions", StringComparison.Ordinal) == true;
        if (!isChat || !HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var request = await StubRequest.ReadAsync(http.Request);
        Interlocked.Increment(ref requestCount);
        if (Records) requests.Enqueue(request);
        var reply = script.TryDequeue(out var next) ? await next(request).WaitAsync(http.RequestAborted)
            : Otherwise is not null ? await Otherwise(request).WaitAsync(http.RequestAborted)
            : GoodPlan(request);
        await reply.WriteAsync(http.Response);
    }
}
