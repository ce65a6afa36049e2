namespace HeatUp.Plans.Llm;

/// <summary>
/// The dialect that a server was found to speak, and when the best one is tried again: servers are updated, models
/// exchanged behind them, and a refusal may have been the moment's. Thread-safe.
/// </summary>
internal sealed class DialectMemory
{
    /// <summary>After how many exchanges the best dialect is tried again, at most.</summary>
    public const int RestMax = 63;

    private readonly Lock gate = new();
    private ChatDialect known = ChatDialect.Best;
    private int rest;
    private int doubts;
    private bool hasSaidNothing;

    /// <summary>What is known to work, or the best if nothing is.</summary>
    public ChatDialect Known
    {
        get { lock (gate) return known; }
    }

    /// <summary>What an exchange begins with.</summary>
    public DialectSearch Begin()
    {
        lock (gate)
        {
            var search = new DialectSearch(Next());
            if (hasSaidNothing) search.DoubtForm();
            hasSaidNothing = false;
            return search;
        }
    }

    /// <summary>
    /// An exchange ended without a word. A form may be all that keeps a model from saying something: the next one does
    /// without.
    /// </summary>
    public void SaidNothing()
    {
        lock (gate) hasSaidNothing = true;
    }

    /// <summary>An exchange succeeded.</summary>
    public void Worked(DialectSearch search)
    {
        lock (gate)
        {
            if (search.Spoken == search.Begun)
            {
                if (search.Begun == ChatDialect.Best) (known, doubts) = (search.Begun, 0);
                return;
            }
            if (search.Spoken == search.Known) (known, rest) = (search.Known, RestMax);
            // Suspected once is not known; suspected again and again is, for longer each time.
            else if (++doubts > 1)
                (known, rest) = (search.Spoken, Math.Min(RestMax, (1 << Math.Min(doubts - 1, 6)) - 1));
            else (known, rest) = (search.Known, RestMax);
        }
    }

    /// <summary>An exchange failed: what worked before may be over.</summary>
    public void Failed(DialectSearch search)
    {
        lock (gate)
        {
            if (search.Begun != ChatDialect.Best) rest = 0;
        }
    }

    private ChatDialect Next()
    {
        if (known == ChatDialect.Best) return known;
        if (rest-- > 0) return known;
        // One tries; those beside it need not.
        rest = RestMax;
        return ChatDialect.Best;
    }
}
