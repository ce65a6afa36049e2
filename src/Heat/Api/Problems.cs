using System.Diagnostics;
using Heat.Configuration;
using HeatUp;
using HeatUp.Sessions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Metadata;

namespace Heat.Api;

/// <summary>A problem (RFC 9457).</summary>
/// <param name="Type">The kind of problem; stable, for programs.</param>
/// <param name="Title">The kind of problem, for people.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong with this request, and what to do.</param>
/// <param name="RunId">The run that is in the way; absent if none is.</param>
internal sealed record ProblemAnswer(string Type, string Title, int Status, string Detail, string? RunId = null);

/// <summary>Every error that the API answers. A type, once published, stays.</summary>
internal static partial class Problems
{
    private const string SeeDocs = "See /docs for what there is.";

    /// <summary>How long a client that met a full house should wait.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    public static ProblemResult SessionId(string detail) =>
        new("invalid-session-id", "The session id is not valid.", StatusCodes.Status400BadRequest, detail);

    public static ProblemResult Days(string? given) =>
        new("invalid-days", "The number of days is not valid.", StatusCodes.Status400BadRequest,
            $"days is a whole number from {Api.Days.Min} to {Api.Days.Max}; this one is '{Shown(given)}'.");

    public static ProblemResult Count(string? given) =>
        new("invalid-count", "The number of recommendations is not valid.", StatusCodes.Status400BadRequest,
            $"count is a whole number from 1 to {Recommending.CountMax}; this one is '{Shown(given)}'.");

    public static ProblemResult Zone(string? given) =>
        new("invalid-zone", "The time zone is not valid.", StatusCodes.Status400BadRequest,
            $"zone is UTC, UTC+3 or a name of the IANA list such as Europe/Berlin; this one is '{Shown(given)}'.");

    public static ProblemResult Channel(string? given) =>
        new("invalid-channel", "The channel's name is not valid.", StatusCodes.Status400BadRequest,
            $"'{Shown(given)}' is not a channel's name, such as @durov.");

    public static ProblemResult Table(string? given) =>
        new("invalid-table", "There is no such table.", StatusCodes.Status400BadRequest,
            $"table is one of {string.Join(", ", AnalyticsTables.Names)}; this one is '{Shown(given)}'.");

    public static ProblemResult Format(string? given) =>
        new("invalid-format", "There is no such format.", StatusCodes.Status400BadRequest,
            $"format is json or csv; this one is '{Shown(given)}'.");

    public static ProblemResult Body(string detail) =>
        new("invalid-body", "The body is not valid.", StatusCodes.Status400BadRequest, detail);

    public static ProblemResult UnknownField(string name) =>
        Body($"There is no field '{Shown(name)}'; this request takes none.");

    public static ProblemResult BodyTooLarge(long limit) =>
        new("body-too-large", "The body is too large.", StatusCodes.Status413PayloadTooLarge,
            $"A body is at most {limit} bytes{(limit == BodyLimit.Bytes ? "; this request needs none" : "")}.");

    public static ProblemResult Token() =>
        new("unauthorized", "The token is missing or wrong.", StatusCodes.Status401Unauthorized,
            "Send the service's API_TOKEN as 'Authorization: Bearer TOKEN'.", ("WWW-Authenticate", "Bearer"));

    public static ProblemResult ReadOnly() =>
        new("read-only", "This token may only look.", StatusCodes.Status403Forbidden,
            "API_TOKEN_READ changes nothing. Send API_TOKEN, or sign out and sign in with it.");

    public static ProblemResult CrossSite() =>
        new("cross-site", "The request comes from another site's page.", StatusCodes.Status403Forbidden,
            "Pages of other sites may not act on this service. Call it from a program or from its own pages.");

    public static ProblemResult WrongHost(string? given) =>
        new("wrong-host", "The request is for another host.", StatusCodes.Status421MisdirectedRequest,
            "Without an API_TOKEN this service answers to localhost, 127.0.0.1 and [::1] only, "
            + $"not to '{Shown(given)}'. A proxy before it must send one of these as Host; or set API_TOKEN.");

    public static ProblemResult RunNotFound(string? run) =>
        new("run-not-found", "There is no such run.", StatusCodes.Status404NotFound,
            $"No run is named '{Shown(run)}'. Its session may have been forgotten, "
            + "or it is older than the history that is kept.");

    public static ProblemResult SessionNotFound(SessionId session) =>
        new("session-not-found", "Nothing is remembered of the session.", StatusCodes.Status404NotFound,
            $"There is no history, run or membership of '{session}'.");

    public static ProblemResult AccountNotFound(string detail) =>
        new("account-not-found", "The session is no account of this installation.", StatusCodes.Status404NotFound,
            detail);

    public static ProblemResult AlreadyRunning(SessionId session, RunId running) =>
        new("sitting-already-running", "The session has a sitting already.", StatusCodes.Status409Conflict,
            $"Run {running} of '{session}' goes on. Wait for its end, watch it at /warmups/{running}, "
            + "or cancel it with DELETE.")
        { RunId = running };

    public static ProblemResult BeingPlanned(SessionId session, RunId planned) =>
        new("sitting-already-running", "The session has a sitting already.", StatusCodes.Status409Conflict,
            $"A sitting of '{session}' is being planned. It will be run {planned}; ask for it in a moment.",
            ("Retry-After", "1"))
        { RunId = planned };

    public static ProblemResult RunEnded(RunId run, string status) =>
        new("run-already-ended", "The run is over.", StatusCodes.Status409Conflict,
            $"Run {run} ended as {status}; there is nothing to cancel.");

    public static ProblemResult RunElsewhere(RunId run) =>
        new("run-in-another-process", "The run belongs to another process.", StatusCodes.Status409Conflict,
            $"Run {run} goes on in another process on this database. Stop it there.");

    public static ProblemResult ValidationRuns() =>
        new("validation-already-running", "A check of the channels goes on already.", StatusCodes.Status409Conflict,
            "Watch it at /channels/validation, unless another process on this channels file does it. "
            + "Try again when it is over.");

    public static ProblemResult SimulationNotFound(string? name) =>
        new("simulation-not-found", "There is no such simulation.", StatusCodes.Status404NotFound,
            $"No folder below {SettingsRules.SimulationsName} is the run '{Shown(name)}'. Events come only from the "
            + "simulation that runs, or ran last, on the node that is asked.");

    public static ProblemResult SimulationRuns(string name) =>
        new("simulation-already-running", "A simulation goes on already.", StatusCodes.Status409Conflict,
            $"It is '{name}'. Wait for its end, watch it at /simulations/{name}/events, or stop it with DELETE.");

    public static ProblemResult SimulationOver(string name) =>
        new("simulation-over", "The simulation is over.", StatusCodes.Status409Conflict,
            $"There is nothing of '{name}' to stop. See what it came to at /simulations/{name}.");

    public static ProblemResult Scenario(IReadOnlyList<string> problems) =>
        new("invalid-scenario", "The scenario can't be simulated.", StatusCodes.Status400BadRequest,
            string.Join(' ', problems));

    public static ProblemResult RunFolder(string detail) =>
        new("run-folder", "The run's folder can't be used.", StatusCodes.Status409Conflict, detail);

    public static ProblemResult ChannelsFile(string detail) =>
        new("channels-file-failed", "The channels file can't be used.",
            StatusCodes.Status503ServiceUnavailable, detail);

    public static ProblemResult TooMany() =>
        new("too-many-sittings", "As many sittings run as may.", StatusCodes.Status429TooManyRequests,
            "MAX_CONCURRENT_SITTINGS is reached. Try again when some have ended.",
            ("Retry-After", $"{RetryAfter.TotalSeconds}"));

    public static ProblemResult Overtaken(SessionId session) =>
        new("sittings-elsewhere", "Other processes give the session its sittings.", StatusCodes.Status409Conflict,
            $"Each time that a sitting of '{session}' was planned, another process on this database gave it one first. "
            + "Try again in a moment.", ("Retry-After", "1"));

    /// <summary>The rules for real accounts say no: for a known time, or until the owner does something.</summary>
    public static ProblemResult Conduct(string reason, TimeSpan? wait) => wait is { } time
        ? new("conduct", "The rules for real accounts forbid it now.", StatusCodes.Status429TooManyRequests, reason,
            ("Retry-After", $"{Math.Max(1, Math.Ceiling(time.TotalSeconds)):0}"))
        : new("conduct", "The rules for real accounts forbid it.", StatusCodes.Status409Conflict, reason);

    public static ProblemResult Stopping() =>
        new("stopping", "The service is stopping.", StatusCodes.Status503ServiceUnavailable,
            "Try again when it is back.", ("Retry-After", $"{RetryAfter.TotalSeconds}"));

    private static ProblemResult Store(HttpContext http, StoreException failure)
    {
        var log = http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Problems));
        StoreFailed(log, http.Request.Method, failure.Message);
        return StoreFailed(failure.Message);
    }

    public static ProblemResult StoreFailed(string detail) =>
        new("store-failed", "The store failed.", StatusCodes.Status503ServiceUnavailable, detail);

    [LoggerMessage(40, LogLevel.Error, "A {Method} was answered with 503, because the store failed. {Why}")]
    private static partial void StoreFailed(ILogger log, string method, string why);

    public static ProblemResult OfStatus(int status) => status switch
    {
        StatusCodes.Status404NotFound => new("not-found", "There is nothing at this address.", status, SeeDocs),
        StatusCodes.Status405MethodNotAllowed =>
            new("method-not-allowed", "This address does not know this method.", status, SeeDocs),
        StatusCodes.Status413PayloadTooLarge => BodyTooLarge(BodyLimit.Bytes),
        < 500 => new("invalid-request", "The request is not valid.", status, SeeDocs),
        _ => new("fault", "A fault in the service.", status, "The log has more. Nothing that was remembered is lost."),
    };

    /// <summary>An answer that has only a status: as a page where one is wanted, as a problem elsewhere.</summary>
    public static Task AnswerStatus(HttpContext http)
    {
        // HEAD is answered wherever GET is.
        if (http.Response.Headers.Allow.Contains(HttpMethods.Get))
            http.Response.Headers.Append("Allow", HttpMethods.Head);
        var problem = OfStatus(http.Response.StatusCode);
        return (Page.IsWanted(http) ? problem.ToPage() : problem).ExecuteAsync(http);
    }

    /// <summary>What a handler threw, as a problem.</summary>
    public static Task AnswerFailure(HttpContext http) => (http.Features.Get<IExceptionHandlerFeature>()?.Error switch
    {
        StoreException failure => Store(http, failure),
        BadHttpRequestException bad => OfStatus(bad.StatusCode),
        _ => OfStatus(StatusCodes.Status500InternalServerError),
    }).ExecuteAsync(http);

    private static string Shown(string? given) => HeatUp.Channels.ForeignText.Clean(given, 64);
}

/// <summary>A problem as the result of a handler.</summary>
internal sealed class ProblemResult(
    string type, string title, int status, string detail, params (string, string)[] headers)
    : IResult, IStatusCodeHttpResult
{
    /// <summary>The run that is in the way.</summary>
    public RunId? RunId { get; init; }

    public int? StatusCode => status;

    /// <summary>Which kind it is, in its type.</summary>
    public string Kind => type;

    /// <summary>What is answered.</summary>
    public ProblemAnswer Answer => new($"urn:heat-up:problem:{type}", title, status, detail, RunId?.ToString());

    /// <summary>The same for people.</summary>
    public IResult ToPage() =>
        Page.Html(status, title, $"<p>{Page.Text(detail)}</p><p><a href=\"/\">To the start</a></p>");

    public Task ExecuteAsync(HttpContext httpContext)
    {
        CheckDescription(httpContext.GetEndpoint());
        foreach (var (name, value) in headers) httpContext.Response.Headers[name] = value;
        httpContext.Response.StatusCode = status;
        // After a fault nothing is left of what was set before.
        httpContext.Response.Headers.XContentTypeOptions = "nosniff";
        return httpContext.Response.WriteAsJsonAsync(
            Answer, ApiJson.Readable.ProblemAnswer, "application/problem+json", httpContext.RequestAborted);
    }

    /// <summary>A problem that its endpoint's description doesn't name turns every test red that meets it.</summary>
    [Conditional("DEBUG")]
    private void CheckDescription(Endpoint? endpoint)
    {
        var ofHandlers = status is 404 or 409 or 413 or 429 or 503;
        if (ofHandlers && endpoint is RouteEndpoint && !Describes(endpoint)) throw new UnreachableException(
            $"{endpoint.DisplayName} answers {status}, which its description doesn't name.");

        bool Describes(Endpoint described) =>
            described.Metadata.OfType<IProducesResponseTypeMetadata>().Any(answer => answer.StatusCode == status);
    }
}
