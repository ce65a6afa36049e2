using HeatUp.Channels;

namespace HeatUp.Runs.Conduct;

/// <summary>An account that is online, under the rules: each action is written down before it is done, or refused.
/// </summary>
internal sealed class ConductedSession(
    LiveConduct conduct, AccountBook accounts, SessionId name, ITelegramSession inner, IDisposable turn)
    : ITelegramSession
{
    private Outcome? ended;

    /// <inheritdoc/>
    public ValueTask<Outcome> JoinAsync(ChannelName channel, CancellationToken cancellation) =>
        KeepAsync(async () =>
        {
            var did = await conduct.CountAsync(name, cancellation);
            if (accounts.Spend(name, AccountLedger.Join, did.Joins, ConductLimits.JoinsMax, channel) is { } refusal)
                return LiveConduct.OutcomeOf(refusal);
            var outcome = await inner.JoinAsync(channel, cancellation);
            if (outcome is Outcome.Done) Keep(() => accounts.Follows(name, channel, isFollowed: true));
            return outcome;
        });

    /// <inheritdoc/>
    public ValueTask<Outcome> ReadAsync(ChannelName channel, TimeSpan duration, CancellationToken cancellation) =>
        KeepAsync(async () =>
        {
            // What Telegram says counts; the file of accounts stands in where it can't be asked. The history never
            // does: it can be edited.
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
        if (inner is IFollowingSession asked)
        {
            (var says, var failure) = await asked.FollowsAsync(channel, cancellation);
            if (failure is not null) return failure;
            if (says != isFollowed) accounts.Follows(name, channel, isFollowed = says);
        }
        return isFollowed
            ? null
            : LiveConduct.OutcomeOf(new($"'{name}' does not follow {channel}, and reads only what it follows.", null));
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
