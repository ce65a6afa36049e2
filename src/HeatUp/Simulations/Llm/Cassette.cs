using HeatUp.Plans;
using HeatUp.Plans.Llm;
using Microsoft.Extensions.AI;

namespace HeatUp.Simulations;

/// <summary>
/// Answers from what was recorded, and records what wasn't: each prompt is asked once in a run's life, whoever asks it
/// how often. Without anybody to call it only replays. Thread-safe.
/// </summary>
/// <param name="file">Where it is recorded.</param>
/// <param name="calls">Who is asked what isn't recorded; null for a replay.</param>
/// <param name="maxTokens">The run's bound of tokens; null for none.</param>
internal sealed class Cassette(CassetteFile file, LlmCalls? calls, long? maxTokens) : ILlmExchange
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Task<CassetteEntry>> underWay = [];
    private volatile bool isSpent;
    private long replayed;

    /// <summary>Whether a plan was refused its call because the run's tokens are spent.</summary>
    public bool IsSpent => isSpent;

    /// <summary>How many exchanges needed no call of their own.</summary>
    public long Replayed => Interlocked.Read(ref replayed);

    /// <inheritdoc/>
    /// <exception cref="CassetteException">
    /// A replay meets what isn't recorded, or what is can't be read or written.
    /// </exception>
    public ValueTask<LlmAnswer> AskAsync(
        IReadOnlyList<ChatMessage> messages, Seed chance, CancellationToken cancellation) =>
        AskAsync(null, messages, chance, cancellation);

    /// <summary>Who asks it for one plan.</summary>
    public ILlmExchange For(CassetteAsker asker) => new Plan(this, asker);

    /// <inheritdoc/>
    public void Dispose()
    {
        calls?.Dispose();
        file.Dispose();
    }

    private async ValueTask<LlmAnswer> AskAsync(
        CassetteAsker? asker, IReadOnlyList<ChatMessage> messages, Seed chance, CancellationToken cancellation)
    {
        var key = CassetteKey.Of(file.Model, messages);
        var entry = await FindOrCallAsync(asker, key, messages, chance, cancellation);
        if (asker is { } who) file.Note(key, who);
        // A refusal under a lower bound than this run has is only a part of its past.
        if (entry.RefusedAt is { } refusedAt && refusedAt >= maxTokens) isSpent = true;
        return entry.Answer;
    }

    private async ValueTask<CassetteEntry> FindOrCallAsync(
        CassetteAsker? asker, string key, IReadOnlyList<ChatMessage> messages, Seed chance,
        CancellationToken cancellation)
    {
        TaskCompletionSource<CassetteEntry>? mine = null;
        Task<CassetteEntry>? calling;
        lock (gate)
        {
            if (!underWay.TryGetValue(key, out calling))
            {
                if (file.Find(key) is { } found)
                {
                    Interlocked.Increment(ref replayed);
                    return found;
                }
                if (calls is null) throw Missing(messages);
                mine = new(TaskCreationOptions.RunContinuationsAsynchronously);
                underWay[key] = calling = mine.Task;
            }
        }
        // On its own: others may wait for it too, so that it must not end because this one gives up.
        if (mine is not null) _ = CallAsync(asker, key, messages, chance, mine);
        else Interlocked.Increment(ref replayed);
        return await calling.WaitAsync(cancellation);
    }

    private async Task CallAsync(
        CassetteAsker? asker, string key, IReadOnlyList<ChatMessage> messages, Seed chance,
        TaskCompletionSource<CassetteEntry> answer)
    {
        try
        {
            // The conversation may go on while this is being written.
            IReadOnlyList<ChatMessage> asked = [.. messages];
            var entry = file.Add(key, asked, await calls!.CallAsync(asked, chance), asker);
            Forget(key);
            answer.SetResult(entry);
        }
        catch (Exception failure)
        {
            Forget(key);
            answer.SetException(failure);
        }
    }

    private void Forget(string key)
    {
        lock (gate) underWay.Remove(key);
    }

    private CassetteException Missing(IReadOnlyList<ChatMessage> messages) => new(file.HasOpening(messages[0].Text)
        ? "the recording has no answer to its prompt. The scenario, its seed or the program's version differs from "
            + "those of the recording."
        : "the recording knows no prompt with this pool. The pool or the program's version differs from those of the "
            + "recording.");

    /// <summary>Asks for one sitting's plan. The cassette is not its own.</summary>
    private sealed class Plan(Cassette cassette, CassetteAsker asker) : ILlmExchange
    {
        public ValueTask<LlmAnswer> AskAsync(
            IReadOnlyList<ChatMessage> messages, Seed chance, CancellationToken cancellation) =>
            cassette.AskAsync(asker, messages, chance, cancellation);

        public void Dispose() { }
    }
}
