using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.TdLib.Api;

namespace HeatUp.TdLib;

/// <summary>
/// The real Telegram, through TDLib. A session is an account that its owner has logged in; its client lives as long as
/// its sitting. It keeps no rules of conduct itself, so it is not public. Thread-safe.
/// </summary>
internal sealed class TdLibTelegram(
    TdLibrary library, TdAccounts accounts, TdApplication application, TimeProvider clock) : ITelegram
{
    private static readonly TelegramError LoggedOut = new(401, "Unauthorized");

    /// <inheritdoc/>
    public string? Trouble => null;

    /// <inheritdoc/>
    public ValueTask<LookUp> LookUpAsync(ChannelName name, CancellationToken cancellation) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask<Similar> SimilarAsync(ChannelName channel, CancellationToken cancellation) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    public async ValueTask<Connection> ConnectAsync(
        SessionId session, IReadOnlyList<Membership> remembered, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return new(null, Outcome.Cancelled.Instance);
        if (!accounts.Has(session)) return new(null, new Outcome.AccountLost(LoggedOut));
        var client = library.Open();
        Outcome? failure;
        try
        {
            failure = await GoOnlineAsync(client, session, cancellation);
        }
        catch (OperationCanceledException)
        {
            failure = Outcome.Cancelled.Instance;
        }
        if (failure is null) return new(new TdLibSession(client, clock), null);
        await client.CloseAsync();
        return new(null, failure);
    }

    /// <summary>
    /// That an account's folder remembers a login doesn't prove that it still lives: the servers must have said so.
    /// </summary>
    private async ValueTask<Outcome?> GoOnlineAsync(
        TdClient client, SessionId session, CancellationToken cancellation)
    {
        using var watch = client.Watch();
        var start = new SetTdlibParameters(
            application.IsTest, accounts.FolderOf(session), accounts.Key(), application.ApiId, application.ApiHash);
        var started = await client.SendAsync(start, RunLimits.AnswerWithin, cancellation);
        if (!started.IsOk) return started.Error.ToOutcome(clock.GetUtcNow());
        if (client.State is not AuthorizationState.Ready) return new Outcome.AccountLost(LoggedOut);
        using var giveUp = new CancellationTokenSource(RunLimits.AnswerWithin, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(giveUp.Token, cancellation);
        try
        {
            await foreach (var update in watch.Updates.ReadAllAsync(either.Token))
            {
                if (client.State is not AuthorizationState.Ready) break;
                if (update is TdUpdate.OfConnection { State.Class: "connectionStateReady" }) return null;
            }
            return new Outcome.AccountLost(LoggedOut);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return TelegramError.NoAnswer.ToOutcome(clock.GetUtcNow());
        }
    }
}
