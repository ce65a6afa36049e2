using HeatUp.Channels;
using HeatUp.Plans;

namespace HeatUp.Runs.Conduct;

/// <summary>
/// The rules for real accounts, around the Telegram that has none: whatever a plan, a setting or a caller asks for,
/// nothing else than this reaches it. An account reads what it follows and joins what its owner has put on its list,
/// within <see cref="ConductLimits"/>; Telegram's waits are obeyed and end the sitting. Thread-safe.
/// </summary>
/// <param name="inner">The real Telegram.</param>
/// <param name="accounts">The accounts, their lists and ledgers.</param>
/// <param name="counts">What the history says of them.</param>
/// <param name="clock">Says what time it is.</param>
public sealed class LiveConduct(
    IAccountTelegram inner, AccountBook accounts, IActionCounts counts, TimeProvider clock)
    : ITelegram, ISittingGate, IAsyncDisposable
{
    /// <inheritdoc/>
    public string? Trouble => inner.Trouble;

    /// <inheritdoc/>
    public async ValueTask<Admission> AdmitAsync(
        Recollection past, ChannelPool pool, CancellationToken cancellation)
    {
        var name = past.Session;
        try
        {
            var did = await CountAsync(name, cancellation);
            if (Waits(did) is { } wait) return Refused(wait);
            if (accounts.Check(name, AccountLedger.Sitting, did.Sittings, ConductLimits.SittingsMax) is { } refusal)
                return Refused(refusal);
            if (accounts.InUse(name) is { } inUse) return Refused(inUse);
            return new AccountAdmission(accounts, name, did).Of(pool);
        }
        catch (IOException failure)
        {
            return new(null, failure.Message, null);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Connection> ConnectAsync(
        SessionId session, IReadOnlyList<Membership> remembered, RunId run, CancellationToken cancellation)
    {
        try
        {
            var did = await CountAsync(session, cancellation);
            if (Waits(did) is { } wait) return Refusal(wait);
            var turn = accounts.Take(session);
            if (turn is null) return Refusal(accounts.OfUse(session));
            return await ConnectAsync(session, run, did, turn, cancellation);
        }
        catch (IOException failure)
        {
            return Refusal(new(failure.Message, null));
        }
        catch (OperationCanceledException)
        {
            return new(null, Outcome.Cancelled.Instance);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<LookUp> LookUpAsync(ChannelName name, CancellationToken cancellation)
    {
        LookUp found = default;
        var failure = await OnOneAsync(
            async account => (found = await inner.LookUpAsync(account, name, cancellation)).Failure, cancellation);
        return failure is null ? found : new(null, failure);
    }

    /// <inheritdoc/>
    public async ValueTask<Similar> SimilarAsync(ChannelName channel, CancellationToken cancellation)
    {
        Similar found = default;
        var failure = await OnOneAsync(
            async account => (found = await inner.SimilarAsync(account, channel, cancellation)).Failure, cancellation);
        return failure is null ? found : new([], failure);
    }

    /// <summary>Closes what is still open. What an account has used up stays used up.</summary>
    public ValueTask DisposeAsync() => inner.DisposeAsync();

    internal ValueTask<ActionCounts> CountAsync(SessionId session, CancellationToken cancellation) =>
        counts.CountAsync(session, accounts.TimeOf(session) - ConductLimits.Period, cancellation);

    /// <summary>What must be kept of what Telegram said to an account.</summary>
    internal Outcome Heard(SessionId session, Outcome outcome)
    {
        accounts.Heard(session, outcome);
        return outcome is Outcome.MustWait wait ? wait with { EndsSitting = true } : outcome;
    }

    internal static Outcome OutcomeOf(AccountBook.Refusal refusal) =>
        new Outcome.Refused(TelegramError.OfConduct(refusal.Reason));

    private async ValueTask<Connection> ConnectAsync(
        SessionId session, RunId run, ActionCounts did, IDisposable turn, CancellationToken cancellation)
    {
        IAccountSession? online = null;
        var isTaken = false;
        try
        {
            // The sitting that goes online has begun and is in the history already.
            if (accounts.SpendSitting(session, run, did.Sittings - 1) is { } refusal) return Refusal(refusal);
            (online, var failure) = await inner.ConnectAsync(session, cancellation);
            if (online is null) return new(null, Heard(session, failure!));
            if (await RefreshAsync(session, online, cancellation) is { } end) return new(null, end);
            isTaken = true;
            return new(new ConductedSession(this, accounts, session, online, turn), null);
        }
        finally
        {
            if (!isTaken) await LeaveAsync(online, turn);
        }
    }

    private static async ValueTask LeaveAsync(IAccountSession? online, IDisposable turn)
    {
        using (turn)
            if (online is not null)
                await online.DisposeAsync();
    }

    /// <summary>
    /// Keeps what the account follows by now, whoever joined or left it. Answers why the sitting ends here; null if it
    /// goes on, as it does if Telegram doesn't say: each reading asks for its own channel.
    /// </summary>
    private async ValueTask<Outcome?> RefreshAsync(
        SessionId session, IAccountSession online, CancellationToken cancellation)
    {
        var (channels, failure) = await online.FollowedAsync(cancellation);
        if (channels is not null) accounts.Follows(session, channels);
        return failure is Outcome.MustWait or Outcome.AccountLost or Outcome.Cancelled
            ? Heard(session, failure)
            : null;
    }

    /// <summary>
    /// A question that is no session's business, on the account whose turn it is. What Telegram says to it is kept for
    /// that account; one that is logged out is passed over. Answers why there is no answer, or null.
    /// </summary>
    private async ValueTask<Outcome?> OnOneAsync(
        Func<SessionId, ValueTask<Outcome?>> ask, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return Outcome.Cancelled.Instance;
        var (tried, loggedOut) = (new List<SessionId>(), default(Outcome));
        try
        {
            while (true)
            {
                if (await inner.KeepHeardAsync() is { } unkept) return unkept;
                var (account, refusal) = accounts.SpendLookUp(tried);
                if (account is not { } name)
                    return refusal is null || refusal.IsEnd && loggedOut is not null ? loggedOut : OutcomeOf(refusal);
                if (await ask(name) is not { } said) return null;
                var kept = Heard(name, said);
                if (said is not Outcome.AccountLost { Why.Kind: TelegramErrorKind.AccountLost }) return kept;
                tried.Add(name);
                loggedOut = said;
            }
        }
        catch (IOException failure)
        {
            return OutcomeOf(new(failure.Message, null));
        }
    }

    private AccountBook.Refusal? Waits(ActionCounts did) => did.WaitUntil > clock.GetUtcNow()
        ? new($"Telegram asked to wait until {did.WaitUntil.Value.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.", did.WaitUntil)
        : null;

    private static Admission Refused(AccountBook.Refusal refusal) => new(null, refusal.Reason, refusal.Until);

    private static Connection Refusal(AccountBook.Refusal refusal) => new(null, OutcomeOf(refusal));
}
