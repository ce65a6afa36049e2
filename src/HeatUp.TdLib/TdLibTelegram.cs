using HeatUp.Channels;
using HeatUp.Runs;
using HeatUp.Runs.Conduct;

namespace HeatUp.TdLib;

/// <summary>
/// The real Telegram, through TDLib. An account is one that its owner has logged in; its client lives as long as it is
/// used. It keeps no rules of conduct itself, so it is not public. Thread-safe.
/// </summary>
/// <param name="library">TDLib.</param>
/// <param name="accounts">Where the logins lie.</param>
/// <param name="application">Who asks.</param>
/// <param name="heard">Keeps what an account was told that nobody waited for: a wait, a limit, a freeze.</param>
/// <param name="clock">The time.</param>
internal sealed class TdLibTelegram(
    TdLibrary library, TdAccounts accounts, TdApplication application, Action<SessionId, Outcome> heard,
    TimeProvider clock) : IAccountTelegram
{
    private const string HowToLogIn = "log in with \"heat account login NAME\"";

    private readonly TdOnline online = new(library, accounts, application, heard, clock);

    /// <inheritdoc/>
    public string? Trouble
    {
        get
        {
            var all = accounts.List();
            if (all.Count == 0) return $"No account is logged in; {HowToLogIn}.";
            var faults = all.Select(online.FaultOf).ToArray();
            if (Array.Exists(faults, fault => fault is null)) return null;
            return $"No account can be used ({all[0]}: {faults[0]!.Message}). If it was logged out, {HowToLogIn}.";
        }
    }

    /// <inheritdoc/>
    public async ValueTask<LookUp> LookUpAsync(
        SessionId account, ChannelName name, CancellationToken cancellation)
    {
        FoundChat? found = null;
        var failure = await AskAsync(
            account, async talk => (_, found) = await talk.LookUpAsync(name, cancellation), cancellation);
        return failure is null ? new(found, null) : new(null, failure);
    }

    /// <inheritdoc/>
    public async ValueTask<Similar> SimilarAsync(
        SessionId account, ChannelName channel, CancellationToken cancellation)
    {
        IReadOnlyList<FoundChat> found = [];
        var failure = await AskAsync(
            account, async talk => found = await talk.SimilarAsync(channel, cancellation), cancellation);
        return failure is null ? new(found, null) : new([], failure);
    }

    /// <inheritdoc/>
    public async ValueTask<AccountConnection> ConnectAsync(SessionId account, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return new(null, Outcome.Cancelled.Instance);
        try
        {
            var (use, failure) = await online.UseAsync(account, cancellation);
            return use is null ? new(null, failure) : new(new TdLibSession(use, clock), null);
        }
        catch (OperationCanceledException)
        {
            return new(null, Outcome.Cancelled.Instance);
        }
    }

    /// <inheritdoc/>
    public ValueTask<Outcome?> KeepHeardAsync() => online.KeepHeardAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => online.DisposeAsync();

    /// <summary>Asks on an account; the client stays for a moment. Answers why there is no answer, or null.</summary>
    private async ValueTask<Outcome?> AskAsync(
        SessionId account, Func<TdTalk, ValueTask> ask, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return Outcome.Cancelled.Instance;
        try
        {
            var (use, failure) = await online.UseAsync(account, cancellation);
            if (use is null) return failure;
            // What comes late for an earlier look-up ends this one; the book hears it too.
            var said = default(TelegramError);
            use.Client.Late += Hear;
            try
            {
                await ask(new TdTalk(use.Client, () => said));
                return null;
            }
            finally
            {
                use.Client.Late -= Hear;
                await use.LingerAsync();
            }

            void Hear(LateAnswer late) => said ??= late.OfAccount(clock.GetUtcNow())?.Error;
        }
        catch (TdRefusal refusal)
        {
            return refusal.Error.ToOutcome(clock.GetUtcNow());
        }
        catch (OperationCanceledException)
        {
            return Outcome.Cancelled.Instance;
        }
    }
}
