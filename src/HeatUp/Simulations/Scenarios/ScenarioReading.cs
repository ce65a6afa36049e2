using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace HeatUp.Simulations;

/// <summary>A scenario that was read, or why it could not be. Immutable.</summary>
public sealed class ScenarioReading
{
    private ScenarioReading(Scenario? scenario, ImmutableArray<string> problems) =>
        (Scenario, Problems) = (scenario, problems);

    /// <summary>Whether there is a scenario.</summary>
    [MemberNotNullWhen(true, nameof(Scenario))]
    public bool IsGood => Scenario is not null;

    /// <summary>The scenario; null if there are problems.</summary>
    public Scenario? Scenario { get; }

    /// <summary>
    /// What is wrong, all of it: one sentence each that names the place, the key or option, and what is allowed. Empty
    /// if there is a scenario.
    /// </summary>
    public ImmutableArray<string> Problems { get; }

    internal static ScenarioReading Good(Scenario scenario) => new(scenario, []);

    internal static ScenarioReading Bad(params ImmutableArray<string> problems) => new(null, problems);

    /// <summary>The same with the name of the file before each problem.</summary>
    internal ScenarioReading Of(string path) =>
        new(Scenario, [.. Problems.Select(problem => $"Scenario {path}: {problem}")]);
}
