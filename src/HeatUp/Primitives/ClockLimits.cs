namespace HeatUp.Primitives;

/// <summary>
/// How far times may lie from the clock before one of the two is taken to be wrong. Clocks of machines are set wrong by
/// hand, lose their battery, or jump when a virtual machine wakes.
/// </summary>
public static class ClockLimits
{
    /// <summary>A remembered time further ahead of the clock than this was written by a wrong clock.</summary>
    public static readonly TimeSpan AheadMax = TimeSpan.FromDays(1);

    /// <summary>
    /// How far the clock may be from the time that retention saw last, before it asks the owner instead of erasing:
    /// half of what is kept, but a week at least.
    /// </summary>
    /// <param name="daysKept">How many days of history are kept.</param>
    public static TimeSpan GapMax(int daysKept) => TimeSpan.FromDays(Math.Max(7, daysKept / 2.0));
}
