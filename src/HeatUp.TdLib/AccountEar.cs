using HeatUp.Runs;

namespace HeatUp.TdLib;

/// <summary>
/// What Telegram says to an account past the answers that are waited for: it is kept when it is said, whoever's request
/// it was. What can't be kept then must be before the account is used again. Thread-safe.
/// </summary>
/// <param name="keep">Keeps it; an <see cref="IOException"/> if it can't.</param>
internal sealed class AccountEar(Action<Outcome> keep)
{
    private readonly Lock gate = new();
    private readonly Queue<Outcome> unkept = [];

    /// <summary>Listens to a client until it closes.</summary>
    public void ListenTo(TdClient client, TimeProvider clock)
    {
        client.Frozen += HearFreeze;
        if (client.IsFrozen) HearFreeze();
        client.Late += late =>
        {
            if (late.OfAccount(clock.GetUtcNow()) is { } said) Hear(said);
        };
    }

    /// <summary>
    /// Keeps what is not kept yet. Answers why the account can't be used: because it can't be kept, or because what was
    /// asked for before it was kept must be asked for again under the rules; null if nothing was left.
    /// </summary>
    public Outcome? Keep()
    {
        lock (gate)
        {
            var last = default(Outcome);
            try
            {
                for (; unkept.TryPeek(out var said); unkept.Dequeue()) keep(last = said);
                return last;
            }
            catch (IOException failure)
            {
                return new Outcome.Refused(TelegramError.OfConduct(failure.Message));
            }
        }
    }

    private void HearFreeze() => Hear(new Outcome.AccountLost(TelegramError.AccountFrozen));

    private void Hear(Outcome said)
    {
        lock (gate)
        {
            unkept.Enqueue(said);
        }
        Keep();
    }
}
