using System.Buffers;
using System.Reflection;
using HeatUp.Sessions;
using Microsoft.AspNetCore.Http.Metadata;

namespace Heat.Api;

/// <summary>
/// A session's history, written into a rented buffer before anything is sent, so that a failure can still be told.
/// </summary>
internal sealed class HistoryResult : IBufferWriter<byte>, IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => builder.Metadata.Add(
        new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(SessionHistory), ["application/json"]));

    private const int FirstSize = 8 * 1024;

    private byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
    private int written;

    public void Advance(int count) => written += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return buffer.AsMemory(written);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return buffer.AsSpan(written);
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        httpContext.Response.ContentLength = written;
        await httpContext.Response.BodyWriter.WriteAsync(buffer.AsMemory(0, written), httpContext.RequestAborted);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }

    private void Reserve(int sizeHint)
    {
        var needed = written + Math.Max(sizeHint, 1);
        if (needed <= buffer.Length) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, 2 * buffer.Length));
        buffer.AsSpan(0, written).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
