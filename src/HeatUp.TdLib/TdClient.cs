using System.Collections.Concurrent;
using System.Text.Json;
using HeatUp.Runs;
using HeatUp.TdLib.Api;
using Microsoft.Extensions.Logging;

namespace HeatUp.TdLib;

/// <summary>
/// One client of TDLib: an account at work, or a login. Requests are typed, answers are values, and each request has a
/// deadline of its own, since without a network TDLib waits for ever. Thread-safe.
/// </summary>
public sealed class TdClient : IAsyncDisposable
{
    /// <summary>
    /// How long a client may take to close, in all. It has nothing to do then but to write to its folder. Several close
    /// at once, so that this is the limit of all of them together.
    /// </summary>
    public static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(15);

    /// <summary>TDLib's own answer to whatever is asked of a client that has closed.</summary>
    private static readonly TelegramError Aborted = new(500, "Request aborted");

    private readonly ConcurrentDictionary<long, TdCall> calls = new();
    private readonly Lock watching = new();
    private readonly List<TdWatch> watches = [];
    private readonly TaskCompletionSource closed = new();
    private readonly ITdJson json;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly int id;
    private long lastCall;
    private volatile bool isFrozen;
    private volatile bool isLoggedOut;
    private volatile AuthorizationState state = new AuthorizationState.WaitTdlibParameters();

    internal TdClient(ITdJson json, TimeProvider clock, ILogger log)
    {
        (this.json, this.clock, this.log) = (json, clock, log);
        id = json.CreateClient(Receive);
    }

    /// <summary>Where the login stands, as of the newest event.</summary>
    public AuthorizationState State => state;

    /// <summary>Whether Telegram says that the account is frozen, as of the newest event.</summary>
    public bool IsFrozen => isFrozen;

    /// <summary>Whether the login has ended, as of the newest event; a client that only closes keeps it.</summary>
    public bool IsLoggedOut => isLoggedOut;

    /// <summary>Completes when the client has closed, for whatever reason; it is of no use then.</summary>
    public Task Closed => closed.Task;

    /// <summary>Hears of answers whose callers have given up. Called where events arrive; it may not wait.</summary>
    public event Action<LateAnswer>? Late;

    /// <summary>Hears each time that the account is said to be frozen, as <see cref="Late"/> does.</summary>
    internal event Action? Frozen;

    /// <summary>Hears that the login has ended, as <see cref="Late"/> does.</summary>
    internal event Action? LoggedOut;

    /// <summary>
    /// Asks, and waits for the answer until the deadline. What was given up goes on in TDLib and perhaps happens; its
    /// answer goes to <see cref="Late"/>.
    /// </summary>
    /// <param name="request">What to ask.</param>
    /// <param name="deadline">How long to wait; then the error is <see cref="TelegramError.NoAnswer"/>'s.</param>
    /// <param name="cancellation">Stops the waiting, not what was asked.</param>
    /// <exception cref="OperationCanceledException">The waiting was stopped.</exception>
    public async ValueTask<TdAnswer<TReply>> SendAsync<TReply>(
        TdRequest<TReply> request, TimeSpan deadline, CancellationToken cancellation = default)
        where TReply : TdObject
    {
        cancellation.ThrowIfCancellationRequested();
        if (closed.Task.IsCompleted) return new(null, Aborted);
        foreach (var secret in request.Secrets) json.Redaction.Hide(secret);
        var call = new TdCall(request, clock.GetTimestamp());
        var number = Interlocked.Increment(ref lastCall);
        calls[number] = call;
        // It may have closed meanwhile: then nobody would answer.
        if (closed.Task.IsCompleted) Answer(number, new TdError(Aborted.Code, Aborted.Message));
        else json.Send(id, request.ToJson(number));
        try
        {
            return AnswerOf<TReply>(await call.Answer.WaitAsync(deadline, clock, cancellation));
        }
        catch (TimeoutException)
        {
            if (!call.TryGiveUp()) return AnswerOf<TReply>(await call.Answer);
            log.NoAnswer(request.Name, deadline.TotalSeconds);
            return new(null, NoAnswerWithin(deadline));
        }
        catch (OperationCanceledException)
        {
            if (!call.TryGiveUp()) return AnswerOf<TReply>(await call.Answer);
            throw;
        }
    }

    /// <summary>Updates from now on. Dispose it when they are no longer wanted.</summary>
    public TdWatch Watch()
    {
        var watch = new TdWatch(Unwatch);
        lock (watching)
        {
            watches.Add(watch);
        }
        if (closed.Task.IsCompleted) watch.End();
        return watch;
    }

    /// <summary>
    /// Waits until the login stands where it is awaited; null if the deadline comes first or the client closes
    /// elsewhere.
    /// </summary>
    /// <exception cref="OperationCanceledException">The waiting was stopped.</exception>
    public async ValueTask<AuthorizationState?> StateAsync(
        Func<AuthorizationState, bool> isAwaited, TimeSpan deadline, CancellationToken cancellation = default)
    {
        using var watch = Watch();
        if (state is var now && isAwaited(now)) return now;
        using var giveUp = new CancellationTokenSource(deadline, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(giveUp.Token, cancellation);
        try
        {
            await foreach (var update in watch.Updates.ReadAllAsync(either.Token))
                if (update is TdUpdate.OfAuthorization { AuthorizationState: var next } && isAwaited(next))
                    return next;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The deadline: no state is the answer.
        }
        return null;
    }

    /// <summary>
    /// Ends the client; the login stays. Whatever is still on its way is answered with an error by TDLib.
    /// </summary>
    /// <returns>Whether it has closed in time.</returns>
    public async ValueTask<bool> CloseAsync()
    {
        if (closed.Task.IsCompleted) return true;
        var asked = SendAsync(new Close(), CloseWithin).AsTask();
        try
        {
            await closed.Task.WaitAsync(CloseWithin, clock);
            await asked;
            return true;
        }
        catch (TimeoutException)
        {
            log.NotClosed(CloseWithin.TotalSeconds);
            return false;
        }
    }

    /// <summary>The same as <see cref="CloseAsync"/>.</summary>
    public async ValueTask DisposeAsync() => await CloseAsync();

    private void Receive(ReadOnlyMemory<byte> received)
    {
        var outside = default(TdEvent);
        try
        {
            outside = TdEvent.Of(received.Span);
            if (outside.Request is { } number) Answer(number, received.Span);
            else if (outside.IsUnderstood && TdEvent.Read(received.Span) is TdUpdate update) Apply(update);
        }
        catch (JsonException fault)
        {
            log.Unreadable(outside.Class, PlaceOf(fault));
            if (outside.Request is { } number) Answer(number, Unreadable(outside.Class));
        }
    }

    private void Answer(long number, ReadOnlySpan<byte> received) => Answer(number, TdEvent.Read(received));

    private void Answer(long number, TdObject received)
    {
        if (!calls.TryRemove(number, out var call) || call.TryAnswer(received)) return;
        var late = AnswerOf<TdObject>(received);
        var after = clock.GetElapsedTime(call.SentAt);
        var text = late.Error is { } error ? json.Redaction.Redact($"{error}") : $"{received}";
        log.AnsweredLate(call.Request.Name, after.TotalSeconds, text);
        Late?.Invoke(new LateAnswer(call.Request, late.Reply, late.Error, after));
    }

    private void Apply(TdUpdate update)
    {
        if (update is TdUpdate.OfAuthorization { AuthorizationState: var next }) state = next;
        if (update is TdUpdate.OfAuthorization && state is AuthorizationState.LoggingOut)
        {
            isLoggedOut = true;
            LoggedOut?.Invoke();
        }
        if (update is TdUpdate.OfFreeze freeze) isFrozen = freeze.IsFrozen;
        if (update is TdUpdate.OfFreeze { IsFrozen: true }) Frozen?.Invoke();
        TdWatch[] told;
        lock (watching)
        {
            told = [.. watches];
        }
        foreach (var watch in told) watch.Tell(update);
        if (state is AuthorizationState.Closed) End(told);
    }

    /// <summary>TDLib has answered all that was on its way before it closed; should it not have, this does.</summary>
    private void End(TdWatch[] told)
    {
        json.Forget(id);
        closed.TrySetResult();
        foreach (var number in calls.Keys) Answer(number, new TdError(Aborted.Code, Aborted.Message));
        foreach (var watch in told) watch.End();
    }

    private void Unwatch(TdWatch watch)
    {
        lock (watching)
        {
            watches.Remove(watch);
        }
    }

    private static TdAnswer<TReply> AnswerOf<TReply>(TdObject received) where TReply : TdObject => received switch
    {
        TdError error => new(null, new TelegramError(error.Code, error.Message)),
        TReply reply => new(reply, null),
        _ => new(null, new TelegramError(500, $"TDLib answered with another class: {received}")),
    };

    private static TdError Unreadable(string? @class) => new(500, $"TDLib's answer can't be read: {@class}");

    private static TelegramError NoAnswerWithin(TimeSpan deadline) =>
        deadline == RunLimits.AnswerWithin
            ? TelegramError.NoAnswer
            : new(TelegramError.NoAnswer.Code, $"No answer within {deadline.TotalSeconds} seconds");

    /// <summary>Where it went wrong, without what stood there.</summary>
    private static string PlaceOf(JsonException fault) => $"{fault.Path}, byte {fault.BytePositionInLine}";
}
