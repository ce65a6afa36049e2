using HeatUp.Channels;

namespace Heat.Api;

/// <summary>
/// A log of its own of whatever somebody had changed: who, what, and what came of it. What was refused is not in it.
/// </summary>
internal static partial class ActLog
{
    /// <summary>Its category: what it writes can be kept apart by it.</summary>
    public const string Category = "Heat.Acts";

    private const int TextMax = 200;

    public static void UseActLog(this WebApplication app)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(Category);
        app.Use(async (http, next) =>
        {
            await next(http);
            if (HttpMethods.IsGet(http.Request.Method) || http.Response.StatusCode >= 400) return;
            Acted(log, $"{http.Connection.RemoteIpAddress}", http.User.Identity?.AuthenticationType ?? "nobody",
                http.Request.Method, Clean($"{http.Request.Path} {http.Items[Category]}".TrimEnd()),
                http.Response.StatusCode, Clean(http.Response.Headers.Location.ToString()));
        });
    }

    /// <summary>Says what a request is about whose address doesn't.</summary>
    public static void Name(HttpContext http, string about) => http.Items[Category] = about;

    // Somebody else wrote it: it stays on its line.
    private static string Clean(string text) => ForeignText.Clean(text, TextMax);

    [LoggerMessage(60, LogLevel.Information, "{From} by {Door}: {Method} {What} ({Status}) {Led}")]
    private static partial void Acted(
        ILogger log, string from, string door, string method, string what, int status, string led);
}
