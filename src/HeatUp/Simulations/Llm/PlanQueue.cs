namespace HeatUp.Simulations;

/// <summary>
/// Whose plan is made next: the earliest sitting's in virtual time, of two at one time the first to come. Were it the
/// first to come always, then the sessions with the most sittings would be left alone at an epoch's end, with one call
/// after the other. Who waits holds no prompt yet, and blocks no thread. Thread-safe.
/// </summary>
/// <param name="places">How many plans are made at once.</param>
internal sealed class PlanQueue(int places)
{
    private readonly Lock gate = new();
    private readonly PriorityQueue<TaskCompletionSource, (long At, long Number)> waiting = new();
    private long count;
    private int inside;

    /// <summary>Waits for a place; whoever gets one must <see cref="Leave"/>.</summary>
    public async ValueTask EnterAsync(DateTimeOffset at, CancellationToken cancellation)
    {
        var entry = TryEnter(at);
        if (entry is null) return;
        using var givingUp = cancellation.Register(() => entry.TrySetCanceled(cancellation));
        await entry.Task;
    }

    /// <summary>Gives the place to the next.</summary>
    public void Leave()
    {
        lock (gate)
        {
            while (waiting.TryDequeue(out var next, out _))
                if (next.TrySetResult())
                    return;
            inside--;
        }
    }

    private TaskCompletionSource? TryEnter(DateTimeOffset at)
    {
        lock (gate)
        {
            if (inside < places)
            {
                inside++;
                return null;
            }
            // Continued elsewhere: whoever leaves must not make the plans of those who come after.
            var entry = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Enqueue(entry, (at.UtcTicks, count++));
            return entry;
        }
    }
}
