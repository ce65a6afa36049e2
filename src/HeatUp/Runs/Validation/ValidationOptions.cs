namespace HeatUp.Runs.Validation;

/// <summary>How a pass goes.</summary>
public sealed record ValidationOptions
{
    /// <summary>The most channels that are looked up; those that sittings report meanwhile come on top.</summary>
    public int Limit { get; init; } = int.MaxValue;

    /// <summary>What passes between two look-ups, beside their own time.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.Zero;

    /// <summary>Only channels that nobody has looked at since then; null for all.</summary>
    public DateTimeOffset? NotSince { get; init; }

    /// <summary>
    /// The channels that left the pool so long ago count among those of the pass, for passes that are parts of one.
    /// </summary>
    public TimeSpan CountedBack { get; init; } = TimeSpan.Zero;

    /// <summary>Whether nothing is written.</summary>
    public bool IsDryRun { get; init; }
}

/// <summary>What a pass bears.</summary>
public static class ValidationLimits
{
    /// <summary>The part of the usable channels that one pass takes out at most: 1 in this many.</summary>
    public const int TakenOutPart = 5;

    /// <summary>The longest flood wait that a pass sits out; a longer one ends it.</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(15);

    /// <summary>How many answers in a row may say nothing about their channels.</summary>
    public const int UndecidedMax = 10;

    /// <summary>How long a channel that sittings report isn't looked at again.</summary>
    public static readonly TimeSpan ReportedAgainAfter = TimeSpan.FromHours(1);

    /// <summary>After how many look-ups what is well is written, so that a killed process loses no more.</summary>
    public const int WriteEvery = 500;
}
