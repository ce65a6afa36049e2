namespace HeatUp.Runs;

/// <summary>How a run waits, and what it bears.</summary>
public static class RunLimits
{
    /// <summary>The shortest wait between two actions.</summary>
    public static readonly TimeSpan BetweenMin = TimeSpan.FromSeconds(3);

    /// <summary>The longest ordinary wait between two actions.</summary>
    public static readonly TimeSpan BetweenMax = TimeSpan.FromSeconds(10);

    /// <summary>How often a wait is a long one.</summary>
    public const double LongerChance = 0.1;

    /// <summary>What a long wait adds at least.</summary>
    public static readonly TimeSpan LongerMin = TimeSpan.FromSeconds(5);

    /// <summary>What a long wait adds at most.</summary>
    public static readonly TimeSpan LongerMax = TimeSpan.FromSeconds(10);

    /// <summary>The longest wait that Telegram may ask of one step, in sum; a longer one ends the sitting.</summary>
    public static readonly TimeSpan MustWaitMax = TimeSpan.FromSeconds(60);

    /// <summary>How often a step is tried when Telegram asks for short waits.</summary>
    public const int TriesMax = 3;

    /// <summary>
    /// How long an answer of Telegram's may take; after it the session counts as offline. Client libraries wait for
    /// ever without a network, and sit out flood waits up to 60 s in silence, so it is longer than those.
    /// </summary>
    public static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(90);

    /// <summary>
    /// How old an open run may be when its service comes back; an older one is closed as interrupted.
    /// </summary>
    public static readonly TimeSpan ResumeWithin = TimeSpan.FromHours(1);
}
