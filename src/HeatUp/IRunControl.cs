using HeatUp.Runs;
using HeatUp.Sessions;

namespace HeatUp;

/// <summary>Finds, watches and cancels runs, whoever runs them: this process, or another. Thread-safe.</summary>
public interface IRunControl
{
    /// <summary>The run as it stands; null if it isn't remembered.</summary>
    /// <exception cref="StoreException">The store can't be read.</exception>
    ValueTask<RunRecord?> FindAsync(RunId run, CancellationToken cancellation);

    /// <summary>
    /// A run's events from after a step on: the steps that have ended, the step that goes on if it is known, the end.
    /// Completes with the run, and without an end if this process stops or the run is forgotten.
    /// </summary>
    /// <param name="run">Which one.</param>
    /// <param name="afterStep">The number of the last step that the caller knows; 0 for none.</param>
    /// <param name="cancellation">Stops watching; the run goes on.</param>
    /// <exception cref="StoreException">The store can't be read.</exception>
    IAsyncEnumerable<RunEvent> WatchAsync(RunId run, int afterStep, CancellationToken cancellation);

    /// <summary>Cancels a run at its next step's edge, and waits for its end.</summary>
    /// <exception cref="StoreException">The store can't be read.</exception>
    ValueTask<CancelResult> CancelAsync(RunId run, CancellationToken cancellation);
}

/// <summary>The answer to cancelling a run.</summary>
/// <param name="Kind">What came of it.</param>
/// <param name="Run">The run as it stands now; null if it isn't remembered.</param>
public readonly record struct CancelResult(CancelStatus Kind, RunRecord? Run);

/// <summary>What came of cancelling a run.</summary>
public enum CancelStatus
{
    /// <summary>It has ended; by its own end, if that came first.</summary>
    Cancelled,

    /// <summary>It isn't remembered.</summary>
    NotFound,

    /// <summary>It was over already.</summary>
    EndedBefore,

    /// <summary>Another process runs it, which can't be reached from here.</summary>
    Elsewhere,
}

/// <summary>Hears that runs of other processes have changed in the store. Thread-safe.</summary>
public interface IRunNews
{
    /// <summary>
    /// Calls back whenever the run may have changed, until it is disposed; quick and on any thread. News may be lost:
    /// who must know looks at the store now and then.
    /// </summary>
    IDisposable Watch(RunId run, Action onNews);
}
