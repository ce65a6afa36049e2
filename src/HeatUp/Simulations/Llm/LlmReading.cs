using HeatUp.Plans;

namespace HeatUp.Simulations;

/// <summary>
/// What a population's language model was asked and what that cost, at one moment: of the whole run, its earlier parts
/// included; of a replay, what the recording cost.
/// </summary>
/// <param name="Calls">
/// Exchanges for which the server was asked and has answered or failed; an exchange's repetitions are not counted.
/// </param>
/// <param name="Failures">Those of them that failed after all repetitions.</param>
/// <param name="InFlight">Exchanges that are under way now.</param>
/// <param name="Replayed">
/// Exchanges that needed no call of their own in this process: they were recorded, or just being asked.
/// </param>
/// <param name="Refused">Exchanges that the run's bound of tokens refused.</param>
/// <param name="Tokens">What the server says the replies took.</param>
/// <param name="Spent">What counts against the bound: where a server doesn't say, it is guessed.</param>
/// <param name="Cost">What <paramref name="Tokens"/> cost; null without prices.</param>
/// <param name="Currency">Of the cost; null without prices.</param>
public sealed record LlmReading(
    long Calls, long Failures, int InFlight, long Replayed, long Refused, TokenUsage Tokens, long Spent, double? Cost,
    string? Currency);
