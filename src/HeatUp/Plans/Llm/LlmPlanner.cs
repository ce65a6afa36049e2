using Microsoft.Extensions.Logging;

namespace HeatUp.Plans.Llm;

/// <summary>
/// Lets a language model plan, on any server that speaks OpenAI's chat completions. What the model answers is read
/// tolerantly, checked strictly and repaired once; when that fails, or the server does, the built-in planner stands in
/// and the plan's origin says why. Thread-safe.
/// </summary>
public sealed class LlmPlanner : IPlanner, IDisposable
{
    private readonly ILlmExchange exchange;
    private readonly TimeSpan planTimeout;
    private readonly BuiltinPlanner fallback;
    private readonly TokenBudget budget;
    private readonly Seed seed;
    private readonly TimeProvider clock;
    private readonly ILogger<LlmPlanner> log;
    private readonly Seed chance;
    private readonly LlmBreaker? hold;
    private volatile string? trouble;

    /// <summary>A planner that asks a server.</summary>
    /// <param name="options">Which model, and how long it is waited for.</param>
    /// <param name="fallback">Who stands in.</param>
    /// <param name="budget">What the calls may cost.</param>
    /// <param name="seed">
    /// Where personas and the jitter of waits come from; the fallback's own, so that a persona stays who it is.
    /// </param>
    /// <param name="clock">Tells the time and measures the waits.</param>
    /// <param name="log">Where a plan that fell back is reported.</param>
    public LlmPlanner(
        LlmOptions options,
        BuiltinPlanner fallback,
        TokenBudget budget,
        Seed seed,
        TimeProvider clock,
        ILogger<LlmPlanner> log)
        : this(options, new LlmBreaker(clock), fallback, budget, seed, clock, log)
    {
    }

    private LlmPlanner(
        LlmOptions options, LlmBreaker hold, BuiltinPlanner fallback, TokenBudget budget, Seed seed, TimeProvider clock,
        ILogger<LlmPlanner> log)
        : this(new LlmServer(options, clock, hold), options.PlanTimeout, fallback, budget, seed, clock, log) =>
        this.hold = hold;

    /// <summary>A planner that asks whoever answers in a model's name.</summary>
    internal LlmPlanner(
        ILlmExchange exchange,
        TimeSpan planTimeout,
        BuiltinPlanner fallback,
        TokenBudget budget,
        Seed seed,
        TimeProvider clock,
        ILogger<LlmPlanner> log)
    {
        (this.exchange, this.planTimeout, this.fallback) = (exchange, planTimeout, fallback);
        (this.budget, this.seed, this.clock, this.log) = (budget, seed, clock, log);
        chance = seed.Fork("llm-retry");
    }

    /// <summary>
    /// Why the newest plan fell back, for a health check: costs nothing to ask. Null if it didn't, or if there is none
    /// yet.
    /// </summary>
    public string? Trouble => trouble;

    /// <summary>Why the server isn't asked for a while, since when and until when; null if it is.</summary>
    public LlmTrouble? Held => hold?.Trouble;

    /// <summary>
    /// Told of the server's trouble as this process meets it, and with null that it is over, so that others needn't
    /// meet it too. Called on any thread; must be quick and not throw.
    /// </summary>
    public Action<LlmNews?>? OnNews
    {
        get => hold?.OnNews;
        set => hold?.OnNews = value;
    }

    /// <summary>Another process tells of the server's trouble, or with null that it is over.</summary>
    public void Hear(LlmNews? news) => hold?.Hear(news);

    /// <inheritdoc/>
    public ValueTask<Plan> PlanAsync(PlanRequest request, CancellationToken cancellation) =>
        PlanAsync(request, exchange, cancellation);

    /// <summary>The same, with another who answers this once.</summary>
    internal async ValueTask<Plan> PlanAsync(
        PlanRequest request, ILlmExchange answering, CancellationToken cancellation)
    {
        var session = request.Past.Session;
        var waits = chance.Fork(session).Fork(request.Past.NextSitting);
        var talk = new LlmConversation(answering, budget, request, Persona.Of(seed, session), waits);
        var (plan, failure) = await TalkAsync(talk, cancellation);
        // Not read back from the field: another plan may have put its own there by now.
        var reason = failure?.ToString();
        trouble = reason;
        if (plan is not null) return plan;
        log.FellBack(session, reason);
        return fallback.Make(request, new PlanOrigin(PlannerKind.Builtin, reason, talk.Tokens));
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => exchange.Dispose();

    private async ValueTask<(Plan? Plan, LlmFailure? Failure)> TalkAsync(
        LlmConversation talk, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(planTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            return await talk.RunAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, new LlmFailure(FallbackCode.Timeout,
                $"The model made no plan within {Counted.Seconds(planTimeout)}."));
        }
    }
}

internal static partial class LlmPlannerLog
{
    [LoggerMessage(1, LogLevel.Warning, "{Session}: the built-in planner stands in. {Reason}")]
    public static partial void FellBack(this ILogger log, SessionId session, string? reason);
}
