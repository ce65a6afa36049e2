namespace HeatUp.Plans;

/// <summary>
/// Keeps what language-model calls cost, by the day of UTC, for all processes that share it. Thread-safe.
/// </summary>
public interface ITokenLedger
{
    /// <summary>Adds to a day. Answers what the day has cost by now, whoever spent it.</summary>
    ValueTask<TokenUsage> AddTokensAsync(DateOnly day, TokenUsage tokens);

    /// <summary>What a day has cost so far.</summary>
    ValueTask<TokenUsage> TokensOfAsync(DateOnly day, CancellationToken cancellation);
}
