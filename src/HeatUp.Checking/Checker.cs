using HeatUp.Simulations;

namespace HeatUp.Checking;

/// <summary>
/// Looks for faults of the service's path as the simulations of FoundationDB and TigerBeetle do: lets it run on a
/// virtual clock in a small world where whatever may go wrong does, kills it at any point, and looks all the time at
/// what must always hold; then lets the world be quiet, and looks that all comes to its end. A seed decides all of it,
/// so that what was found can be seen again. Thread-safe.
/// </summary>
public static class Checker
{
    /// <summary>
    /// Checks one seed; takes some hundredths of a second. The same seed and version give the same result, on any
    /// machine.
    /// </summary>
    public static CheckResult Check(Seed seed) => Check(seed, PathParts.Real);

    internal static CheckResult Check(Seed seed, PathParts parts)
    {
        using var world = new World(seed);
        new Course(world, parts).Plan();
        try
        {
            world.Time.RunUntil(long.MaxValue);
        }
        catch (EndlessException endless)
        {
            world.Journal.Broken(ViolationKind.Liveness, Invariant.QueueRunsDry, null, endless.Message);
        }
        catch (InvalidOperationException) when (world.Journal.Violation is not null)
        {
            // That is how the journal ends a check.
        }
        return world.Journal.ToResult(seed);
    }
}
