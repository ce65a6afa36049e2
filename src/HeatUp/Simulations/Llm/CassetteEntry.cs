using HeatUp.Plans;
using HeatUp.Plans.Llm;

namespace HeatUp.Simulations;

/// <summary>What was recorded of an exchange, beside what was asked.</summary>
/// <param name="Answer">What came of it.</param>
/// <param name="Spent">The tokens that count as spent.</param>
/// <param name="RefusedAt">The run's bound of tokens if that is why no call was made; else null.</param>
internal readonly record struct CassetteEntry(LlmAnswer Answer, long Spent, long? RefusedAt);

/// <summary>A sitting whose plan needs an exchange.</summary>
/// <param name="Session">Whose sitting.</param>
/// <param name="Sitting">Its number.</param>
/// <param name="At">When in virtual time.</param>
internal readonly record struct CassetteAsker(SessionId Session, int Sitting, DateTimeOffset At);

/// <summary>What a cassette's calls come to.</summary>
/// <param name="Calls">Exchanges for which the model's server was asked.</param>
/// <param name="Failures">Those of them that failed, after all repetitions.</param>
/// <param name="Refusals">Exchanges that the run's bound of tokens refused.</param>
/// <param name="Spent">What counts against that bound.</param>
/// <param name="Tokens">What the replies took, as the server says.</param>
internal readonly record struct CassetteTotals(
    long Calls, long Failures, long Refusals, long Spent, TokenUsage Tokens);
