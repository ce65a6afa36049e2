using System.Collections.Concurrent;
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
public sealed class LiveConduct(ITelegram inner, AccountBook accounts, IActionCounts counts, TimeProvider clock)
    : ITelegram, ISittingGate
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
            using (var turn = accounts.Take(name))
                if (turn is null)
                    return Refused(new(InUse(name), null));
            return new AccountPool(accounts, name, did).Of(pool);
        }
        catch (IOException failure)
        {
            return new(null, failure.Message, null);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Connection> ConnectAsync(
        SessionId session, IReadOnlyList<Membership> remembered, CancellationToken cancellation)
    {
        try
        {
            var did = await CountAsync(session, cancellation);
            if (Waits(did) is { } wait) return Refusal(wait);
            var turn = accounts.Take(session);
            if (turn is null) return Refusal(new(InUse(session), null));
            return await ConnectAsync(session, remembered, did, turn, cancellation);
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
        if (MayNotLook() is { } failure) return new(null, failure);
        var found = await inner.LookUpAsync(name, cancellation);
        return found.Failure is { } said ? found with { Failure = Heard(said) } : found;
    }

    /// <inheritdoc/>
    public async ValueTask<Similar> SimilarAsync(ChannelName channel, CancellationToken cancellation)
    {
        if (MayNotLook() is { } failure) return new([], failure);
        var found = await inner.SimilarAsync(channel, cancellation);
        return found.Failure is { } said ? found with { Failure = Heard(said) } : found;
    }

    internal ValueTask<ActionCounts> CountAsync(SessionId session, CancellationToken cancellation) =>
        counts.CountAsync(session, accounts.TimeOf(session) - ConductLimits.Period, cancellation);

    /// <summary>What must be kept of what Telegram said to an account.</summary>
    internal Outcome Heard(SessionId session, Outcome outcome)
    {
        if (outcome is Outcome.MustWait wait)
        {
            accounts.Wait(session, wait.Until);
            return wait with { EndsSitting = true };
        }
        if (outcome.Error is { Kind: TelegramErrorKind.PeerFlood or TelegramErrorKind.Frozen } error)
            accounts.Stop(session, $"Telegram said {error}.");
        return outcome;
    }

    internal static Outcome OutcomeOf(AccountBook.Refusal refusal) =>
        new Outcome.Refused(TelegramError.OfConduct(refusal.Reason));

    private async ValueTask<Connection> ConnectAsync(
        SessionId session, IReadOnlyList<Membership> remembered, ActionCounts did, IDisposable turn,
        CancellationToken cancellation)
    {
        var isTaken = false;
        try
        {
            // The sitting that goes online has begun and is in the history already.
            if (accounts.Spend(session, AccountLedger.Sitting, did.Sittings - 1, ConductLimits.SittingsMax)
                is { } refusal)
                return Refusal(refusal);
            var (online, failure) = await inner.ConnectAsync(session, remembered, cancellation);
            if (online is null) return new(null, Heard(session, failure!));
            isTaken = true;
            return new(new ConductedSession(this, accounts, session, online, turn), null);
        }
        finally
        {
            if (!isTaken) turn.Dispose();
        }
    }

    /// <summary>A look-up uses any login, so that it waits for all, and is counted for all.</summary>
    private Outcome? MayNotLook()
    {
        try
        {
            var all = accounts.List();
            return all.Select(account => accounts.RefusalOf(account.Name))
                .Concat(all.Select(account =>
                    accounts.Spend(account.Name, AccountLedger.Look, 0, ConductLimits.LookUpsMax)))
                .OfType<AccountBook.Refusal>().Select(OutcomeOf).FirstOrDefault();
        }
        catch (IOException failure)
        {
            return OutcomeOf(new(failure.Message, null));
        }
    }

    private Outcome Heard(Outcome outcome)
    {
        try
        {
            foreach (var account in accounts.List()) outcome = Heard(account.Name, outcome);
            return outcome;
        }
        catch (IOException failure)
        {
            return OutcomeOf(new(failure.Message, null));
        }
    }

    private AccountBook.Refusal? Waits(ActionCounts did) => did.WaitUntil > clock.GetUtcNow()
        ? new($"Telegram asked to wait until {did.WaitUntil.Value.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.", did.WaitUntil)
        : null;

    private static string InUse(SessionId name) =>
        $"The account '{name}' has a sitting in another process. Wait for its end.";

    private static Admission Refused(AccountBook.Refusal refusal) => new(null, refusal.Reason, refusal.Until);

    private static Connection Refusal(AccountBook.Refusal refusal) => new(null, OutcomeOf(refusal));
}
