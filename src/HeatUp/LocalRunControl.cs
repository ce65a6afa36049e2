using System.Runtime.CompilerServices;
using HeatUp.Runs;
using HeatUp.Sessions;

namespace HeatUp;

/// <summary>
/// The runs of this process, live; those of other processes on the same store as far as the store tells: they can be
/// watched there, and not cancelled.
/// </summary>
/// <param name="claims">The sittings of this process.</param>
/// <param name="runs">What this process could not write yet.</param>
/// <param name="store">All runs.</param>
/// <param name="clock">When to look again.</param>
/// <param name="news">Says when to look earlier; null if nobody does.</param>
public sealed class LocalRunControl(
    Claims claims, RunWriter runs, ISessionStore store, TimeProvider clock, IRunNews? news = null)
    : IRunControl
{
    /// <summary>How often the store is asked for what another process's run has done.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public async ValueTask<RunRecord?> FindAsync(RunId run, CancellationToken cancellation)
    {
        if (claims.Find(run) is { } sitting) return sitting.Snapshot();
        return await FindStoredAsync(run, cancellation);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RunEvent> WatchAsync(
        RunId run, int afterStep, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, claims.Closing);
        TaskCompletionSource changed = new();
        using var watching = news?.Watch(run, () => Volatile.Read(ref changed).TrySetResult());
        while (true)
        {
            // News from here on are of what this look may miss.
            Volatile.Write(ref changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
            // It may be taken over by this process while it is watched.
            if (claims.Find(run) is { } sitting)
            {
                await foreach (var happening in sitting.WatchAsync(afterStep, cancellation))
                {
                    if (happening is RunEvent.RunEnded({ IsFinal: false })) break;
                    if (happening is RunEvent.StepEnded(var step)) afterStep = step.Number;
                    yield return happening;
                    if (happening is RunEvent.RunEnded) yield break;
                }
                // Another process goes on with it, which only the store tells of.
            }
            if (await FindStoredAsync(run, cancellation) is not { } record) yield break;
            for (; afterStep < record.Steps.Count; afterStep++)
                yield return new RunEvent.StepEnded(record.Steps[afterStep]);
            if (record.End is { } end)
            {
                yield return new RunEvent.RunEnded(end);
                yield break;
            }
            await Task.WhenAny(changed.Task, Task.Delay(PollInterval, clock, either.Token));
            cancellation.ThrowIfCancellationRequested();
            if (claims.Closing.IsCancellationRequested) yield break;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CancelResult> CancelAsync(RunId run, CancellationToken cancellation)
    {
        if (claims.Find(run) is { } sitting)
        {
            sitting.Cancel();
            await sitting.Completion.WaitAsync(cancellation);
            return new CancelResult(CancelStatus.Cancelled, sitting.Snapshot());
        }
        return await FindAsync(run, cancellation) switch
        {
            null => new CancelResult(CancelStatus.NotFound, null),
            { End: null } open => new CancelResult(CancelStatus.Elsewhere, open),
            var ended => new CancelResult(CancelStatus.EndedBefore, ended),
        };
    }

    private async ValueTask<RunRecord?> FindStoredAsync(RunId run, CancellationToken cancellation) =>
        await store.FindRunAsync(run, cancellation) is { } record ? runs.WithUnwrittenEnd(record) : null;
}
