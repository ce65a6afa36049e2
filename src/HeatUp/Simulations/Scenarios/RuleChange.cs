using HeatUp.Runs.Sandbox;

namespace HeatUp.Simulations;

/// <summary>What changes in the middle of a run. What is null stays as it is.</summary>
/// <param name="At">When, after the start and before the end: what happens from then on follows the new rules.</param>
public sealed record RuleChange(DateTimeOffset At)
{
    /// <summary>What goes wrong on the sandbox from then on, in place of all faults.</summary>
    public SandboxFaults? Faults { get; init; }

    /// <summary>
    /// How many sittings a day a session has from then on, on average; who is in a sitting ends it first.
    /// </summary>
    public double? SittingsPerDay { get; init; }

    /// <summary>Whether sessions are advised by what the others follow from then on.</summary>
    public bool? Recommendations { get; init; }

    /// <summary>Whether it changes anything.</summary>
    internal bool IsEmpty => Faults is null && SittingsPerDay is null && Recommendations is null;
}
