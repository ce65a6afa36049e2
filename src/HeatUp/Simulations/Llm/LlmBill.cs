using System.Collections.Concurrent;
using HeatUp.Plans;
using HeatUp.Plans.Llm;
using Microsoft.Extensions.AI;

namespace HeatUp.Simulations;

/// <summary>
/// Which sitting pays for which call: of those that share one, the first that is billed. Whoever bills them in an order
/// of their own, and not in that in which they happened to ask, gets the same on any number of threads. Thread-safe.
/// </summary>
internal sealed class LlmBill
{
    private readonly ConcurrentDictionary<(SessionId Session, int Sitting), LlmTab> tabs = new();
    private readonly Lock gate = new();
    private readonly HashSet<CassetteKey> paid = [];

    /// <summary>Keeps what a sitting's plan came of, until it is paid.</summary>
    public void Keep(SessionId session, int sitting, LlmTab tab) => tabs[(session, sitting)] = tab;

    /// <summary>The tokens of those of a sitting's calls that nobody has paid for yet; from now on they are.</summary>
    public TokenUsage Pay(SessionId session, int sitting)
    {
        var sum = default(TokenUsage);
        if (!tabs.TryRemove((session, sitting), out var tab)) return sum;
        lock (gate)
            foreach (var (key, tokens) in tab.Calls)
                if (paid.Add(key))
                    sum += tokens;
        return sum;
    }
}

/// <summary>Asks a cassette for one plan, and notes what it came of.</summary>
internal sealed class LlmTab(Cassette cassette) : ILlmExchange
{
    private readonly List<(CassetteKey Key, TokenUsage Tokens)> calls = [];

    /// <summary>What was asked, and what it cost whoever made the call.</summary>
    public IReadOnlyList<(CassetteKey Key, TokenUsage Tokens)> Calls => calls;

    /// <inheritdoc/>
    public async ValueTask<LlmAnswer> AskAsync(
        IReadOnlyList<ChatMessage> messages, Seed chance, CancellationToken cancellation)
    {
        var (key, answer) = await cassette.AnswerAsync(messages, chance, cancellation);
        calls.Add((key, answer.Reply?.Tokens ?? default));
        return answer;
    }

    /// <summary>Nothing: the cassette is not its own.</summary>
    public void Dispose() { }
}
