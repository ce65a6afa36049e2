namespace HeatUp.Plans;

/// <summary>
/// Plans without a language model and without a network: from the seed, the session's persona and its sitting's number.
/// A new session explores; a returning one reads what it follows, the long unread first, and now and then joins
/// something new. The same seed and past give the same plan. Thread-safe.
/// </summary>
/// <param name="seed">Where its chance comes from.</param>
public sealed class BuiltinPlanner(Seed seed) : IPlanner
{
    private readonly Seed plans = seed.Fork("builtin-plan");
    private volatile PoolInterests? latest;

    /// <inheritdoc/>
    public ValueTask<Plan> PlanAsync(PlanRequest request, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return new ValueTask<Plan>(Make(request, PlanOrigin.Builtin));
    }

    /// <summary>The plan, under the name of whoever lets this planner stand in.</summary>
    internal Plan Make(PlanRequest request, PlanOrigin origin)
    {
        var pool = InterestsOf(request);
        Span<double> joinable = pool.ChannelCount <= PoolInterests.StackMax
            ? stackalloc double[pool.ChannelCount]
            : new double[pool.ChannelCount];
        var session = request.Past.Session;
        var rng = plans.Fork(session).Fork(request.Past.NextSitting).ToRng();
        var draft = new SittingDraft(request, pool, Persona.Of(seed, session), rng, joinable);
        return PlanCheck.Check(draft.Write(), request, origin, out var defects)
            ?? throw new InvalidOperationException($"The built-in planner's plan is bad. {string.Join(' ', defects)}");
    }

    private PoolInterests InterestsOf(PlanRequest request)
    {
        // The pool changes when somebody edits its file; until then all plans share one.
        var interests = latest;
        if (interests?.Pool != request.Pool) latest = interests = new PoolInterests(request.Pool);
        return interests;
    }
}
