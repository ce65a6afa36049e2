using HeatUp.Plans;
using HeatUp.Plans.Llm;
using Microsoft.Extensions.AI;

namespace HeatUp.Simulations;

/// <summary>
/// The calls of a run to its language model: so many at once, so long each, for so many tokens in all. Thread-safe.
/// </summary>
internal sealed class LlmCalls : IDisposable
{
    private readonly ILlmExchange server;
    private readonly CallGate gate;
    private readonly TimeSpan timeout;
    private readonly long? maxTokens;
    private readonly TimeProvider clock;
    private readonly CancellationTokenSource ending = new();

    /// <summary>The calls.</summary>
    /// <param name="server">Who answers.</param>
    /// <param name="gate">Who may call.</param>
    /// <param name="timeout">How long one exchange may take, repetitions included, once it has a place.</param>
    /// <param name="maxTokens">The run's bound, for the text of refusals.</param>
    /// <param name="clock">The real time.</param>
    public LlmCalls(ILlmExchange server, CallGate gate, TimeSpan timeout, long? maxTokens, TimeProvider clock) =>
        (this.server, this.gate, this.timeout, this.maxTokens, this.clock) = (server, gate, timeout, maxTokens, clock);

    /// <summary>How many are under way.</summary>
    public int InFlight => gate.Inside;

    /// <summary>Makes a call when there is a place for it, unless the run's tokens are spent.</summary>
    /// <exception cref="ObjectDisposedException">The run is over.</exception>
    public async ValueTask<RecordingEntry> CallAsync(IReadOnlyList<ChatMessage> messages, Seed chance)
    {
        try
        {
            var cost = CallCost.Of(messages);
            return await gate.EnterAsync(cost.Whole, ending.Token)
                ? await CallAsync(messages, cost, chance)
                : Refusal();
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(LlmCalls), "The run ended while a plan was being made.");
        }
    }

    /// <summary>Ends the calls that are under way.</summary>
    public void Dispose()
    {
        ending.Cancel();
        server.Dispose();
    }

    private async ValueTask<RecordingEntry> CallAsync(IReadOnlyList<ChatMessage> messages, CallCost cost, Seed chance)
    {
        // What ends without an answer may have been paid for all the same.
        var spent = cost.Input;
        try
        {
            var answer = await AskAsync(messages, chance);
            spent = cost.SpentOn(answer).Total;
            return new RecordingEntry(answer, spent, null);
        }
        finally
        {
            gate.Leave(cost.Whole, spent);
        }
    }

    private async ValueTask<LlmAnswer> AskAsync(IReadOnlyList<ChatMessage> messages, Seed chance)
    {
        using var deadline = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ending.Token);
        try
        {
            return await server.AskAsync(messages, chance, either.Token);
        }
        catch (OperationCanceledException) when (!ending.IsCancellationRequested)
        {
            return new LlmAnswer(null, new LlmFailure(FallbackCode.Timeout,
                $"The model did not answer within {Counted.Seconds(timeout)}, repetitions included.")
            {
                MayCost = true,
            });
        }
    }

    private RecordingEntry Refusal() => new(
        new LlmAnswer(null, new LlmFailure(FallbackCode.BudgetSpent,
            $"Of the run's {maxTokens} tokens too few are left for a call.")),
        0,
        maxTokens);
}
