using HeatUp.Plans.Replies;
using Microsoft.Extensions.AI;
using Polly;
using Polly.Timeout;

namespace HeatUp.Plans.Llm;

/// <summary>
/// A server that speaks OpenAI's chat completions. Repeats what may pass, limits how long a call takes, and finds out
/// in which dialect it can be asked. Failures are values. Thread-safe.
/// </summary>
internal sealed class LlmServer : ILlmExchange
{
    /// <summary>The most requests of one exchange, repetitions and tries of other dialects included.</summary>
    public const int RequestsMax = 8;

    private readonly LlmOptions options;
    private readonly TimeProvider clock;
    private readonly HttpClient? http;
    private readonly IChatClient chat;
    private readonly ResiliencePipeline deadline;
    private readonly LlmBreaker? hold;
    private readonly DialectMemory dialects = new();

    /// <summary>A server that is asked over HTTP.</summary>
    /// <param name="options">Which one, and how long it is waited for.</param>
    /// <param name="clock">Measures the waits.</param>
    /// <param name="hold">What the callers share of its trouble; null if each is to find out.</param>
    public LlmServer(LlmOptions options, TimeProvider clock, LlmBreaker? hold = null)
        : this(options, clock, hold, LlmConnection.Open())
    {
    }

    /// <summary>A server that is no server: whoever answers does so without a network.</summary>
    public LlmServer(LlmOptions options, TimeProvider clock, IChatClient chat)
    {
        (this.options, this.clock, this.chat) = (options, clock, chat);
        deadline = new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddTimeout(new TimeoutStrategyOptions { Timeout = options.CallTimeout }).Build();
    }

    private LlmServer(LlmOptions options, TimeProvider clock, LlmBreaker? hold, HttpClient http)
        : this(options, clock, new ChatClient(options, http)) => (this.hold, this.http) = (hold, http);

    /// <summary>The dialect that works, as far as is known.</summary>
    public ChatDialect Dialect => dialects.Known;

    /// <summary>
    /// Asks once, in the best dialect that the server is known to take; repeats and simplifies as needed.
    /// </summary>
    /// <inheritdoc/>
    public async ValueTask<LlmAnswer> AskAsync(
        IReadOnlyList<ChatMessage> messages, Seed chance, CancellationToken cancellation)
    {
        if (hold is null) return await TryAsync(messages, chance, cancellation);
        if (!hold.MayCall(out var held, out var isTry)) return new LlmAnswer(null, held);
        var (isOver, begun) = (false, clock.GetTimestamp());
        try
        {
            var answer = await TryAsync(messages, chance, cancellation);
            isOver = true;
            if (answer.Failure is { IsOfServer: true } failure) hold.Failed(failure, isTry);
            else hold.Passed();
            return answer;
        }
        finally
        {
            // Callers who don't wait as long as a call may take see a server that hangs, too.
            var isLong = clock.GetElapsedTime(begun) >= options.CallTimeout / 2;
            if (!isOver && isLong) hold.Failed(GaveUpOn(), isTry);
            else if (!isOver) hold.GaveUp(isTry);
        }
    }

    private async ValueTask<LlmAnswer> TryAsync(
        IReadOnlyList<ChatMessage> messages, Seed chance, CancellationToken cancellation)
    {
        var (cost, wasted) = (CallCost.Of(messages), default(TokenUsage));
        var search = dialects.Begin();
        var repetitions = new LlmRepetitions(options, chance);
        for (var requests = 1; ; requests++)
        {
            var answer = await AskOnceAsync(messages, search.Spoken, cancellation);
            if (answer.Failure is not { } failure)
            {
                if (answer.Reply is { Text: "", End: ReplyEnd.Whole }) dialects.SaidNothing();
                else dialects.Worked(search);
                return answer with { Wasted = wasted };
            }
            if (failure.Refusal?.Salvaged is { } said && ReplyJson.HasPlan(said))
            {
                var reply = new LlmReply(said, ReplyEnd.Whole, failure.Refusal.Tokens);
                return new LlmAnswer(reply, null) { Wasted = wasted };
            }
            var learns = requests < RequestsMax && search.Learn(failure);
            TimeSpan? wait = learns || requests >= RequestsMax ? null : repetitions.WaitAfter(failure);
            if (!learns && wait is null)
            {
                dialects.Failed(search);
                return answer with { Wasted = wasted };
            }
            wasted += cost.SpentOn(failure);
            if (learns) continue;
            var waiting = Task.Delay(wait!.Value, clock, cancellation);
            // Others are not to ask while this one was told to wait.
            if (failure.RetryAfter is not null) hold?.Rests(failure, wait.Value);
            await waiting;
            // A server that fails for the form's sake doesn't say so: the last try does without.
            if (repetitions.IsLast && failure.Code is FallbackCode.ServerError or FallbackCode.Unreachable)
                search.DoubtForm();
        }
    }

    public void Dispose()
    {
        chat.Dispose();
        http?.Dispose();
    }

    private async ValueTask<LlmAnswer> AskOnceAsync(
        IReadOnlyList<ChatMessage> messages, ChatDialect spoken, CancellationToken cancellation)
    {
        // Virtual time has one context, and whoever leaves it is not waited for.
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: true, cancellation);
        try
        {
            return await deadline.ExecuteAsync(
                static (context, call) => call.Server.CallAsync(call.Messages, call.Spoken, context.CancellationToken),
                context,
                (Server: this, Messages: messages, Spoken: spoken));
        }
        catch (TimeoutRejectedException)
        {
            return new LlmAnswer(null, TookTooLong());
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private LlmFailure GaveUpOn() => TookTooLong() with
    {
        Detail =
            $"The model did not answer within {Counted.Seconds(options.CallTimeout / 2)}, and its caller left.",
    };

    private LlmFailure TookTooLong() => new(
        FallbackCode.Timeout, $"The model did not answer within {Counted.Seconds(options.CallTimeout)}.")
    {
        IsOfServer = true, MayCost = true,
    };

    private async ValueTask<LlmAnswer> CallAsync(
        IReadOnlyList<ChatMessage> messages, ChatDialect spoken, CancellationToken cancellation)
    {
        try
        {
            var response = await chat.GetResponseAsync(
                spoken.Say(messages), spoken.Options(options.OutputTokensMax), cancellation);
            var reply = LlmReply.Of(response);
            // A refusal is shown as it is; gateways may repeat the request's key in it.
            return new LlmAnswer(reply.End == ReplyEnd.Declined
                ? reply with { Text = options.Secrets.Hide(reply.Text, LlmReply.RefusalMax) } : reply, null);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            cancellation.ThrowIfCancellationRequested();
            // Whoever answers in a server's name may throw anything; all of it is a failure of the call.
            return new LlmAnswer(null, LlmFailure.Of(fault, options, clock.GetUtcNow()));
        }
    }
}
