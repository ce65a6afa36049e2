using HeatUp.Plans;
using HeatUp.Plans.Llm;
using HeatUp.Testing;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Logging.Testing;

namespace HeatUp.Tests.Plans;

/// <summary>An LLM planner and the server that it talks to.</summary>
internal sealed class LlmWorld : IAsyncDisposable
{
    public const string Key = "sk-very-secret-0123456789";

    private LlmWorld(StubLlm llm, LlmOptions options, TokenBudget? budget, TimeProvider? clock)
    {
        Llm = llm;
        Clock = clock as ImpatientTime ?? new ImpatientTime(Some.Now, options.RetryDelayMax);
        Budget = budget ?? new TokenBudget(null, 0, Clock);
        Planner = new LlmPlanner(options, new BuiltinPlanner(Some.Seed), Budget, Some.Seed, clock ?? Clock, Log);
    }

    public StubLlm Llm { get; }

    public LlmPlanner Planner { get; }

    public TokenBudget Budget { get; }

    public ImpatientTime Clock { get; }

    public FakeLogger<LlmPlanner> Log { get; } = new();

    public static async Task<LlmWorld> StartAsync(
        string? key = Key,
        Uri? address = null,
        TokenBudget? budget = null,
        TimeProvider? clock = null,
        TimeSpan? planTimeout = null,
        string under = "/v1")
    {
        var llm = await StubLlm.StartAsync();
        var options = new LlmOptions
        {
            BaseUrl = address ?? new Uri(llm.BaseUrl, $"{under}/"),
            Model = "stub",
            ApiKey = key,
            PlanTimeout = planTimeout ?? TimeSpan.FromSeconds(60),
        };
        return new LlmWorld(llm, options, budget, clock);
    }

    public async Task<Plan> PlanAsync(PlanRequest? request = null) =>
        await Planner.PlanAsync(request ?? Some.New(), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Planner.Dispose();
        await Llm.DisposeAsync();
    }
}
