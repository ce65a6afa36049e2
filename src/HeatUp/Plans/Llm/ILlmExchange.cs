using HeatUp.Channels;
using Microsoft.Extensions.AI;

namespace HeatUp.Plans.Llm;

/// <summary>
/// Answers a language model's prompts: the server itself, or who remembers what it answered. Thread-safe. Whoever is
/// given one disposes of it.
/// </summary>
internal interface ILlmExchange : IDisposable
{
    /// <summary>What the model answers. What goes wrong with the model or its server is an answer too.</summary>
    /// <param name="messages">The conversation so far, the system's message first.</param>
    /// <param name="chance">Where the jitter of waits comes from; the answer doesn't depend on it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    ValueTask<LlmAnswer> AskAsync(
        IReadOnlyList<ChatMessage> messages, Seed chance, CancellationToken cancellation);
}

/// <summary>What came of an exchange, repetitions included: one of both.</summary>
internal readonly record struct LlmAnswer(LlmReply? Reply, LlmFailure? Failure)
{
    /// <summary>What the attempts before the last probably cost.</summary>
    public TokenUsage Wasted { get; init; }
}

/// <summary>What a model said.</summary>
/// <param name="Text">All of its text, or of its refusal; empty if it said nothing.</param>
/// <param name="End">How the reply ended.</param>
/// <param name="Tokens">What the server says it took; zero if it doesn't say.</param>
internal sealed record LlmReply(string Text, ReplyEnd End, TokenUsage Tokens)
{
    /// <summary>The part of a chat completion that planning is about.</summary>
    public static LlmReply Of(ChatResponse response) => new(
        response.Text is "" ? RefusalsIn(response).FirstOrDefault()?.Message ?? "" : response.Text,
        EndOf(response), TokensOf(response));

    /// <summary>Why no plan can be hoped for, nor from a repair; null if one can.</summary>
    public LlmFailure? Failure => End switch
    {
        ReplyEnd.CutOff => new(FallbackCode.CutOff, "The model's reply reached its limit of tokens before its end."),
        ReplyEnd.Declined when ForeignText.Clean(Text, RefusalMax) is { Length: > 0 } words =>
            new(FallbackCode.Declined, $"The model declined to plan: {words}"),
        ReplyEnd.Declined => new(FallbackCode.Declined, "The model declined to plan."),
        _ => null,
    };

    /// <summary>The most of a refusal that is shown, in characters.</summary>
    public const int RefusalMax = 200;

    private static ReplyEnd EndOf(ChatResponse response)
    {
        if (response.FinishReason == ChatFinishReason.Length) return ReplyEnd.CutOff;
        var declined = response.FinishReason == ChatFinishReason.ContentFilter
            || RefusalsIn(response).Any();
        return declined ? ReplyEnd.Declined : ReplyEnd.Whole;
    }

    private static IEnumerable<ErrorContent> RefusalsIn(ChatResponse response) =>
        response.Messages.SelectMany(message => message.Contents.OfType<ErrorContent>());

    private static TokenUsage TokensOf(ChatResponse response) => response.Usage is { } usage
        ? new(usage.InputTokenCount ?? 0, usage.OutputTokenCount ?? 0, usage.CachedInputTokenCount ?? 0)
        : default;
}

/// <summary>How a reply ended.</summary>
internal enum ReplyEnd
{
    /// <summary>The model had said all.</summary>
    Whole,

    /// <summary>It reached its limit of tokens.</summary>
    CutOff,

    /// <summary>The model, or a filter, declined.</summary>
    Declined,
}
