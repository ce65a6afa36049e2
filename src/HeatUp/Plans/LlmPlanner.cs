using Microsoft.Extensions.Logging;

namespace HeatUp.Plans;

/// <summary>
/// Lets a language model plan, on any server that speaks OpenAI's chat completions. What the model answers is read
/// tolerantly, checked strictly and repaired once; when that fails, or the server does, the built-in planner stands in
/// and the plan's origin says why. Thread-safe.
/// </summary>
public sealed class LlmPlanner : IPlanner, IDisposable
{
    private readonly LlmOptions options;
    private readonly LlmServer server;
    private readonly BuiltinPlanner fallback;
    private readonly TokenBudget budget;
    private readonly Seed seed;
    private readonly Seed chance;
    private readonly TimeProvider clock;
    private readonly ILogger<LlmPlanner> log;
    private volatile string? trouble;

    /// <summary>A planner.</summary>
    /// <param name="options">Which model, and how long it is waited for.</param>
    /// <param name="fallback">Who stands in.</param>
    /// <param name="budget">What the calls may cost.</param>
    /// <param name="seed">
    /// Where personas and the jitter of waits come from; the fallback's own, so that a persona stays who it is.
    /// </param>
    /// <param name="clock">Tells the time and measures the waits.</param>
    /// <param name="log">Where a plan that fell back is reported.</param>
    public LlmPlanner(
        LlmOptions options, BuiltinPlanner fallback, TokenBudget budget, Seed seed, TimeProvider clock,
        ILogger<LlmPlanner> log)
        : this(options, new LlmServer(options, clock), fallback, budget, seed, clock, log)
    {
    }

    internal LlmPlanner(
        LlmOptions options, LlmServer server, BuiltinPlanner fallback, TokenBudget budget, Seed seed,
        TimeProvider clock, ILogger<LlmPlanner> log)
    {
        (this.options, this.server, this.fallback, this.budget) = (options, server, fallback, budget);
        (this.seed, this.clock, this.log) = (seed, clock, log);
        chance = seed.Fork("llm-retry");
    }

    /// <summary>
    /// Why the newest plan fell back, for a health check: costs nothing to ask. Null if it didn't, or if there is none
    /// yet.
    /// </summary>
    public string? Trouble => trouble;

    /// <inheritdoc/>
    public async ValueTask<Plan> PlanAsync(PlanRequest request, CancellationToken cancellation)
    {
        var session = request.Past.Session;
        var waits = chance.Fork(session).Fork(request.Past.NextSitting);
        var talk = new LlmTalk(server, budget, request, Persona.Of(seed, session), waits);
        var (plan, failure) = await TalkAsync(talk, cancellation);
        trouble = failure?.ToString();
        if (plan is not null) return plan;
        log.FellBack(session, trouble);
        return fallback.Make(request, new PlanOrigin(PlannerKind.Builtin, trouble, talk.Tokens));
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => server.Dispose();

    private async ValueTask<(Plan? Plan, LlmFailure? Failure)> TalkAsync(LlmTalk talk, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(options.PlanTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            return await talk.RunAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, new LlmFailure(FallbackCode.Timeout,
                $"The model made no plan within {options.PlanTimeout.TotalSeconds} seconds."));
        }
    }
}

internal static partial class LlmPlannerLog
{
    [LoggerMessage(1, LogLevel.Warning, "{Session}: the built-in planner stands in. {Reason}")]
    public static partial void FellBack(this ILogger log, SessionId session, string? reason);
}
