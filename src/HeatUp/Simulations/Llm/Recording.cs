using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using HeatUp.Plans.Llm;
using HeatUp.Plans;
using Microsoft.Extensions.AI;

namespace HeatUp.Simulations;

/// <summary>
/// Answers from what was recorded, and records what wasn't: each prompt is asked once in a run's life, whoever asks it
/// how often. Without anybody to call it only replays. Thread-safe.
/// </summary>
/// <param name="file">Where it is recorded.</param>
/// <param name="calls">Who is asked what isn't recorded; null for a replay.</param>
/// <param name="maxTokens">The run's bound of tokens; null for none.</param>
internal sealed class Recording(RecordingFile file, LlmCalls? calls, long? maxTokens) : ILlmExchange
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Task<RecordingEntry>> underWay = [];
    private volatile bool isSpent;
    private long replayed;

    /// <summary>Whether a plan was refused its call because the run's tokens are spent.</summary>
    public bool IsSpent => isSpent;

    /// <summary>How many exchanges needed no call of their own.</summary>
    public long Replayed => Interlocked.Read(ref replayed);

    /// <inheritdoc/>
    /// <exception cref="RecordingException">
    /// A replay meets what isn't recorded, or what is can't be read or written.
    /// </exception>
    public ValueTask<LlmAnswer> AskAsync(
        IReadOnlyList<ChatMessage> messages, Seed chance, CancellationToken cancellation) =>
        AskAsync(null, messages, chance, cancellation);

    /// <summary>Who asks it for one plan.</summary>
    public ILlmExchange For(RecordingAsker asker) => new Plan(this, asker);

    /// <inheritdoc/>
    public void Dispose()
    {
        calls?.Dispose();
        file.Dispose();
    }

    private async ValueTask<LlmAnswer> AskAsync(
        RecordingAsker? asker, IReadOnlyList<ChatMessage> messages, Seed chance, CancellationToken cancellation)
    {
        var key = RecordingKey.Of(file.Model, messages);
        var entry = await FindOrCallAsync(asker, key, messages, chance, cancellation);
        if (asker is { } who) file.Note(key, who);
        // A refusal under a lower bound than this run has is only a part of its past.
        if (entry.RefusedAt is { } refusedAt && refusedAt >= maxTokens) isSpent = true;
        return entry.Answer;
    }

    private async ValueTask<RecordingEntry> FindOrCallAsync(
        RecordingAsker? asker, string key, IReadOnlyList<ChatMessage> messages, Seed chance,
        CancellationToken cancellation)
    {
        TaskCompletionSource<RecordingEntry>? mine = null;
        Task<RecordingEntry>? calling;
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
        RecordingAsker? asker, string key, IReadOnlyList<ChatMessage> messages, Seed chance,
        TaskCompletionSource<RecordingEntry> answer)
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

    private RecordingException Missing(IReadOnlyList<ChatMessage> messages) => new(file.HasOpening(messages[0].Text)
        ? "the recording has no answer to its prompt. The scenario, its seed or the program's version differs from "
            + "those of the recording."
        : "the recording knows no prompt with this pool. The pool or the program's version differs from those of the "
            + "recording.");

    /// <summary>Asks for one sitting's plan. The recording is not its own.</summary>
    private sealed class Plan(Recording recording, RecordingAsker asker) : ILlmExchange
    {
        public ValueTask<LlmAnswer> AskAsync(
            IReadOnlyList<ChatMessage> messages, Seed chance, CancellationToken cancellation) =>
            recording.AskAsync(asker, messages, chance, cancellation);

        public void Dispose() { }
    }
}

/// <summary>What was recorded of an exchange, beside what was asked.</summary>
/// <param name="Answer">What came of it.</param>
/// <param name="Spent">The tokens that count as spent.</param>
/// <param name="RefusedAt">The run's bound of tokens if that is why no call was made; else null.</param>
internal readonly record struct RecordingEntry(LlmAnswer Answer, long Spent, long? RefusedAt);

/// <summary>A sitting whose plan needs an exchange.</summary>
/// <param name="Session">Whose sitting.</param>
/// <param name="Sitting">Its number.</param>
/// <param name="At">When in virtual time.</param>
internal readonly record struct RecordingAsker(SessionId Session, int Sitting, DateTimeOffset At);

/// <summary>What a recording's calls come to.</summary>
/// <param name="Calls">Exchanges for which the model's server was asked.</param>
/// <param name="Failures">Those of them that failed, after all repetitions.</param>
/// <param name="Refusals">Exchanges that the run's bound of tokens refused.</param>
/// <param name="Spent">What counts against that bound.</param>
/// <param name="Tokens">What the replies took, as the server says.</param>
internal readonly record struct RecordingTotals(
    long Calls, long Failures, long Refusals, long Spent, TokenUsage Tokens);

/// <summary>
/// What an exchange is found by: SHA-256 of the model and of what it was told, in 64 lower-case hexadecimal digits.
/// Texts are hashed as UTF-8, each after its length in bytes (32 bits, the lowest byte first): the model, then each
/// message's role and text.
/// </summary>
internal static class RecordingKey
{
    /// <summary>The key of asking this model this.</summary>
    public static string Of(string model, IReadOnlyList<ChatMessage> messages)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, model);
        foreach (var message in messages)
        {
            Add(hash, message.Role.Value);
            Add(hash, message.Text);
        }
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    /// <summary>The key of a text alone.</summary>
    public static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static void Add(IncrementalHash hash, string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
        hash.AppendData(length);
        hash.AppendData(utf8);
    }
}

/// <summary>
/// The recorded exchanges with a language model can't be read or written, or don't fit the run. The message is for
/// people and says what differs or what to do.
/// </summary>
public sealed class RecordingException : Exception
{
    /// <summary>A failure.</summary>
    public RecordingException(string message, Exception? inner = null) : base(message, inner) { }
}
