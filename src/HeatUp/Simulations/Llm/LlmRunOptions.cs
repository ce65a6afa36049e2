namespace HeatUp.Simulations;

/// <summary>How a run uses its language model.</summary>
public sealed record LlmRunOptions
{
    /// <summary>How many calls are under way at once unless somebody says otherwise.</summary>
    public const int ConcurrencyDefault = 64;

    /// <summary>The most calls at once.</summary>
    public const int ConcurrencyMax = 1_024;

    private readonly int concurrency = ConcurrencyDefault;
    private readonly long? maxTokens;

    /// <summary>Where personas come from: the scenario's.</summary>
    public required Seed Seed { get; init; }

    /// <summary>How many calls are under way at once, at most. 1 to <see cref="ConcurrencyMax"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less or more.</exception>
    public int Concurrency
    {
        get => concurrency;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(Concurrency));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, ConcurrencyMax, nameof(Concurrency));
            concurrency = value;
        }
    }

    /// <summary>
    /// How many tokens, sent and received, the run may use, its earlier parts included. Null for no bound; else 1 or
    /// more.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less.</exception>
    public long? MaxTokens
    {
        get => maxTokens;
        init
        {
            if (value is { } bound) ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1, nameof(MaxTokens));
            maxTokens = value;
        }
    }

    /// <summary>What the tokens cost; null if nobody said.</summary>
    public TokenPrices? Prices { get; init; }
}
