using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace HeatUp.Plans.Llm;

/// <summary>Why the language model made no plan.</summary>
/// <param name="Code">The reason for programs: one of <see cref="FallbackCode"/>.</param>
/// <param name="Detail">The reason for people: cleaned, short, without the key.</param>
internal sealed partial record LlmFailure(string Code, string Detail)
{
    private const int WordsLengthMax = 200;

    /// <summary>Whether the same call may succeed a little later.</summary>
    public bool MayPass { get; init; }

    /// <summary>How long the server wants to be left alone; null if it didn't say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// Whether it is about the server and not about what was asked of it, so that other calls fail the same way.
    /// </summary>
    public bool IsOfServer { get; init; }

    /// <summary>Whether it may have to be paid for although nobody says how much.</summary>
    public bool MayCost { get; init; }

    /// <summary>The server's answer, for who looks for what to do without; null if there was none.</summary>
    public ChatRefusal? Refusal { get; init; }

    /// <summary>What a call's exception means.</summary>
    public static LlmFailure Of(Exception exception, LlmOptions options, DateTimeOffset now) => exception switch
    {
        ChatRefusal refusal => Of(refusal, options, now) with { Refusal = refusal },
        // A server that ends while HttpClient connects shows as a bare socket's error.
        HttpRequestException or SocketException or IOException =>
            new(FallbackCode.Unreachable, $"The model's server can't be reached: {Shown(exception.Message, options)}")
            {
                MayPass = true,
                IsOfServer = true,
                // An answer had begun.
                MayCost = exception is IOException,
            },
        ChatUnreadable unreadable => new(FallbackCode.Unreadable, Sentence(
            "The model's server answered with something that is not a chat completion",
            Shown(unreadable.Message, options)) + VersionHint(options.BaseUrl))
        {
            IsOfServer = true, MayCost = true,
        },
        _ => new(FallbackCode.Unreadable, "The model's server answered with something that is not a chat completion.")
        {
            IsOfServer = true, MayCost = true,
        },
    };

    /// <summary>The reason as a plan's origin holds it: the code, then the sentence.</summary>
    public override string ToString() => $"{Code}: {Detail}";

    private static LlmFailure Of(ChatRefusal refusal, LlmOptions options, DateTimeOffset now)
    {
        var (status, words) = (refusal.Status, Shown(refusal.Message, options));
        var how = status == 0 ? "in an answer of success"
            : refusal.CameAsSuccess ? $"error {status} in an answer of success"
            : $"HTTP {status}";
        return status switch
        {
            401 => OfServer(FallbackCode.KeyRefused, Said("refuses the API key")),
            400 or 403 when Filtered().IsMatch(refusal.Body) =>
                new(FallbackCode.Declined, Said("declines for its content filter's sake")),
            // Also countries, models and networks are forbidden.
            403 when AboutKey().IsMatch(refusal.Message) =>
                OfServer(FallbackCode.KeyRefused, Said("refuses the API key")),
            403 => OfServer(FallbackCode.Refused, Said("forbids the request")),
            400 when BadKey().IsMatch(refusal.Message) =>
                OfServer(FallbackCode.KeyRefused, Said("refuses the API key")),
            404 or 405 => OfServer(FallbackCode.Refused, Said("refuses the request") + VersionHint(options.BaseUrl)),
            402 => OfServer(FallbackCode.Refused, Said("refuses the request")),
            429 => Passing(FallbackCode.Busy, Said("takes no more requests now")),
            0 or 408 or (>= 500 and not 501) => Passing(FallbackCode.ServerError, Said("failed")),
            _ => new(FallbackCode.Refused, Said("refuses the request")),
        };

        string Said(string what) => Sentence($"The model's server {what} ({how})", words);

        LlmFailure Passing(string code, string detail) =>
            new(code, detail) { MayPass = true, IsOfServer = true, RetryAfter = RetryWait.Of(refusal, now) };

        static LlmFailure OfServer(string code, string detail) => new(code, detail) { IsOfServer = true };
    }

    /// <summary>What is probably wrong with an address at which nobody knows chat completions.</summary>
    private static string VersionHint(Uri baseUrl) =>
        baseUrl.Segments.Any(segment => Version().IsMatch(segment.TrimEnd('/'))) ? ""
        : " The address has no version; most servers want one, such as "
            + $"{baseUrl.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
                .TrimEnd('/')}/v1";

    private static string Sentence(string sentence, string words) => words.Length == 0 ? $"{sentence}."
        : words[^1] is '.' or '!' or '?' or '…' ? $"{sentence}: {words}"
        : $"{sentence}: {words}.";

    private static string Shown(string text, LlmOptions options) => options.Secrets.Hide(text, WordsLengthMax);

    [GeneratedRegex(
        @"\b(api[ _-]?keys?|keys?|credentials?|unauthori[sz]ed|authenticat\w*|bearer|access token|token is"
        + @"|invalid token)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex AboutKey();

    [GeneratedRegex(
        @"api[ _-]?key.{0,20}(not valid|invalid|expired|incorrect)|(invalid|incorrect|expired) api[ _-]?key",
        RegexOptions.IgnoreCase)]
    private static partial Regex BadKey();

    [GeneratedRegex(
        @"content_?filter|content management policy|inspection_?failed|content_policy|moderation|flagged_input",
        RegexOptions.IgnoreCase)]
    private static partial Regex Filtered();

    [GeneratedRegex(@"^(v\d\w*|openai)$", RegexOptions.IgnoreCase)]
    private static partial Regex Version();
}
