using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;

namespace HeatUp.Checking;

/// <summary>
/// How a process' path is put together. What is checked is the path as it ships; tests of the checker itself break it
/// at one of these places and must see it caught.
/// </summary>
internal sealed record PathParts
{
    /// <summary>The path as it ships.</summary>
    public static PathParts Real { get; } = new();

    /// <summary>What stands between the observed memory and what it is made of: a broken store.</summary>
    public Func<ISittingStore, ISittingStore> Store { get; init; } = store => store;

    /// <summary>What stands between the path and the observed memory: a path that asks for wrong things.</summary>
    public Func<ISittingStore, ISittingStore> Asking { get; init; } = store => store;

    /// <summary>The planner.</summary>
    public Func<IPlanner, IPlanner> Planner { get; init; } = planner => planner;

    /// <summary>Which sessions have a sitting.</summary>
    public Func<Claims> Claims { get; init; } = () => new Claims(int.MaxValue);

    /// <summary>What stands between the path and Telegram: a runner that does wrong things.</summary>
    public Func<ITelegram, ITelegram> Telegram { get; init; } = telegram => telegram;

    /// <summary>Whether a new process takes up what an earlier one left.</summary>
    public bool Resumes { get; init; } = true;
}
