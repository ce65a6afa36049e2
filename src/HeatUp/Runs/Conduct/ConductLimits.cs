namespace HeatUp.Runs.Conduct;

/// <summary>What an account does at most. No setting raises it.</summary>
public static class ConductLimits
{
    /// <summary>The most accounts of one installation.</summary>
    public const int AccountsMax = 3;

    /// <summary>The most sittings of an account in any <see cref="Period"/>.</summary>
    public const int SittingsMax = 4;

    /// <summary>The most joins of an account in any <see cref="Period"/>.</summary>
    public const int JoinsMax = 3;

    /// <summary>The most readings of an account in any <see cref="Period"/>.</summary>
    public const int ReadsMax = 40;

    /// <summary>
    /// The most look-ups of an installation in any <see cref="Period"/>: far below the some 200 after which Telegram
    /// asks an account to wait.
    /// </summary>
    public const int LookUpsMax = 50;

    /// <summary>The time that these are about: it has no midnight at which everything is free again.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromHours(24);

    /// <summary>
    /// How long an account's lines are kept, behind its newest time: twice as long as any of them can count, so that a
    /// question costs the same after years.
    /// </summary>
    public static readonly TimeSpan LedgerKept = 2 * Period;
}
