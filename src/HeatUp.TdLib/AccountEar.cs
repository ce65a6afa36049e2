using HeatUp.Runs;
using Microsoft.Extensions.Logging;

namespace HeatUp.TdLib;

/// <summary>
/// What Telegram says to an account past the answers that are waited for: it is kept when it is said, whoever's request
/// it was. What can't be kept then must be before the account is used again. Thread-safe.
/// </summary>
/// <remarks>
/// To keep it may take seconds, if another process has the accounts' file. The client's events don't wait for that:
/// what is heard is queued, and kept by one worker in order.
/// </remarks>
/// <param name="account">Whose ear.</param>
/// <param name="keep">Keeps it; an <see cref="IOException"/> if it can't.</param>
/// <param name="log">Is told what can't be kept: the process may end before it can.</param>
internal sealed class AccountEar(SessionId account, Action<SessionId, Outcome> keep, ILogger log)
{
    private readonly Lock gate = new();
    private readonly Queue<Outcome> unkept = [];
    private Task<IOException?> work = Task.FromResult<IOException?>(null);

    /// <summary>Listens to a client until it closes.</summary>
    public void ListenTo(TdClient client, TimeProvider clock)
    {
        client.Frozen += HearFreeze;
        if (client.IsFrozen) HearFreeze();
        client.LoggedOut += HearEnd;
        if (client.IsLoggedOut) HearEnd();
        client.Late += late =>
        {
            if (late.OfAccount(clock.GetUtcNow()) is { } said) Hear(said);
        };
    }

    /// <summary>
    /// Keeps what is not kept yet. Answers why the account can't be used: because it can't be kept, or because what was
    /// asked for before it was kept must be asked for again under the rules; null if nothing was left.
    /// </summary>
    public async ValueTask<Outcome?> KeepAsync()
    {
        Outcome last;
        Task<IOException?> kept;
        lock (gate)
        {
            if (unkept.Count == 0) return null;
            last = unkept.Last();
            kept = KeepNext();
        }
        return await kept is { } failure ? new Outcome.Refused(TelegramError.OfConduct(failure.Message)) : last;
    }

    private void HearFreeze() => Hear(new Outcome.AccountLost(TelegramError.AccountFrozen));

    private void HearEnd() => Hear(new Outcome.AccountLost(TelegramError.LoggedOut));

    private void Hear(Outcome said)
    {
        lock (gate)
        {
            unkept.Enqueue(said);
            KeepNext();
        }
    }

    /// <summary>After whatever is being kept. Called under the gate.</summary>
    private Task<IOException?> KeepNext() => work = work.ContinueWith(
        _ => KeepAll(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    /// <summary>
    /// What is kept leaves the queue after it, so that nobody takes it for kept before. Answers why it can't be kept;
    /// null if it is.
    /// </summary>
    private IOException? KeepAll()
    {
        while (Next() is { } said)
        {
            try
            {
                keep(account, said);
            }
            catch (IOException failure)
            {
                log.NotKept(account, said.Error, failure.Message);
                return failure;
            }
            Drop();
        }
        return null;
    }

    private Outcome? Next()
    {
        lock (gate)
        {
            return unkept.TryPeek(out var said) ? said : null;
        }
    }

    private void Drop()
    {
        lock (gate)
        {
            unkept.Dequeue();
        }
    }
}
