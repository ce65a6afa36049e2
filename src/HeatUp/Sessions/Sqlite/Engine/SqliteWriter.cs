using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace HeatUp.Sessions.Sqlite;

/// <summary>
/// The one thread that writes. It takes all writes that wait and commits them together, so that a thousand sittings
/// share one wait for the disk. Callers wait asynchronously, for room in the queue as well as for the disk.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    /// <summary>The most writes of one commit.</summary>
    public const int BatchMax = 1_024;

    /// <summary>The most writes that wait; the next caller waits for room.</summary>
    public const int QueueMax = 16_384;

    /// <summary>How many commits of others a patient write lets pass at most.</summary>
    public const int PassedOverMax = 64;

    private static readonly Histogram<double> WriteDuration = Telemetry.Meter.CreateHistogram<double>(
        "heatup.store.write.duration", "s", "From a write's request until it is on the disk.");
    private static readonly ObservableUpDownCounter<int> Waiting = Telemetry.Meter.CreateObservableUpDownCounter(
        "heatup.store.write.queue", () => Volatile.Read(ref waiting), "{write}", "Writes that wait for the disk.");

    private static int waiting;

    private readonly Channel<SqliteWrite> queue =
        Channel.CreateBounded<SqliteWrite>(new BoundedChannelOptions(QueueMax) { SingleReader = true });
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SqliteFile file;
    private readonly SqliteCheckpointer checkpointer;
    private readonly TimeProvider clock;
    private readonly Queue<SqliteWrite> patient = new();
    private volatile StoreException? lastFailure;
    private volatile StoreException? died;
    private string? rescue;

    private SqliteWriter(SqliteFile file, SqliteCheckpointer checkpointer, TimeProvider clock) =>
        (this.file, this.checkpointer, this.clock) = (file, checkpointer, clock);

    /// <summary>
    /// Why the newest commit failed, or why the thread has ended; null if all is well. A full disk is trouble until
    /// something is written that needs as much room as a step.
    /// </summary>
    public StoreException? LastFailure => died ?? lastFailure;

    /// <summary>Opens the file, makes its tables, and starts the thread.</summary>
    /// <exception cref="StoreException">The file can't be used.</exception>
    public static async Task<SqliteWriter> StartAsync(
        SqliteFile file, SqliteCheckpointer checkpointer, TimeProvider clock)
    {
        var writer = new SqliteWriter(file, checkpointer, clock);
        new Thread(writer.Run) { IsBackground = true, Name = "HeatUp SQLite writer" }.Start();
        await writer.opened.Task;
        return writer;
    }

    /// <summary>Writes; completes when it is on the disk.</summary>
    /// <exception cref="StoreException">It couldn't be written: nothing of it was.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up before it was in the queue.</exception>
    public ValueTask<T> WriteAsync<T>(Func<SqliteDatabase, T> perform, CancellationToken cancellation = default) =>
        WriteAsync(new SqliteWrite<T>(perform) { AskedAt = clock.GetTimestamp() }, cancellation);

    /// <summary>The same for what needs as much room as a step: that it succeeds ends a trouble.</summary>
    public ValueTask<T> WriteSizableAsync<T>(Func<SqliteDatabase, T> perform, bool isPatient = false) => WriteAsync(
        new SqliteWrite<T>(perform) { AskedAt = clock.GetTimestamp(), IsSizable = true, IsPatient = isPatient },
        default);

    /// <summary>
    /// The same for what nobody waits for: others go before it, and are not written together with it.
    /// </summary>
    public ValueTask<T> WritePatientlyAsync<T>(Func<SqliteDatabase, T> perform, CancellationToken cancellation) =>
        WriteAsync(
            new SqliteWrite<T>(perform) { AskedAt = clock.GetTimestamp(), IsPatient = true }, cancellation);

    /// <summary>Writes what waits, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await ended.Task;
    }

    private async ValueTask<T> WriteAsync<T>(SqliteWrite<T> write, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Interlocked.Increment(ref waiting);
        try
        {
            await queue.Writer.WriteAsync(write, cancellation);
            return await write.Done;
        }
        catch (ChannelClosedException)
        {
            throw died ?? SqliteTrouble.Closed(file.Path);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
            WriteDuration.Record(clock.GetElapsedTime(write.AskedAt).TotalSeconds);
        }
    }

    private void Run()
    {
        SqliteDatabase? db = null;
        try
        {
            db = new SqliteDatabase(file.OpenWriter());
            opened.SetResult();
            Serve(new SqliteBatch(db, file));
        }
        catch (Exception failure)
        {
            // An opening that failed; or what no batch can answer, such as memory that has run out.
            if (!opened.TrySetException(failure)) Die(SqliteTrouble.WriterDied(file.Path, failure));
        }
        finally
        {
            if (died is null) file.Dispose();
            else if (db is not null) SqliteFile.LeaveLog(db.Handle);
            db?.Dispose();
            ended.SetResult();
        }
    }

    /// <summary>Nothing is written any more: all who wait hear it, and so do all who come.</summary>
    private void Die(StoreException reason)
    {
        died = reason;
        queue.Writer.TryComplete();
        while (patient.TryDequeue(out var write) || queue.Reader.TryRead(out write)) write.Fail(reason);
    }

    private void Serve(SqliteBatch batch)
    {
        var passedOver = 0;
        while (died is null && (patient.Count > 0 || queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult()))
        {
            while (batch.Count < BatchMax && queue.Reader.TryRead(out var write))
            {
                if (write.IsPatient) patient.Enqueue(write);
                else batch.Add(write);
            }
            if (batch.Count > 0)
            {
                Commit(batch);
                passedOver++;
            }
            if (patient.Count == 0) passedOver = 0;
            if (patient.Count == 0 || (passedOver < PassedOverMax && queue.Reader.TryPeek(out _))) continue;
            batch.Add(patient.Dequeue());
            Commit(batch);
            passedOver = 0;
        }
    }

    private void Commit(SqliteBatch batch)
    {
        StoreException? failure;
        try
        {
            failure = batch.Commit();
            if (failure is not null && file.Loss() is { } loss) failure = Rescue(batch.Db.Handle, loss);
            else rescue = null;
        }
        catch (Exception fault)
        {
            // Whether it was written is unknown; those who wait for it must not wait for ever.
            batch.Tell(SqliteTrouble.WriterDied(file.Path, fault));
            throw;
        }
        // What is small is still written on a disk that is too full for a step.
        if (failure is not null || batch.HasSizable || !SqliteTrouble.IsFull(lastFailure)) lastFailure = failure;
        batch.Tell(failure);
        if (died is { } reason) Die(reason);
        checkpointer.Consider(batch.Db, batch.PagesWritten);
    }

    /// <summary>
    /// Copies what was remembered out of the file that is lost, once. If another file has its place, the log must go
    /// too, which whoever opens that file would take for its own; then nothing can be written any more.
    /// </summary>
    private StoreException Rescue(SQLitePCL.sqlite3 db, StoreException loss)
    {
        StoreException told;
        try
        {
            var copy = $"{file.FullPath}.rescued-{clock.GetUtcNow():yyyyMMdd-HHmmss}-{Environment.ProcessId}";
            if (rescue is null) SqliteBackup.Rescue(db, copy);
            told = SqliteTrouble.Rescued(loss, rescue ??= copy);
        }
        catch (StoreException failure)
        {
            told = SqliteTrouble.NotRescued(loss, failure);
        }
        if (!File.Exists(file.FullPath)) return told;
        file.RemoveLog();
        return died = told;
    }
}
