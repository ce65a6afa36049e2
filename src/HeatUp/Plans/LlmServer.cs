using Microsoft.Extensions.AI;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace HeatUp.Plans;

/// <summary>
/// A server that speaks OpenAI's chat completions. Repeats what may pass, limits how long a call takes, and finds out
/// which form of reply it can be asked for. Failures are values. Thread-safe.
/// </summary>
internal sealed class LlmServer : ILlmExchange
{
    private static readonly ResiliencePropertyKey<Seed> Chance = new("chance");

    // One for all calls: what a provider's package makes of a schema, it keeps for as long as the object lives.
    private static readonly ChatResponseFormat PlanFormat =
        ChatResponseFormat.ForJsonSchema(PromptRules.Schema, "sitting_plan");

    private readonly LlmOptions options;
    private readonly TimeProvider clock;
    private readonly HttpClient? http;
    private readonly IChatClient chat;
    private readonly ResiliencePipeline<LlmAnswer> pipeline;
    private volatile ReplyForm form = ReplyForm.Schema;

    public LlmServer(LlmOptions options, TimeProvider clock)
    {
        (this.options, this.clock) = (options, clock);
        http = LlmConnection.OpenHttp();
        chat = LlmConnection.Open(options, http);
        pipeline = Pipeline();
    }

    /// <summary>A server that is no server: whoever answers does so without a network.</summary>
    public LlmServer(LlmOptions options, TimeProvider clock, IChatClient chat)
    {
        (this.options, this.clock, this.chat) = (options, clock, chat);
        pipeline = Pipeline();
    }

    /// <summary>
    /// Asks once, in the best form that the server is known to take; repeats and simplifies as needed.
    /// </summary>
    /// <inheritdoc/>
    public async ValueTask<LlmAnswer> AskAsync(
        IReadOnlyList<ChatMessage> messages, Seed chance, CancellationToken cancellation)
    {
        for (var asked = form; ; asked--)
        {
            var answer = await AskAsync(messages, asked, chance, cancellation);
            // Remembered when it has worked and not before: one odd error must not cost the schema for ever.
            if (answer.Failure is null) form = asked;
            if (answer.Failure is not { RefusesForm: true } || asked == ReplyForm.Text) return answer;
        }
    }

    public void Dispose()
    {
        chat.Dispose();
        http?.Dispose();
    }

    private async ValueTask<LlmAnswer> AskAsync(
        IReadOnlyList<ChatMessage> messages, ReplyForm asked, Seed chance, CancellationToken cancellation)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: true, cancellation);
        context.Properties.Set(Chance, chance);
        try
        {
            return await pipeline.ExecuteAsync(
                static (context, call) => call.Server.CallAsync(call.Messages, call.Asked, context.CancellationToken),
                context,
                (Server: this, Messages: messages, Asked: asked));
        }
        catch (TimeoutRejectedException)
        {
            return new LlmAnswer(null, new LlmFailure(
                FallbackCode.Timeout, $"The model did not answer within {options.CallTimeout.TotalSeconds} seconds."));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<LlmAnswer> CallAsync(
        IReadOnlyList<ChatMessage> messages, ReplyForm asked, CancellationToken cancellation)
    {
        try
        {
            var response = await chat.GetResponseAsync(messages, OptionsFor(asked), cancellation);
            return new LlmAnswer(LlmReply.Of(response), null);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            cancellation.ThrowIfCancellationRequested();
            // What a server sends can make the packages throw anything; all of it is a failure of the call.
            return new LlmAnswer(null, LlmFailure.Of(fault, options, clock.GetUtcNow()));
        }
    }

    private ChatOptions OptionsFor(ReplyForm asked) => new()
    {
        MaxOutputTokens = options.OutputTokensMax,
        ResponseFormat = asked switch
        {
            ReplyForm.Schema => PlanFormat,
            ReplyForm.Json => ChatResponseFormat.Json,
            _ => null,
        },
        AdditionalProperties = asked == ReplyForm.Schema ? new() { ["strict"] = true } : null,
    };

    private ResiliencePipeline<LlmAnswer> Pipeline()
    {
        var builder = new ResiliencePipelineBuilder<LlmAnswer> { TimeProvider = clock };
        if (options.Retries > 0) builder.AddRetry(new RetryStrategyOptions<LlmAnswer>
        {
            MaxRetryAttempts = options.Retries,
            ShouldHandle = args => ValueTask.FromResult(args.Outcome.Result.Failure is { MayPass: true } failure
                && (failure.RetryAfter ?? TimeSpan.Zero) <= options.RetryDelayMax),
            DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(DelayBefore(args)),
        });
        return builder.AddTimeout(new TimeoutStrategyOptions { Timeout = options.CallTimeout }).Build();
    }

    private TimeSpan DelayBefore(RetryDelayGeneratorArguments<LlmAnswer> retry)
    {
        if (retry.Outcome.Result.Failure?.RetryAfter is { } asked) return asked;
        retry.Context.Properties.TryGetValue(Chance, out var chance);
        var jitter = 0.5 + chance.Fork(retry.AttemptNumber).ToRng().NextDouble();
        var delay = options.RetryDelay * (Math.Pow(2, retry.AttemptNumber) * jitter);
        return delay < options.RetryDelayMax ? delay : options.RetryDelayMax;
    }

    private enum ReplyForm { Text, Json, Schema }
}
