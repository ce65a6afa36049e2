using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Metadata;

namespace Heat.Api;

/// <summary>An answer as JSON. An endpoint's description is read off its handler's types, so that it can't differ.
/// </summary>
/// <param name="value">What is answered.</param>
internal class Answer<T>(T value) : IResult, IEndpointMetadataProvider, IStatusCodeHttpResult
{
    private static readonly JsonTypeInfo<T> Json = (JsonTypeInfo<T>)ApiJson.Readable.GetTypeInfo(typeof(T))!;

    /// <summary>Where the thing is that was made; null if nothing was.</summary>
    public string? Location { get; init; }

    public virtual int? StatusCode => StatusCodes.Status200OK;

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(OfStatus(StatusCodes.Status200OK));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCode!.Value;
        if (Location is { } location) httpContext.Response.Headers.Location = location;
        return httpContext.Response.WriteAsJsonAsync(value, Json, null, httpContext.RequestAborted);
    }

    protected static ProducesResponseTypeMetadata OfStatus(int status) => new(status, typeof(T), ["application/json"]);
}

/// <summary>An answer to what goes on in the background.</summary>
internal sealed class Begun<T>(T value) : Answer<T>(value), IEndpointMetadataProvider
{
    public override int? StatusCode => StatusCodes.Status202Accepted;

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(OfStatus(StatusCodes.Status202Accepted));
}

/// <summary>How well everything works: with an error's status if it doesn't, so that load balancers see it.</summary>
internal sealed class HealthResult(HealthAnswer health) : Answer<HealthAnswer>(health), IEndpointMetadataProvider
{
    private readonly bool isDown = health.Status == HealthWord.Down;

    public override int? StatusCode => isDown ? StatusCodes.Status503ServiceUnavailable : base.StatusCode;

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(OfStatus(StatusCodes.Status200OK));
        builder.Metadata.Add(OfStatus(StatusCodes.Status503ServiceUnavailable));
    }
}
