using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Heat.Api;

/// <summary>What people see in a browser: which requests want a page, how one is made, and what it may load.</summary>
internal static partial class Page
{
    /// <summary>The stylesheet of every page; another version of it has another address.</summary>
    public static string StylePath => PageFiles.Style.Address;

    private static readonly string Policy = PolicyWith();

    /// <summary>Marks the endpoints that answer pages; all others belong to the API.</summary>
    public static object Mark { get; } = new PageMark();

    /// <summary>
    /// Whether a browser wants to see a page. An address of the API is answered as to any program.
    /// </summary>
    public static bool IsWanted(HttpContext http)
    {
        var isRead = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        var accept = http.Request.Headers.Accept.ToString();
        return isRead && accept.Contains("text/html", StringComparison.OrdinalIgnoreCase) && !IsOfApi(http);
    }

    /// <summary>Also below an address of the API, where there is nothing or nothing for this method.</summary>
    private static bool IsOfApi(HttpContext http)
    {
        if (http.GetEndpoint() is RouteEndpoint met) return !IsPage(met);
        var room = http.Request.Path.Value?.Split('/', 3) is [_, var first, ..] ? first : "";
        return http.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Any(known => !IsPage(known) && room.Equals(RoomOf(known), StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsPage(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<PageMark>() is not null;

    private static string? RoomOf(RouteEndpoint endpoint) =>
        endpoint.RoutePattern.PathSegments is [{ Parts: [RoutePatternLiteralPart literal] }, ..]
            ? literal.Content
            : null;

    /// <summary>A page.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="title">Its title.</param>
    /// <param name="content">What it shows, as HTML.</param>
    public static IResult Html(int status, string title, string content) => new HtmlResult(status, $"""
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{Text(title)} – Heat Up</title><link rel="stylesheet" href="{StylePath}">
        <link rel="icon" href="{PageFiles.Icon.Address}"></head>
        <body><main class="alone"><h1>{Text(title)}</h1>
        {content}
        </main></body></html>
        """);

    /// <summary>A page that is made already.</summary>
    public static IResult Of(string html, int status = StatusCodes.Status200OK) => new HtmlResult(status, html);

    /// <summary>Text as HTML shows it, in an attribute too.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A browser takes every answer for what it says it is.</summary>
    public static void UseNoSniffing(this WebApplication app) => app.Use((http, next) =>
    {
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return next(http);
    });

    /// <summary>
    /// For a page that a library makes, with a script in it: that script may run, known by its hash, and it may make
    /// styles.
    /// </summary>
    public static void WithInlineScripts(this IEndpointConventionBuilder endpoints, string page) =>
        endpoints.Add(endpoint =>
        {
            // Its files have addresses of their own.
            if (endpoint is not RouteEndpointBuilder { RoutePattern.Parameters.Count: > 0 }) return;
            var answer = endpoint.RequestDelegate!;
            // The library would make a page of any name.
            endpoint.RequestDelegate = http => http.Request.Path.Value?.TrimEnd('/') == page
                ? AllowScriptsAsync(http, answer)
                : AnswerNothing(http);
        });

    private static Task AnswerNothing(HttpContext http)
    {
        http.SetEndpoint(null);
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    /// <summary>Nothing but what comes from this service and what is named here, and in nobody's frame.</summary>
    private static string PolicyWith(string scripts = "", string styles = "", string images = "") =>
        $"default-src 'none'; script-src 'self'{scripts}; style-src 'self'{styles}; img-src 'self'{images}; "
        + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static async Task AllowScriptsAsync(HttpContext http, RequestDelegate answer)
    {
        var (wire, written) = (http.Response.Body, new MemoryStream());
        http.Response.Body = written;
        try
        {
            await answer(http);
        }
        finally
        {
            http.Response.Body = wire;
        }
        var hashes = Scripts().Matches(Encoding.UTF8.GetString(written.ToArray())).Select(script =>
            $" 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script.Groups[1].Value)))}'");
        Protect(http.Response, PolicyWith(string.Concat(hashes), styles: " 'unsafe-inline'", images: " data:"));
        await wire.WriteAsync(written.ToArray(), http.RequestAborted);
    }

    private static void Protect(HttpResponse page, string policy)
    {
        page.Headers.XContentTypeOptions = "nosniff";
        page.Headers.XFrameOptions = "DENY";
        page.Headers["Referrer-Policy"] = "same-origin";
        page.Headers.ContentSecurityPolicy = policy;
    }

    [GeneratedRegex("<script(?![^>]*\\bsrc=)[^>]*>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Scripts();

    private sealed class PageMark;

    private sealed class HtmlResult(int status, string html) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentType = "text/html; charset=utf-8";
            httpContext.Response.Headers.CacheControl = "private, no-cache";
            Protect(httpContext.Response, Policy);
            return httpContext.Response.WriteAsync(html, httpContext.RequestAborted);
        }
    }
}
