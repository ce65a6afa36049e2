using HeatUp.Plans;
using HeatUp.Plans.Llm;
using Microsoft.Extensions.AI;

namespace HeatUp.Simulations;

/// <summary>What was recorded of an exchange, beside what was asked.</summary>
/// <param name="Answer">What came of it.</param>
/// <param name="Spent">The tokens that count as spent.</param>
/// <param name="RefusedAt">The run's bound of tokens if that is why no call was made; else null.</param>
internal readonly record struct CassetteEntry(LlmAnswer Answer, long Spent, long? RefusedAt)
{
    /// <summary>Whether the model's server was asked.</summary>
    public bool IsCall => RefusedAt is null;
}

/// <summary>An exchange in full: what was asked and what was answered.</summary>
internal sealed record CassetteExchange(
    CassetteKey Key, IReadOnlyList<ChatMessage> Messages, CassetteEntry Entry);

/// <summary>What a cassette's calls come to.</summary>
/// <param name="Calls">Exchanges for which the model's server was asked.</param>
/// <param name="Failures">Those of them that failed, after all repetitions.</param>
/// <param name="Refusals">Exchanges that the run's bound of tokens refused.</param>
/// <param name="Spent">What counts against that bound.</param>
/// <param name="Tokens">What the replies took, as the server says.</param>
internal readonly record struct CassetteTotals(
    long Calls, long Failures, long Refusals, long Spent, TokenUsage Tokens)
{
    /// <summary>With one entry more.</summary>
    public CassetteTotals With(in CassetteEntry entry) => new(
        Calls + (entry.IsCall ? 1 : 0),
        Failures + (entry.IsCall && entry.Answer.Failure is not null ? 1 : 0),
        Refusals + (entry.IsCall ? 0 : 1),
        Spent + entry.Spent,
        Tokens + (entry.Answer.Reply?.Tokens ?? default));
}
