namespace HeatUp.Runs.Conduct;

/// <summary>Who has an account for a sitting: one at a time, over processes. Thread-safe.</summary>
/// <param name="take">Takes an account's lock; null if somebody has it.</param>
internal sealed class AccountTurns(Func<SessionId, IDisposable?> take)
{
    private readonly Lock gate = new();
    private readonly HashSet<SessionId> here = [];

    /// <summary>Takes an account; null if somebody has it.</summary>
    public IDisposable? Take(SessionId name)
    {
        lock (gate)
        {
            if (take(name) is not { } turn) return null;
            here.Add(name);
            return new Turn(this, name, turn);
        }
    }

    /// <summary>Whether whoever has it took it here.</summary>
    public bool IsHere(SessionId name)
    {
        lock (gate)
        {
            return here.Contains(name);
        }
    }

    /// <summary>Whether somebody has it who did not take it here. It is tried, so nobody may take it meanwhile.
    /// </summary>
    public bool IsElsewhere(SessionId name)
    {
        lock (gate)
        {
            if (here.Contains(name)) return false;
            using var turn = take(name);
            return turn is null;
        }
    }

    private sealed class Turn(AccountTurns turns, SessionId name, IDisposable inner) : IDisposable
    {
        private bool isOver;

        public void Dispose()
        {
            lock (turns.gate)
            {
                if (isOver) return;
                isOver = true;
                turns.here.Remove(name);
                inner.Dispose();
            }
        }
    }
}
