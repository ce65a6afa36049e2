using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using HeatUp.Channels;

namespace HeatUp.Plans;

/// <summary>Why the language model made no plan.</summary>
/// <param name="Code">The reason for programs: one of <see cref="FallbackCode"/>.</param>
/// <param name="Detail">The reason for people: cleaned, short, without the key.</param>
internal sealed record LlmFailure(string Code, string Detail)
{
    /// <summary>Whether the same call may succeed a little later.</summary>
    public bool MayPass { get; init; }

    /// <summary>How long the server wants to be left alone; null if it didn't say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the server refused the form that was asked for, so that a simpler one may do.</summary>
    public bool RefusesForm { get; init; }

    private const int ServerTextLengthMax = 200;

    private static readonly string[] FormWords =
    [
        "response_format", "json_schema", "json_object", "schema", "structured", "grammar",
        "unsupported", "not supported",
    ];

    /// <summary>What a call's exception means.</summary>
    public static LlmFailure Of(Exception exception, LlmOptions options, DateTimeOffset now) => exception switch
    {
        ClientResultException { Status: > 0 } refusal => Of(refusal, options, now),
        ClientResultException or HttpRequestException or IOException =>
            new(FallbackCode.Unreachable, $"The model's server can't be reached: {Shown(exception.Message, options)}")
            {
                MayPass = true,
            },
        _ => new(FallbackCode.Unreadable, "The model's server answered with something that is not a chat completion."),
    };

    /// <summary>The reason as a plan's origin holds it: the code, then the sentence.</summary>
    public override string ToString() => $"{Code}: {Detail}";

    private static LlmFailure Of(ClientResultException refusal, LlmOptions options, DateTimeOffset now)
    {
        var status = refusal.Status;
        // Servers put parts of a refused key into their text; so it isn't shown there.
        if (status is 401 or 403)
            return new(FallbackCode.KeyRefused, $"The model's server refuses the API key (HTTP {status}).");
        var text = Shown(refusal.Message, options);
        return status switch
        {
            429 => Passing(FallbackCode.Busy, $"The model's server takes no more requests now (HTTP 429): {text}"),
            408 or (>= 500 and not 501) =>
                Passing(FallbackCode.ServerError, $"The model's server failed (HTTP {status}): {text}"),
            _ => new(FallbackCode.Refused, $"The model's server refuses the request (HTTP {status}): {text}")
            {
                RefusesForm = status is 400 or 404 or 422 or 501 && IsAboutForm(refusal),
            },
        };

        LlmFailure Passing(string code, string detail) =>
            new(code, detail) { MayPass = true, RetryAfter = RetryAfterOf(refusal, now) };
    }

    private static bool IsAboutForm(ClientResultException refusal)
    {
        var body = refusal.GetRawResponse()?.Content.ToString() ?? "";
        return FormWords.Any(word => body.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    private static TimeSpan? RetryAfterOf(ClientResultException refusal, DateTimeOffset now)
    {
        if (refusal.GetRawResponse()?.Headers.TryGetValue("Retry-After", out var text) != true) return null;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
            return seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? date > now ? date - now : TimeSpan.Zero
            : null;
    }

    private static string Shown(string text, LlmOptions options)
    {
        if (!string.IsNullOrEmpty(options.ApiKey)) text = text.Replace(options.ApiKey, "***", StringComparison.Ordinal);
        return ForeignText.Clean(text, ServerTextLengthMax);
    }
}
