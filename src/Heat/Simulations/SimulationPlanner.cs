using Heat.Configuration;
using HeatUp.Plans;
using HeatUp.Simulations;

namespace Heat.Simulations;

/// <summary>Who plans for a simulated population: a language model, its recording, or the built-in planner.</summary>
internal sealed class SimulationPlanner : IDisposable
{
    private readonly LlmPopulation? population;

    private SimulationPlanner(LlmPopulation? population) => this.population = population;

    /// <summary>Who plans in the outside world; null for the built-in planner.</summary>
    public IPlanner? Outside => population;

    /// <summary>The model's name; null for the built-in planner.</summary>
    public string? Model => population?.Model;

    /// <summary>What it came to so far; null for the built-in planner.</summary>
    public LlmReading? Reading => population?.Reading;

    /// <summary>The tokens of its calls before a virtual time, each once; null for the built-in planner.</summary>
    public Func<DateTimeOffset, TokenUsage>? TokensUsed => population is null ? null : population.TokensUsed;

    /// <summary>Who pays for which call, for a history; null for the built-in planner.</summary>
    public Func<SessionId, int, TokenUsage>? TokensPaid => population is null ? null : population.TokensPaid;

    /// <summary>Whether the same scenario gives the same bytes again.</summary>
    public bool IsDeterministic { get; private init; } = true;

    /// <summary>Why it does, or doesn't.</summary>
    public string Why { get; private init; } = "The built-in planner and the sandbox draw from the seed alone.";

    /// <summary>What it will take; null where nothing is asked.</summary>
    public LlmEstimate? Estimate { get; private init; }

    public bool IsSpent => population?.IsSpent ?? false;

    /// <summary>Who plans for a run; begins it as soon as that is known.</summary>
    /// <exception cref="ScenarioException">A language model is to plan, and none is set.</exception>
    public static SimulationPlanner Of(PreparedRun run, int calls)
    {
        var scenario = run.Scenario;
        var options = new LlmRunOptions
        {
            Seed = scenario.Seed,
            Concurrency = calls,
            MaxTokens = scenario.MaxTokens,
            Prices = scenario.Prices,
        };
        if (scenario.Planner == PlannerKind.Builtin)
        {
            if (run.Recording is not null) throw new RunFolderException(
                $"The run in {run.Recording} had no language model: there is nothing to replay. "
                + $"Live it again: heat simulate {run.Recording}/scenario.json");
            run.Begin();
            return new(null);
        }
        if (run.Recording is { } recording)
        {
            var replay = LlmPopulation.Replay(recording, options, TimeProvider.System);
            run.Begin();
            return new(replay) { Why = "The plans were replayed from a recording." };
        }
        var model = ModelOf(Settings.Load()).ToOptions();
        run.Begin();
        return new(LlmPopulation.Record(model, run.Folder.Path, options, TimeProvider.System))
        {
            IsDeterministic = false,
            Why = "A language model planned. Its recording gives the same bytes again: "
                + $"heat simulate --replay {run.Folder.Path}",
            Estimate = LlmEstimate.Of(scenario, run.Pool, scenario.Prices, calls, LlmEstimate.LatencyDefault),
        };
    }

    /// <summary>Puts what was said onto the disk.</summary>
    public void Flush() => population?.Flush();

    public void Dispose() => population?.Dispose();

    private static LlmSettings ModelOf(Settings settings) => settings.Llm ?? throw new ScenarioException(
        ["The scenario wants a language model, and none is set. Set LLM_BASE_URL, LLM_MODEL or LLM_API_KEY "
            + "(.env.example lists them), or add --planner builtin."]);
}
