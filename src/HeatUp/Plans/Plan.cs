namespace HeatUp.Plans;

/// <summary>
/// The actions of one sitting, and where they come from. Made by <see cref="PlanCheck"/> only, so that it keeps
/// <see cref="PlanLimits"/>.
/// </summary>
public sealed class Plan
{
    internal Plan(IReadOnlyList<PlannedAction> actions, PlanOrigin origin)
    {
        Actions = actions;
        Origin = origin;
    }

    /// <summary>What will be done, in this order.</summary>
    public IReadOnlyList<PlannedAction> Actions { get; }

    /// <summary>Who made it, at what cost.</summary>
    public PlanOrigin Origin { get; }
}

/// <summary>Who made a plan, why if it wasn't the first choice, and at what cost.</summary>
/// <param name="Planner">Who made it.</param>
/// <param name="FallbackReason"> Why the built-in planner stood in for the language model: one of <see
/// cref="Plans.FallbackCode"/>, a colon and a sentence for people; null if it didn't.
/// </param>
/// <param name="Tokens">What the language model's calls cost, those whose replies were of no use included.</param>
public sealed record PlanOrigin(PlannerKind Planner, string? FallbackReason, TokenUsage Tokens)
{
    /// <summary>The longest <see cref="FallbackReason"/>, in characters.</summary>
    public const int FallbackReasonLengthMax = 400;

    /// <summary>
    /// The first word of <see cref="FallbackReason"/>: one of the codes that programs may tell apart; null if there
    /// is none.
    /// </summary>
    public string? FallbackCode => FallbackReason?.Split(':', 2)[0];

    /// <summary>A plan that the built-in planner made because it was asked to.</summary>
    public static PlanOrigin Builtin { get; } = new(PlannerKind.Builtin, null, default);
}

/// <summary>Who makes plans.</summary>
public enum PlannerKind
{
    /// <summary>The built-in planner: offline and seeded.</summary>
    Builtin,

    /// <summary>A language model.</summary>
    Llm,
}

/// <summary>Tokens of language-model calls.</summary>
/// <param name="Input">Tokens sent, the cached ones included.</param>
/// <param name="Output">Tokens received.</param>
/// <param name="Cached">Tokens sent that the provider had in its prompt cache.</param>
public readonly record struct TokenUsage(long Input, long Output, long Cached)
{
    /// <summary>All that counts against a budget: input and output.</summary>
    public long Total => Input + Output;

    /// <summary>Both together.</summary>
    public static TokenUsage operator +(TokenUsage left, TokenUsage right) =>
        new(left.Input + right.Input, left.Output + right.Output, left.Cached + right.Cached);
}
