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
        ["response_format", "json_schema", "json_object", "schema", "structured", "grammar", "unsupported", "not supported"];

    /// <summary>What a call's exception means.</summary>
    public static LlmFailure Of(Exception exception, LlmOptions options, DateTimeOffset now) => exception switch
    {
        ClientResultException { Status: > 0 } refusal => Of(refusal, options, now),
        ClientResultException or HttpRequestException or IOException => new(
            FallbackCode.Unreachable, $"The language model's server can't be reached: {Shown(exception.Message, options)}") { MayPass = true },
        _ => new(FallbackCode.Unreadable, "The language model's server answered with something that is not a chat completion."),
    };

    /// <summary>The reason as a plan's origin holds it: the code, then the sentence.</summary>
    public override string ToString() => $"{Code}: {Detail}";

    private static LlmFailure Of(ClientResultException refusal, LlmOptions options, DateTimeOffset now)
    {
        // Servers put parts of a refused key into their text; so it isn't shown there.
        if (refusal.Status is 401 or 403) return new(
            FallbackCode.KeyRefused, $"The language model's server refuses the API key (HTTP {refusal.Status}).");
        var text = Shown(refusal.Message, options);
        return refusal.Status switch
        {
            429 => new(FallbackCode.Busy, $"The language model's server takes no more requests now (HTTP 429): {text}")
            {
                MayPass = true,
                RetryAfter = RetryAfterOf(refusal, now),
            },
            408 or (>= 500 and not 501) => new(FallbackCode.ServerError, $"The language model's server failed (HTTP {refusal.Status}): {text}")
            {
                MayPass = true,
                RetryAfter = RetryAfterOf(refusal, now),
            },
            _ => new(FallbackCode.Refused, $"The language model's server refuses the request (HTTP {refusal.Status}): {text}")
            {
                RefusesForm = refusal.Status is 400 or 404 or 422 or 501 && IsAboutForm(refusal),
            },
        };
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

/// <summary>Why the built-in planner stood in: the first word of <see cref="PlanOrigin.FallbackReason"/>, before a colon.</summary>
public static class FallbackCode
{
    /// <summary>The model didn't answer in time.</summary>
    public const string Timeout = "llm_timeout";

    /// <summary>The server can't be reached.</summary>
    public const string Unreachable = "llm_unreachable";

    /// <summary>The server refuses the key.</summary>
    public const string KeyRefused = "llm_key_refused";

    /// <summary>The server refuses the request, for example because it doesn't know the model.</summary>
    public const string Refused = "llm_request_refused";

    /// <summary>The server takes no more requests for now.</summary>
    public const string Busy = "llm_busy";

    /// <summary>The server failed.</summary>
    public const string ServerError = "llm_server_error";

    /// <summary>The server's answer is no chat completion.</summary>
    public const string Unreadable = "llm_unreadable_answer";

    /// <summary>The model declines to plan.</summary>
    public const string Declined = "llm_declined";

    /// <summary>The reply reached its limit of tokens before its end.</summary>
    public const string CutOff = "llm_reply_cut_off";

    /// <summary>The plan breaks rules, also after the repair.</summary>
    public const string BadPlan = "llm_bad_plan";

    /// <summary>The day's tokens are spent.</summary>
    public const string BudgetSpent = "llm_budget_spent";
}
