using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;

namespace HeatUp.Checking;

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
        CallAsync("recall", () => world.Memory.Recall(session), cancellation);

    /// <inheritdoc/>
    public ValueTask<Beginning> BeginAsync(RunRecord run, CancellationToken cancellation) =>
        CallAsync("begin", () => world.Memory.Begin(run, life), cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> RememberAsync(Hold hold, Step step) =>
        CallAsync("remember", () => world.Memory.Remember(hold, step), default);

    /// <inheritdoc/>
    public ValueTask<bool> EndAsync(Hold hold, RunEnd end, DateTimeOffset at) =>
        CallAsync("end", () => world.Memory.End(hold, end, at), default);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<TakenRun>> TakeOverAsync(TakeOver which, CancellationToken cancellation) =>
        world.Memory.HasOrphansFor(life, which)
            ? CallAsync("take over", () => world.Memory.TakeOver(life, which), cancellation)
            : new(Array.Empty<TakenRun>());

    private async ValueTask<T> CallAsync<T>(string call, Func<T> perform, CancellationToken cancellation)
    {
        if (life.DiesAt(Exercised.CrashBeforeStore)) await Life.Never();
        cancellation.ThrowIfCancellationRequested();
        var fails = world.Chance(world.Circumstances.StoreFailureChance);
        var failsAfter = fails && world.Chance(0.5);
        var latencyMax = world.Chance(SlowChance) ? SlowLatencyMax : LatencyMax;
        await clock.Delay(world.Between(TimeSpan.Zero, latencyMax), CancellationToken.None);
        if (fails && !failsAfter) throw Failure(call, Exercised.StoreFailedBefore);
        T answer;
        // On the wall clock, where its contract is tested, several come at once.
        lock (world.Memory) answer = perform();
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
