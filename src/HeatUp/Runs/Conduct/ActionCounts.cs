namespace HeatUp.Runs.Conduct;

/// <summary>What an account did in some time.</summary>
/// <param name="Sittings">Sittings that began.</param>
/// <param name="Joins">Joins that were tried.</param>
/// <param name="Reads">Readings that were tried.</param>
/// <param name="WaitUntil">The latest time until which Telegram asked to wait in them; null if it never did.</param>
public readonly record struct ActionCounts(int Sittings, int Joins, int Reads, DateTimeOffset? WaitUntil);

/// <summary>What the history says that an account did. Thread-safe.</summary>
public interface IActionCounts
{
    /// <summary>
    /// Counts what a session did since a time, whoever wrote it down. What conduct refused was not done, and does not
    /// count.
    /// </summary>
    /// <exception cref="IOException">It can't be counted: nothing may be done.</exception>
    ValueTask<ActionCounts> CountAsync(SessionId session, DateTimeOffset since, CancellationToken cancellation);
}
