using System.Net.ServerSentEvents;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace Heat.Api;

/// <summary>
/// Server-sent events as the result of a handler, with a comment now and then while nothing happens: proxies and
/// browsers take a connection on which nothing comes for a dead one.
/// </summary>
/// <param name="events">The events as they are sent; the stream ends with them.</param>
/// <param name="clock">When a comment is due.</param>
internal sealed class EventStream(IAsyncEnumerable<ReadOnlyMemory<byte>> events, TimeProvider clock)
    : IResult, IEndpointMetadataProvider
{
    /// <summary>The same of events that are one listener's own.</summary>
    public EventStream(IAsyncEnumerable<SseItem<string>> events, TimeProvider clock)
        : this(WrittenAsync(events), clock) { }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => builder.Metadata.Add(
        new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(string), ["text/event-stream"]));

    /// <summary>How often; what waits for data gives up after a minute at the earliest.</summary>
    public static readonly TimeSpan KeepAliveEvery = TimeSpan.FromSeconds(15);

    private static readonly ReadOnlyMemory<byte> Comment = ": keep-alive\n\n"u8.ToArray();

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache,no-store";
        response.Headers.ContentEncoding = "identity";
        if (httpContext.IsHead()) return;
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var timer = new PeriodicTimer(KeepAliveEvery, clock);
        await using var coming = events.GetAsyncEnumerator(httpContext.RequestAborted);
        // The one that ends the stream is the next event alone: it can't be left while it is waited for.
        var (next, tick) = (coming.MoveNextAsync().AsTask(), timer.WaitForNextTickAsync().AsTask());
        while (true)
        {
            if (await Task.WhenAny(next, tick) == tick)
            {
                await response.Body.WriteAsync(Comment, CancellationToken.None);
                await response.Body.FlushAsync(CancellationToken.None);
                tick = timer.WaitForNextTickAsync().AsTask();
                continue;
            }
            if (!await next) return;
            await response.Body.WriteAsync(coming.Current, httpContext.RequestAborted);
            await response.Body.FlushAsync(httpContext.RequestAborted);
            next = coming.MoveNextAsync().AsTask();
        }
    }

    /// <summary>An event as it is sent, for all who hear the same.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>> WriteAsync(SseItem<string> item)
    {
        using var written = new MemoryStream();
        await SseFormatter.WriteAsync(Only(item), written);
        return written.ToArray();
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> WrittenAsync(
        IAsyncEnumerable<SseItem<string>> events, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var item in events.WithCancellation(cancellation)) yield return await WriteAsync(item);
    }

    private static async IAsyncEnumerable<SseItem<string>> Only(SseItem<string> item)
    {
        await Task.CompletedTask;
        yield return item;
    }
}
