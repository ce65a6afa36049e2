using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace HeatUp.Sessions.Sqlite;

/// <summary>
/// Moves pages from the write-ahead log into the database, on a thread of its own, so that no request waits for it. The
/// log starts anew only when everything in it was moved; under steady load the writer itself moves the last few pages.
/// </summary>
internal sealed partial class SqliteCheckpointer(SqliteFile file, ILogger log) : IDisposable
{
    /// <summary>After how many written pages the log is looked at.</summary>
    public const int PagesMin = 250;

    /// <summary>From how many pages on the log is too long, and the writer helps (16 MiB).</summary>
    public const int PagesMax = 4_096;

    /// <summary>How long to wait for a reader that keeps what was erased in the log, before the next try.</summary>
    private static readonly TimeSpan EraseAgainAfter = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim wanted = new(0);
    private readonly CancellationTokenSource stopping = new();
    private Thread? thread;
    private TaskCompletionSource? round;
    private int pagesSeen;
    private volatile bool erase;
    private volatile bool isTooLong;
    private volatile bool hasStopped;

    /// <summary>
    /// Starts the thread. It begins with the log that the last process has left: that one may have been killed while
    /// what it had erased was still in there.
    /// </summary>
    public void Start()
    {
        Erase();
        thread = new Thread(Run) { IsBackground = true, Name = "HeatUp SQLite checkpoints" };
        thread.Start();
    }

    /// <summary>Asks for what was erased to vanish from the log too, as soon as nobody reads in it.</summary>
    public void Erase()
    {
        erase = true;
        wanted.Release();
    }

    /// <summary>Called by the writer after each commit: wakes the thread when enough was written.</summary>
    public void Consider(SqliteDatabase db, int pagesWritten)
    {
        if (isTooLong)
        {
            // Once a round: just after it little is left to move, and each time costs a wait for the disk.
            isTooLong = false;
            Move(db.Handle);
        }
        if (pagesWritten - pagesSeen < PagesMin) return;
        pagesSeen = pagesWritten;
        Interlocked.CompareExchange(
            ref round, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null);
        wanted.Release();
    }

    /// <summary>
    /// Ends when the pages that were enough to wake the thread are moved. Whoever writes much and has time waits
    /// here, so that the disk never has much to do at once.
    /// </summary>
    public Task CaughtUpAsync() => (hasStopped ? null : Volatile.Read(ref round)?.Task) ?? Task.CompletedTask;

    public void Dispose()
    {
        stopping.Cancel();
        thread?.Join();
    }

    /// <summary>Moves what can be moved without waiting; answers whether the log is still too long.</summary>
    private static bool Move(sqlite3 connection)
    {
        raw.sqlite3_wal_checkpoint_v2(connection, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out var pages, out _);
        return pages > PagesMax;
    }

    private void Run()
    {
        try
        {
            using var connection = file.OpenCheckpointer();
            while (true)
            {
                wanted.Wait(erase ? EraseAgainAfter : Timeout.InfiniteTimeSpan, stopping.Token);
                while (wanted.Wait(0)) { }
                var asked = Volatile.Read(ref round);
                MoveOrErase(connection);
                // Whoever asked for a round of his own meanwhile also woke this thread again.
                Interlocked.CompareExchange(ref round, null, asked);
                asked?.TrySetResult();
            }
        }
        catch (OperationCanceledException)
        {
            // The store closes; the last connection that closes moves the rest.
        }
        catch (StoreException failure)
        {
            CheckpointsStopped(log, failure);
        }
        finally
        {
            hasStopped = true;
            Volatile.Read(ref round)?.TrySetResult();
        }
    }

    private void MoveOrErase(SqliteConnection connection)
    {
        if (erase)
        {
            var code = raw.sqlite3_wal_checkpoint_v2(
                connection.Handle, "main", raw.SQLITE_CHECKPOINT_TRUNCATE, out _, out _);
            erase = code != raw.SQLITE_OK;
        }
        else if (Move(connection.Handle!))
        {
            isTooLong = true;
        }
    }

    [LoggerMessage(20, LogLevel.Error, "The database's log is no longer moved into it, and grows until the next start")]
    private static partial void CheckpointsStopped(ILogger log, Exception failure);
}
