namespace HeatUp.Plans;

/// <summary>What holds for every plan, whoever made it.</summary>
public static class PlanLimits
{
    /// <summary>The fewest actions of a plan.</summary>
    public const int ActionsMin = 3;

    /// <summary>The most actions of a plan.</summary>
    public const int ActionsMax = 7;

    /// <summary>How often a plan reads one channel at most.</summary>
    public const int ReadsOfChannelMax = 2;

    /// <summary>The shortest reading.</summary>
    public static readonly TimeSpan ReadMin = TimeSpan.FromSeconds(3);

    /// <summary>The longest reading.</summary>
    public static readonly TimeSpan ReadMax = TimeSpan.FromSeconds(30);

    /// <summary>The shortest break.</summary>
    public static readonly TimeSpan IdleMin = TimeSpan.FromSeconds(2);

    /// <summary>The longest break.</summary>
    public static readonly TimeSpan IdleMax = TimeSpan.FromSeconds(15);
}
