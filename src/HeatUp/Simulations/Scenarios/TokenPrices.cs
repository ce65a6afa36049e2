using HeatUp.Plans;

namespace HeatUp.Simulations;

/// <summary>What a language model's tokens cost, for a million of each; 0 to <see cref="Max"/>.</summary>
/// <param name="Input">Tokens sent that the provider did not have in its cache.</param>
/// <param name="Cached">Tokens sent that it had.</param>
/// <param name="Output">Tokens received.</param>
/// <param name="Currency">Of the prices: three capital letters, such as <see cref="CurrencyDefault"/>.</param>
public sealed record TokenPrices(double Input, double Cached, double Output, string Currency)
{
    /// <summary>The highest price of a million tokens, in any currency.</summary>
    public const double Max = 1_000_000_000;

    /// <summary>The currency of prices that name none.</summary>
    public const string CurrencyDefault = "USD";

    private const double Million = 1_000_000;

    /// <summary>What these tokens cost, in <see cref="Currency"/>.</summary>
    public double CostOf(TokenUsage tokens) =>
        ((tokens.Input - tokens.Cached) * Input + tokens.Cached * Cached + tokens.Output * Output) / Million;
}
