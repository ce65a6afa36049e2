using System.Diagnostics.CodeAnalysis;

namespace HeatUp.Simulations;

/// <summary>
/// Lets in as many calls at once as there are places, first come, first served, and no more than a run's bound of
/// tokens pays for. A call reserves what it will probably cost; one that fits only if those under way turn out cheaper
/// waits for them. Once one doesn't fit any more, none is let in. Thread-safe; who waits blocks no thread.
/// </summary>
/// <param name="places">How many calls at once.</param>
/// <param name="maxTokens">The run's bound; null for none.</param>
/// <param name="spentBefore">What the run has spent already.</param>
internal sealed class CallGate(int places, long? maxTokens, long spentBefore)
{
    private readonly Lock gate = new();
    private readonly Queue<(long Tokens, TaskCompletionSource<bool> Entry)> waiting = new();
    private long spent = spentBefore;
    private long reserved;
    private int inside;
    private bool isSpent;

    /// <summary>How many calls are under way.</summary>
    public int Inside => Volatile.Read(ref inside);

    /// <summary>Waits for a place. False if the run's tokens are spent.</summary>
    /// <param name="tokens">What the call will probably cost.</param>
    /// <param name="cancellation">Gives up.</param>
    [SuppressMessage("Reliability", "CA2008", Justification = "Nothing is started here.")]
    public async ValueTask<bool> EnterAsync(long tokens, CancellationToken cancellation)
    {
        // Continued elsewhere: whoever leaves must not run the calls of those who come after.
        var entry = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            waiting.Enqueue((tokens, entry));
            LetIn();
        }
        using var givingUp = cancellation.Register(() => entry.TrySetCanceled(cancellation));
        return await entry.Task;
    }

    /// <summary>Gives back the place and what was reserved, and counts what the call cost.</summary>
    public void Leave(long reservedTokens, long spentTokens)
    {
        lock (gate)
        {
            inside--;
            reserved -= reservedTokens;
            spent += spentTokens;
            LetIn();
        }
    }

    private void LetIn()
    {
        while (waiting.TryPeek(out var next) && Decide(next.Tokens) is { } mayEnter)
        {
            waiting.Dequeue();
            if (!next.Entry.TrySetResult(mayEnter) || !mayEnter) continue;
            inside++;
            reserved += next.Tokens;
        }
    }

    /// <summary>Whether the next may enter; null if that must wait.</summary>
    private bool? Decide(long tokens)
    {
        if (isSpent) return false;
        if (inside >= places) return null;
        if (maxTokens is null || spent + reserved + tokens <= maxTokens) return true;
        if (inside > 0) return null;
        isSpent = true;
        return false;
    }
}
