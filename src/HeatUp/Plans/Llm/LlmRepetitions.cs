namespace HeatUp.Plans.Llm;

/// <summary>How often an exchange's call is repeated, and after which waits.</summary>
internal sealed class LlmRepetitions(LlmOptions options, Seed chance)
{
    private int made;
    private bool wasAtOnce;

    /// <summary>Whether no further repetition is to come.</summary>
    public bool IsLast => made == options.Retries;

    /// <summary>How long to wait before the next repetition; null if there is none.</summary>
    public TimeSpan? WaitAfter(LlmFailure failure)
    {
        var asked = failure.RetryAfter;
        if (!failure.MayPass || asked > options.RetryDelayMax || made >= options.Retries) return null;
        // A server that says "now" is taken at its word once; if it doesn't mean it, it is waited for as usual.
        if (asked == TimeSpan.Zero && !wasAtOnce)
        {
            wasAtOnce = true;
            return TimeSpan.Zero;
        }
        return asked > TimeSpan.Zero ? Asked(asked.Value) : Backoff();
    }

    private TimeSpan Asked(TimeSpan wait)
    {
        made++;
        return wait;
    }

    private TimeSpan Backoff()
    {
        var jitter = 0.5 + chance.Fork(made).ToRng().NextDouble();
        var delay = options.RetryDelay * (Math.Pow(2, made++) * jitter);
        return delay < options.RetryDelayMax ? delay : options.RetryDelayMax;
    }
}
