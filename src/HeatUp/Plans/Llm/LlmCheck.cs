using System.Collections.Immutable;
using HeatUp.Channels;
using HeatUp.Plans.Replies;
using Microsoft.Extensions.AI;

namespace HeatUp.Plans.Llm;

/// <summary>
/// Tries whether a language model can plan, at the price of two small calls: a plan from a pool of two channels, and
/// the same once more as a repair.
/// </summary>
public static class LlmCheck
{
    private const int WordsLengthMax = 200;

    // What a plan takes if the server doesn't count.
    private const int OutputTokensUsual = 300;

    /// <summary>Tries it. What goes wrong is the result's problem.</summary>
    /// <param name="options">Which model, and how long it is waited for.</param>
    /// <param name="pool">The pool of real plans, for what those will cost.</param>
    /// <param name="clock">Tells the time and measures the calls.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static async Task<LlmCheckResult> RunAsync(
        LlmOptions options, ChannelPool pool, TimeProvider clock, CancellationToken cancellation)
    {
        using var server = new LlmServer(options, clock);
        using var deadline = new CancellationTokenSource(options.PlanTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        var run = new Run(options, server, clock);
        try
        {
            await run.AskTwiceAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            run.Problem = $"{FallbackCode.Timeout}: The check took longer than {options.PlanTimeout.TotalSeconds} s.";
        }
        return run.Result(pool);
    }

    /// <summary>
    /// Asks a server which models it has: no call, no tokens, no costs. It tells whether the server answers and takes
    /// the key, not whether the model can plan.
    /// </summary>
    /// <param name="options">Which server, key and model, and how long it is waited for.</param>
    /// <param name="clock">Measures the wait.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public static async Task<LlmLook> LookAsync(
        LlmOptions options, TimeProvider clock, CancellationToken cancellation)
    {
        using var http = LlmConnection.Open();
        using var client = new ChatClient(options, http);
        using var deadline = new CancellationTokenSource(options.CallTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            var models = await client.ListModelsAsync(either.Token);
            return new LlmLook(null, models?.Contains(options.Model));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            var waited = Counted.Seconds(options.CallTimeout);
            return new LlmLook($"{FallbackCode.Timeout}: The server did not answer within {waited}.", null);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException and not OperationCanceledException)
        {
            return new LlmLook(LlmFailure.Of(fault, options, clock.GetUtcNow()).ToString(), null);
        }
    }

    private sealed class Run(LlmOptions options, LlmServer server, TimeProvider clock)
    {
        private readonly PlanRequest request = Request(ChannelPool.VerifiedOnly, clock);
        private readonly List<TimeSpan> latencies = [];
        private readonly List<TokenUsage> tokens = [];
        private long promptLength;
        private string words = "";

        public string? Problem { get; set; } = $"{FallbackCode.BadPlan}: The model was not asked.";

        public async Task AskTwiceAsync(CancellationToken cancellation)
        {
            var messages = Prompted(request);
            promptLength = messages.Sum(message => (long)message.Text.Length);
            if (await AskAsync(messages, cancellation) is not { } first) return;
            var defects = DefectsOf(first.Text);
            if (first.Text.Length > 0) messages.Add(new(ChatRole.Assistant, first.Text));
            messages.Add(new(ChatRole.User, Prompt.RepairMessage(
                defects.Count > 0 ? defects : ["It is good, but this is a check of how repairs go."])));
            if (await AskAsync(messages, cancellation) is not { } second) return;
            var still = DefectsOf(second.Text);
            Problem = defects.Count == 0 || still.Count == 0 ? null : (second.Failure ?? new(
                FallbackCode.BadPlan, $"The model makes no good plan. {string.Join(' ', still.Take(2))}")).ToString();
        }

        public LlmCheckResult Result(ChannelPool pool)
        {
            var prompt = Prompted(Request(pool, clock)).Sum(message => (long)message.Text.Length);
            var measured = tokens.Count > 0 && tokens[0].Input > 0;
            var input = measured
                ? (long)Math.Ceiling((double)tokens[0].Input * prompt / promptLength)
                : prompt / CallCost.CharactersPerToken;
            var output = tokens.Select(one => one.Output).DefaultIfEmpty().Max();
            return new LlmCheckResult(
                Problem, server.Dialect.ToString(), words, [.. latencies],
                tokens.Aggregate(default(TokenUsage), (sum, one) => sum + one),
                new TokenUsage(input, output > 0 ? output : OutputTokensUsual, 0), measured);
        }

        private async Task<LlmReply?> AskAsync(List<ChatMessage> messages, CancellationToken cancellation)
        {
            var begun = clock.GetTimestamp();
            var answer = await server.AskAsync([.. messages], new Seed(0), cancellation);
            latencies.Add(clock.GetElapsedTime(begun));
            if (answer.Reply is not { } reply)
            {
                Problem = answer.Failure?.ToString();
                return null;
            }
            tokens.Add(reply.Tokens);
            words = options.Secrets.Hide(reply.Text, WordsLengthMax);
            return reply;
        }

        private IReadOnlyList<string> DefectsOf(string text)
        {
            // As in a conversation about a plan: the first that is good, else what the one that was meant lacks.
            var all = ReplyReader.ReadAll(text, request.Pool).Select(reply =>
                reply.Defects.Count > 0 ? reply.Defects : PlanCheck.DefectsOf(reply.Actions, request)).ToList();
            return all.Find(defects => defects.Count == 0) ?? all[0];
        }

        private static PlanRequest Request(ChannelPool pool, TimeProvider clock) =>
            new(Recollection.OfNobody(SessionId.Parse("check")), pool, clock.GetUtcNow());

        private static List<ChatMessage> Prompted(PlanRequest request) =>
        [
            new(ChatRole.System, Prompt.SystemMessage(request.Pool)),
            new(ChatRole.User, Prompt.SessionMessage(request, Persona.Of(new Seed(0), request.Past.Session))),
        ];
    }
}

/// <summary>What a check of a language model found.</summary>
/// <param name="Problem">
/// Why it can't plan: one of <see cref="FallbackCode"/>, a colon and a sentence. Null if it can.
/// </param>
/// <param name="Dialect">The parameters that the server takes, in words.</param>
/// <param name="Words">The beginning of what the model said last; empty if it said nothing.</param>
/// <param name="Latencies">How long each call took, repetitions included; one or two.</param>
/// <param name="Tokens">What the check took.</param>
/// <param name="PlanTokens">What a plan will probably take.</param>
/// <param name="IsMeasured">Whether that is reckoned from what the server counts, and not from lengths alone.</param>
public sealed record LlmCheckResult(
    string? Problem, string Dialect, string Words, ImmutableArray<TimeSpan> Latencies, TokenUsage Tokens,
    TokenUsage PlanTokens, bool IsMeasured);

/// <summary>What a look at a language model's server found.</summary>
/// <param name="Problem">
/// Why it can't be used: one of <see cref="FallbackCode"/>, a colon and a sentence. Null if nothing speaks against it.
/// </param>
/// <param name="HasModel">Whether it lists the model; null if it lists none.</param>
public sealed record LlmLook(string? Problem, bool? HasModel);
