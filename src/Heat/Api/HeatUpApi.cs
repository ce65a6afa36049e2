using Heat.Configuration;
using HeatUp.Sessions;
using Microsoft.AspNetCore.Http.Features;

namespace Heat.Api;

/// <summary>The HTTP interface: its table of contents, and what holds for every request.</summary>
internal static class HeatUpApi
{
    public static void MapHeatUp(this WebApplication app)
    {
        // In the order in which the description shows them.
        app.MapWarmups();
        app.MapSessions();
        app.MapService();
        app.MapValidation();
        app.MapSimulations();
        app.MapAnalytics();
        app.MapDescription();
        app.MapSignIn();
    }

    /// <summary>Every error is a problem document, also those that no handler of ours has answered.</summary>
    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = Problems.AnswerFailure,
            // Neither is a fault of the program: of a store, one line is in the log; of a caller, nothing.
            SuppressDiagnosticsCallback = failure => failure.Exception is StoreException or BadHttpRequestException,
        });
        app.UseStatusCodePages(pages => Problems.AnswerStatus(pages.HttpContext));
    }

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

    /// <summary>
    /// A page of another site that a browser shows may not act on the service: neither by a request that changes
    /// something, nor by one that becomes a connection (an upgrade), which no browser asks its page's site about.
    /// </summary>
    public static void UseOwnSiteOnly(this WebApplication app) => app.Use((http, next) =>
    {
        var request = http.Request;
        var isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (isRead && request.Headers.Upgrade.Count == 0 && !IsExtendedConnect(http)) return next(http);
        var origin = request.Headers.Origin.ToString();
        var isOwn = origin.Length == 0
            ? request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none"
            // Its host alone: a proxy before the service may speak TLS.
            : Uri.TryCreate(origin, UriKind.Absolute, out var site) && site.Authority == request.Host.Value;
        return isOwn ? next(http) : Problems.CrossSite().ExecuteAsync(http);
    });

    /// <summary>HEAD is answered wherever GET is: as a GET whose body the server leaves away.</summary>
    public static void UseHead(this WebApplication app) => app.Use((http, next) =>
    {
        if (HttpMethods.IsHead(http.Request.Method))
        {
            http.Request.Method = HttpMethods.Get;
            http.Items[nameof(HttpMethods.Head)] = true;
        }
        return next(http);
    });

    /// <summary>Whether only the head of an answer is wanted.</summary>
    public static bool IsHead(this HttpContext http) => http.Items.ContainsKey(nameof(HttpMethods.Head));

    private static bool IsExtendedConnect(HttpContext http) =>
        http.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect is true;

    /// <summary>Describes the errors that an address may answer.</summary>
    public static RouteHandlerBuilder ProducesProblems(this RouteHandlerBuilder route, params int[] statuses)
    {
        foreach (var status in statuses) route.Produces<ProblemAnswer>(status, "application/problem+json");
        return route;
    }
}
