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

    /// <summary>What counts as spent by a call that was answered with this.</summary>
    public long SpentOn(LlmAnswer answer)
    {
        if (answer.Reply is { } reply) return reply.Tokens.Total > 0 ? reply.Tokens.Total : Whole;
        // What ends without an answer may have been paid for all the same.
        return answer.Failure?.Code == FallbackCode.Timeout ? Input : 0;
    }
}
