using System.Net;
using System.Net.Sockets;
using Polly;
using Polly.Retry;

namespace HeatUp.Channels.Sources;

/// <summary>
/// TGStat's API: GET and a token in the query. Repeats what may pass, obeys flood waits, limits how long a call takes
/// and how much it may answer. Failures are values, without the token. One call at a time.
/// </summary>
internal sealed class TgstatServer : IDisposable
{
    /// <summary>The longest reply that is read, in bytes, unpacked.</summary>
    public const int ReplyBytesMax = 4 * 1024 * 1024;

    private readonly TgstatOptions options;
    private readonly TimeProvider clock;
    private readonly HttpClient http;
    private readonly ResiliencePipeline<TgstatReply> pipeline;
    private readonly Action<TimeSpan, string> onWait;

    /// <param name="options">How to ask.</param>
    /// <param name="clock">What waits and limits go by.</param>
    /// <param name="onWait">Hears of each wait before it begins: how long, and why.</param>
    public TgstatServer(TgstatOptions options, TimeProvider clock, Action<TimeSpan, string> onWait)
    {
        (this.options, this.clock, this.onWait) = (options, clock, onWait);
        Mask = new TokenMask(options.Token);
        http = OpenHttp();
        pipeline = Pipeline();
    }

    /// <summary>Takes the token out of texts.</summary>
    public TokenMask Mask { get; }

    /// <summary>Calls a method until it answers, or fails for good.</summary>
    /// <param name="call">The method with its parameters, without the token, such as <c>usage/stat?</c>.</param>
    /// <param name="permit">Asked before each attempt: why it may not be made, or null. It counts those that it
    /// permits.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<TgstatReply> AskAsync(
        string call, Func<CancellationToken, ValueTask<TgstatFailure?>> permit, CancellationToken cancellation) =>
        await pipeline.ExecuteAsync(
            static (state, cancellation) => state.Server.TryAsync(state.Call, state.Permit, cancellation),
            (Server: this, Call: call, Permit: permit), cancellation);

    public void Dispose() => http.Dispose();

    private async ValueTask<TgstatReply> TryAsync(
        string call, Func<CancellationToken, ValueTask<TgstatFailure?>> permit, CancellationToken cancellation)
    {
        if (await permit(cancellation) is { } refusal) return TgstatReply.Failed(refusal);
        using var timeout = new CancellationTokenSource(options.CallTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            return await CallAsync(call, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Unreachable($"it did not answer within {options.CallTimeout.TotalSeconds:0} s");
        }
        catch (Exception fault) when (
            fault is HttpRequestException or SocketException or IOException or InvalidDataException)
        {
            return Unreachable(Mask.Clean(fault.Message, 200));
        }
    }

    private async Task<TgstatReply> CallAsync(string call, CancellationToken cancellation)
    {
        using var response = await http.GetAsync(
            AddressOf(call), HttpCompletionOption.ResponseHeadersRead, cancellation);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var body = new byte[ReplyBytesMax + 1];
        var length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellation);
        return length <= ReplyBytesMax
            ? TgstatReply.Read((int)response.StatusCode, body.AsMemory(0, length), Mask)
            : TgstatReply.Failed(new($"TGStat's reply has more than {ReplyBytesMax} bytes. Check TGSTAT_BASE_URL.")
            {
                IsOfTransport = true,
            });
    }

    private Uri AddressOf(string call) => new(
        $"{options.BaseUrl.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{call}"
        + $"{(call.Contains('?') ? '&' : '?')}token={Uri.EscapeDataString(options.Token)}");

    private ResiliencePipeline<TgstatReply> Pipeline()
    {
        var builder = new ResiliencePipelineBuilder<TgstatReply> { TimeProvider = clock };
        // The outer one waits as TGStat says; what it lets in may fail and be repeated as often as any other call.
        if (options.FloodWaitsMax > 0) builder.AddRetry(Repeat(
            options.FloodWaitsMax, failure => failure.Wait is not null,
            retry => retry.Outcome.Result.Failure!.Wait!.Value));
        if (options.Retries > 0) builder.AddRetry(Repeat(options.Retries, failure => failure.MayPass,
            retry => options.RetryDelay * Math.Pow(2, retry.AttemptNumber)));
        return builder.Build();
    }

    private RetryStrategyOptions<TgstatReply> Repeat(int times, Func<TgstatFailure, bool> after,
        Func<RetryDelayGeneratorArguments<TgstatReply>, TimeSpan> delay) => new()
        {
            MaxRetryAttempts = times,
            ShouldHandle = args =>
                ValueTask.FromResult(args.Outcome.Result.Failure is { } failure && after(failure)),
            DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(delay(args)),
            OnRetry = args =>
            {
                onWait(args.RetryDelay, args.Outcome.Result.Failure!.What);
                return ValueTask.CompletedTask;
            },
        };

    private static TgstatReply Unreachable(string why) => TgstatReply.Failed(
        new($"TGStat can't be reached: {why.TrimEnd('.')}.", "Check the network and TGSTAT_BASE_URL.")
        {
            MayPass = true,
            IsOfTransport = true,
        });

    private static HttpClient OpenHttp() => new(new SocketsHttpHandler
    {
        // The token goes to the address that the operator gave, and nowhere else.
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
    }) { Timeout = Timeout.InfiniteTimeSpan, DefaultRequestHeaders = { { "User-Agent", "HeatUp" } } };
}
