using System.Reflection;
using HeatUp.Channels;
using HeatUp;

namespace Heat.Api;

/// <summary>The service itself: its name, its health, its pool.</summary>
internal static class ServiceApi
{
    public static string Version { get; } =
        typeof(ServiceApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            .Split('+')[0] ?? "0.0.0";

    public static void MapService(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("").WithTags("Service");
        api.MapGet("/", Root).WithName("service")
            .WithSummary("The service's name, status and version; a browser is sent to the page to try it")
            .Produces<ServiceAnswer>()
            .ProducesProblems(401);
        api.MapGet("/health", HealthAsync).WithName("health")
            .WithSummary("Whether the service and what it depends on work")
            .Produces<HealthAnswer>()
            .Produces<HealthAnswer>(StatusCodes.Status503ServiceUnavailable)
            .ProducesProblems(401);
        // Load balancers ask with HEAD.
        api.MapMethods("/health", [HttpMethods.Head], HealthAsync).ExcludeFromDescription();
        api.MapGet("/channels", Channels).WithName("channels")
            .WithSummary("The pool: the channels that plans may use")
            .Produces<ChannelsAnswer>()
            .ProducesProblems(401);
    }

    /// <summary>Whether somebody who looks at pages asks; at the root they are sent to one.</summary>
    public static bool IsBrowser(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    private static IResult Root(HttpRequest request) =>
        IsBrowser(request)
            ? Results.Redirect("/docs")
            : Results.Json(new ServiceAnswer("Heat Up", "running", Version), ApiJson.Readable.ServiceAnswer);

    private static IResult Channels(ChannelPoolFile pool) =>
        Results.Json(ChannelsAnswer.Of(pool), ApiJson.Readable.ChannelsAnswer);

    private static async Task<IResult> HealthAsync(Health asked, CancellationToken cancellation)
    {
        var health = await asked.AskAsync(cancellation);
        return Results.Json(
            health,
            ApiJson.Readable.HealthAnswer,
            statusCode: health.Status == HealthWord.Down
                ? StatusCodes.Status503ServiceUnavailable
                : StatusCodes.Status200OK);
    }
}
