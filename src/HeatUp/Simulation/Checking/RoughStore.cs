using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;

namespace HeatUp.Simulation.Checking;

/// <summary>
/// A process' way to what is durable: slow, failing now and then before or after the call was carried out, and a place
/// to die before and after it.
/// </summary>
internal sealed class RoughStore(World world, Life life, TimeProvider clock) : ISittingStore
{
    private static readonly TimeSpan LatencyMax = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan SlowLatencyMax = TimeSpan.FromSeconds(20);
    private const double SlowChance = 0.02;

    /// <inheritdoc/>
    public ValueTask<Recollection> RecallAsync(SessionId session, CancellationToken cancellation) =>
        CallAsync("recall", () => world.Memory.Recall(session), true, cancellation);

    /// <inheritdoc/>
    public ValueTask<Beginning> BeginAsync(RunRecord run, CancellationToken cancellation) =>
        CallAsync("begin", () => world.Memory.Begin(run, life), true, cancellation);

    /// <inheritdoc/>
    public async ValueTask RememberAsync(RunId run, SessionId session, Step step) =>
        await CallAsync("remember", () => Done(() => world.Memory.Remember(run, session, step)), true, default);

    /// <inheritdoc/>
    public async ValueTask EndAsync(RunId run, RunEnd end, DateTimeOffset at) =>
        await CallAsync("end", () => Done(() => world.Memory.End(run, end, at)), true, default);

    /// <summary>
    /// Fails before it is carried out only: what was taken over without anybody hearing of it would be nobody's, and
    /// the seam asks of a store that this doesn't happen.
    /// </summary>
    public ValueTask<IReadOnlyList<RunRecord>> TakeOverAsync(SessionId? session, CancellationToken cancellation) =>
        world.Memory.HasOrphans
            ? CallAsync("take over", () => world.Memory.TakeOver(session, life), false, cancellation)
            : new(Array.Empty<RunRecord>());

    private static bool Done(Action change)
    {
        change();
        return true;
    }

    private async ValueTask<T> CallAsync<T>(
        string call, Func<T> perform, bool mayFailAfter, CancellationToken cancellation)
    {
        if (life.DiesAt(Exercised.CrashBeforeStore)) await Life.Never();
        cancellation.ThrowIfCancellationRequested();
        var fails = world.Chance(world.Circumstances.StoreFailureChance);
        var failsAfter = fails && mayFailAfter && world.Chance(0.5);
        var latencyMax = world.Chance(SlowChance) ? SlowLatencyMax : LatencyMax;
        await clock.LetPass(world.Between(TimeSpan.Zero, latencyMax), CancellationToken.None);
        if (fails && !failsAfter) throw Failure(call, Exercised.StoreFailedBefore);
        var answer = perform();
        if (life.DiesAt(Exercised.CrashAfterStore)) await Life.Never();
        return failsAfter ? throw Failure(call, Exercised.StoreFailedAfter) : answer;
    }

    private StoreException Failure(string call, Exercised kind)
    {
        world.Journal.Count(kind);
        world.Journal.Tell($"store fails at {call}: {kind}");
        return new StoreException($"The disk is full ({call}).");
    }
}
