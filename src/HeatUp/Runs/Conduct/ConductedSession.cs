using HeatUp.Channels;

namespace HeatUp.Runs.Conduct;

/// <summary>An account that is online, under the rules: each action is written down before it is done, or refused.
/// </summary>
internal sealed class ConductedSession(
    LiveConduct conduct, AccountBook accounts, SessionId name, IAccountSession inner, IDisposable turn)
    : ITelegramSession
{
    private Outcome? ended;

    /// <inheritdoc/>
    public ValueTask<Outcome> JoinAsync(ChannelName channel, CancellationToken cancellation) =>
        KeepAsync(async () =>
        {
            var did = await conduct.CountAsync(name, cancellation);
            if (accounts.Check(name, AccountLedger.Join, did.Joins, ConductLimits.JoinsMax, channel) is { } closed)
                return LiveConduct.OutcomeOf(closed);
            // A channel may have several names, and others tomorrow: its number tells whose it is.
            var (id, _, unknown) = await inner.FollowsAsync(channel, cancellation);
            // A question is no join; the sittings and their steps bound how often it is asked.
            if (unknown is not null) return unknown;
            var known = new KnownChannel(id, [channel]);
            if (accounts.Spend(name, AccountLedger.Join, did.Joins, ConductLimits.JoinsMax, known) is { } refusal)
                return LiveConduct.OutcomeOf(refusal);
            var outcome = await inner.JoinAsync(channel, id, cancellation);
            if (outcome is Outcome.Done) Keep(() => accounts.Follows(name, known, isFollowed: true));
            return outcome;
        });

    /// <inheritdoc/>
    public ValueTask<Outcome> ReadAsync(ChannelName channel, TimeSpan duration, CancellationToken cancellation) =>
        KeepAsync(async () =>
        {
            // What Telegram says counts; the history never does, since it can be edited.
            if (await NotFollowedAsync(channel, cancellation) is { } why) return why;
            var did = await conduct.CountAsync(name, cancellation);
            return accounts.Spend(name, AccountLedger.Read, did.Reads, ConductLimits.ReadsMax) is { } refusal
                ? LiveConduct.OutcomeOf(refusal)
                : await inner.ReadAsync(channel, duration, cancellation);
        });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await inner.DisposeAsync();
            Note(inner.TakeNews());
        }
        finally
        {
            turn.Dispose();
        }
    }

    private async ValueTask<Outcome?> NotFollowedAsync(ChannelName channel, CancellationToken cancellation)
    {
        if (accounts.RefusalOf(name) is { } refusal) return LiveConduct.OutcomeOf(refusal);
        var isFollowed = accounts.Find(name)?.Followed.Contains(channel) is true;
        var (id, says, failure) = await inner.FollowsAsync(channel, cancellation);
        if (failure is not null) return failure;
        if (says != isFollowed) accounts.Follows(name, new KnownChannel(id, [channel]), isFollowed = says);
        return isFollowed
            ? null
            : LiveConduct.OutcomeOf(new($"'{name}' does not follow {channel}, and reads only what it follows.", null));
    }

    /// <summary>What happened without an answer counts as what an answer tells.</summary>
    private void Note(AccountNews news)
    {
        foreach (var joined in news.Joined) Keep(() => accounts.Follows(name, joined, isFollowed: true));
        foreach (var said in news.Said)
            Keep(() =>
            {
                var heard = conduct.Heard(name, said);
                ended ??= heard;
            });
    }

    /// <summary>
    /// What was done is told as done, also if what follows from it can't be kept; but then nothing more is done.
    /// </summary>
    private void Keep(Action keep)
    {
        try
        {
            keep();
        }
        catch (IOException failure)
        {
            ended ??= LiveConduct.OutcomeOf(new(failure.Message, null));
        }
    }

    /// <summary>After a wait that Telegram asked for, or the account's loss, nothing is asked any more.</summary>
    private async ValueTask<Outcome> KeepAsync(Func<ValueTask<Outcome>> act)
    {
        Note(inner.TakeNews());
        if (ended is not null) return ended;
        try
        {
            var outcome = await act();
            if (outcome is Outcome.MustWait wait) outcome = wait with { EndsSitting = true };
            if (outcome is Outcome.MustWait or Outcome.AccountLost) ended = outcome;
            Keep(() => conduct.Heard(name, outcome));
            return outcome;
        }
        catch (IOException failure)
        {
            return LiveConduct.OutcomeOf(new(failure.Message, null));
        }
        catch (OperationCanceledException)
        {
            return Outcome.Cancelled.Instance;
        }
    }
}
