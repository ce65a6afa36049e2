using System.Reflection;
using HeatUp;
using HeatUp.Channels;
using Microsoft.AspNetCore.Http.HttpResults;

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
            .WithSummary("The service's name, status and version; a browser is sent to the dashboard")
            .ProducesProblems(401)
            .AllowAnonymous();
        api.MapGet("/health", HealthAsync).WithName("health")
            .WithSummary("Whether the service and what it depends on work")
            .ProducesProblems(401);
        api.MapGet("/channels", Channels).WithName("channels")
            .WithSummary("The pool: the channels that plans may use")
            .ProducesProblems(401);
    }

    /// <summary>Whether somebody who looks at pages asks; at the root they are sent to one.</summary>
    private static bool IsBrowser(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    /// <summary>Open, because a browser is only led on; a program is answered like everywhere.</summary>
    private static Results<RedirectHttpResult, Answer<ServiceAnswer>, ProblemResult> Root(
        HttpContext http, TokenCheck check) =>
        IsBrowser(http.Request) ? TypedResults.Redirect("/ui")
            : check.IsNeeded && http.User.Identity?.IsAuthenticated is not true ? Problems.Token()
            : new Answer<ServiceAnswer>(new("Heat Up", "running", Version));

    private static Answer<ChannelsAnswer> Channels(ChannelPoolFile pool) => new(ChannelsAnswer.Of(pool));

    private static async Task<HealthResult> HealthAsync(Health asked, CancellationToken cancellation) =>
        new(await asked.AskAsync(cancellation));
}
