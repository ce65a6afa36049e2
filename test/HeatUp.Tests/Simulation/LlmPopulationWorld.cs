using System.Collections.Concurrent;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Plans.Llm;
using HeatUp.Simulations;
using HeatUp.Testing;
using HeatUp.Tests.Plans;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Simulation;

/// <summary>A small population, the language model that plans for it, and the run folder that records it.</summary>
internal sealed class LlmPopulationWorld : IAsyncDisposable
{
    public const string Key = "sk-very-secret-0123456789";

    public static readonly Scenario Scenario = new()
    {
        Sessions = 30, Days = 3, Seed = new Seed(5), Planner = PlannerKind.Llm,
    };

    public static readonly ChannelPool Pool = Some.PoolOf(20, "News", "Science", "Music");

    private readonly TempFolder folder = new();

    private LlmPopulationWorld(StubLlm llm) => Llm = llm;

    public StubLlm Llm { get; }

    /// <summary>Why the plans of the newest life fell back, those that didn't left out.</summary>
    public IReadOnlyCollection<string> Fallbacks { get; private set; } = [];

    public static async Task<LlmPopulationWorld> StartAsync() => new(await StubLlm.StartAsync());

    public string Folder(string run = "run") => folder.File(run);

    public string RecordingPath(string run = "run") =>
        Path.Combine(Folder(run), RecordingFile.Name);

    public LlmPopulation Record(string run = "run", long? maxTokens = null, int concurrency = 16, string model = "stub")
    {
        var options = new LlmOptions { BaseUrl = Llm.BaseUrl, Model = model, ApiKey = Key };
        var clock = new ImpatientTime(Some.Now, options.RetryDelayMax);
        return LlmPopulation.Record(options, Folder(run), Run(maxTokens, concurrency), clock);
    }

    public LlmPopulation Replay(string run = "run", long? maxTokens = null) =>
        LlmPopulation.Replay(Folder(run), Run(maxTokens, 16), TimeProvider.System);

    /// <summary>Lives the population's life, or its first epochs, and answers the transcript; ends the planner.</summary>
    public string Live(
        LlmPopulation planner, int threads = 1, int epochs = int.MaxValue, Scenario? scenario = null, ChannelPool? pool = null)
    {
        using var ending = planner;
        var heard = new Overheard(planner);
        using var simulation = new HeatUp.Simulations.Simulation(scenario ?? Scenario, pool ?? Pool, heard, threads);
        for (; !simulation.IsOver && epochs > 0; epochs--)
        {
            simulation.RunEpoch();
            planner.Flush();
        }
        Fallbacks = heard.Fallbacks;
        return simulation.Transcript;
    }

    public async ValueTask DisposeAsync()
    {
        await Llm.DisposeAsync();
        folder.Dispose();
    }

    private static LlmRunOptions Run(long? maxTokens, int concurrency) => new()
    {
        Seed = Scenario.Seed,
        MaxTokens = maxTokens,
        Concurrency = concurrency,
        Prices = new TokenPrices(2, 0.5, 10, "EUR"),
    };

    private sealed class Overheard(IPlanner planner) : IPlanner
    {
        private readonly ConcurrentQueue<string> fallbacks = new();

        public IReadOnlyCollection<string> Fallbacks => fallbacks;

        public async ValueTask<Plan> PlanAsync(PlanRequest request, CancellationToken cancellation)
        {
            var plan = await planner.PlanAsync(request, cancellation);
            if (plan.Origin.FallbackReason is { } reason) fallbacks.Enqueue(reason);
            return plan;
        }
    }
}
