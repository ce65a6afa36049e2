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
        var wait = Backoff(made);
        // A server that says "now" means soon, and is asked once more than others.
        if (asked == TimeSpan.Zero && !wasAtOnce) wasAtOnce = true;
        else made++;
        return asked > wait ? asked : wait;
    }

    private TimeSpan Backoff(int number)
    {
        var jitter = 0.5 + chance.Fork(number).ToRng().NextDouble();
        var delay = options.RetryDelay * (Math.Pow(2, number) * jitter);
        return delay < options.RetryDelayMax ? delay : options.RetryDelayMax;
    }
}
