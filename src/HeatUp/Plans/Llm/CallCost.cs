using Microsoft.Extensions.AI;

namespace HeatUp.Plans.Llm;

/// <summary>What a call will probably cost, in tokens: a budget reserves it before the call.</summary>
/// <param name="Input">Of the prompt.</param>
internal readonly record struct CallCost(long Input)
{
    // Cautious: English has about four characters a token, other scripts fewer.
    public const int CharactersPerToken = 3;
    private const int OutputTokensExpected = 500;

    /// <summary>Of the prompt and the reply.</summary>
    public long Whole => Input + OutputTokensExpected;

    /// <summary>The cost of sending these.</summary>
    public static CallCost Of(IReadOnlyList<ChatMessage> messages) =>
        new(messages.Sum(message => (long)message.Text.Length) / CharactersPerToken);

    /// <summary>How many tokens a text probably has.</summary>
    public static long TokensOf(string text) => text.Length / CharactersPerToken;

    /// <summary>Of a call that ended without an answer: it may have been paid for all the same.</summary>
    public TokenUsage Unanswered => new(Input, 0, 0);

    /// <summary>
    /// What counts as spent by an exchange that came to this: the numbers that came, and where none did an estimate.
    /// </summary>
    public TokenUsage SpentOn(LlmAnswer answer) => answer.Wasted
        + (answer.Reply is { } reply ? SpentOn(reply) : answer.Failure is { } failure ? SpentOn(failure) : default);

    /// <summary>The same of an attempt that failed.</summary>
    public TokenUsage SpentOn(LlmFailure failure) =>
        failure.Refusal?.Tokens is { Total: > 0 } said ? said : failure.MayCost ? Unanswered : default;

    private TokenUsage SpentOn(LlmReply reply)
    {
        var (input, output, cached) = reply.Tokens;
        if (input + output == 0) return new(Input, OutputTokensExpected, 0);
        return new(input > 0 ? input : Input, output > 0 ? output : TokensOf(reply.Text), cached);
    }
}
