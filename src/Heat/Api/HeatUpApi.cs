using System.Security.Cryptography;
using System.Text;
using Heat.Configuration;
using HeatUp.Sessions;

namespace Heat.Api;

/// <summary>The HTTP interface: its table of contents, and what holds for every request.</summary>
internal static class HeatUpApi
{
    public static void MapHeatUp(this WebApplication app)
    {
        app.MapService();
        app.MapWarmups();
        app.MapSessions();
        app.MapValidation();
        app.MapDescription();
    }

    /// <summary>Every error is a problem document, also those that no handler of ours has answered.</summary>
    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = Problems.AnswerFailure,
            // It is no fault of the program: one line in the log, and not a stack.
            SuppressDiagnosticsCallback = failure => failure.Exception is StoreException,
        });
        app.UseStatusCodePages(
            pages => Problems.OfStatus(pages.HttpContext.Response.StatusCode).ExecuteAsync(pages.HttpContext));
    }

    /// <summary>With an API_TOKEN, every request must carry it, but those for the page that asks for it.</summary>
    public static void UseToken(this WebApplication app, string? token)
    {
        if (token is null) return;
        var expected = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        app.Use((http, next) =>
        {
            var given = SHA256.HashData(Encoding.UTF8.GetBytes(TokenIn(http.Request.Headers.Authorization.ToString())));
            return CryptographicOperations.FixedTimeEquals(given, expected) || IsOpen(http)
                ? next(http)
                : Problems.Token().ExecuteAsync(http);
        });
    }

    private static bool IsOpen(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<OpenWithoutToken>() is not null
        || (http.Request.Path == "/" && ServiceApi.IsBrowser(http.Request));

    /// <summary>
    /// Without a token the service listens on this machine only, and every page that a browser shows there could reach
    /// it under a name of its own that leads here (DNS rebinding): whoever asks must know where it asks.
    /// </summary>
    public static void UseOwnHostOnly(this WebApplication app, Settings settings)
    {
        if (settings.ApiToken is not null) return;
        app.Use((http, next) => ListenAddresses.IsOwn(http.Request.Host.Host, settings.Urls)
            ? next(http)
            : Problems.WrongHost(http.Request.Host.Host).ExecuteAsync(http));
    }

    /// <summary>A page of another site that a browser shows on this machine may not act on the service.</summary>
    public static void UseOwnSiteOnly(this WebApplication app) => app.Use((http, next) =>
    {
        var request = http.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) return next(http);
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0 || origin == $"{request.Scheme}://{request.Host}"
            ? next(http)
            : Problems.CrossSite().ExecuteAsync(http);
    });

    /// <summary>The token of a header; empty if there is none. The scheme's case doesn't matter (RFC 9110).</summary>
    private static string TokenIn(string header)
    {
        const string scheme = "Bearer ";
        return header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? header[scheme.Length..].Trim() : "";
    }

    /// <summary>Describes the errors that an address may answer.</summary>
    public static RouteHandlerBuilder ProducesProblems(this RouteHandlerBuilder route, params int[] statuses)
    {
        foreach (var status in statuses) route.Produces<ProblemAnswer>(status, "application/problem+json");
        return route;
    }

    /// <summary>Adds where the thing is that was made.</summary>
    public static IResult WithLocation(this IResult result, string location) => new LocatedResult(result, location);

    private sealed class LocatedResult(IResult result, string location) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.Location = location;
            return result.ExecuteAsync(httpContext);
        }
    }
}
