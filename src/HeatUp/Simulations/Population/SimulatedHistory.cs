using System.Collections.Concurrent;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;
using HeatUp.Sessions.Sqlite;

namespace HeatUp.Simulations;

/// <summary>
/// Writes what a simulation did into a database such as the service has: <c>history.db</c>. The rows of an epoch are
/// one transaction, with the mark of how far the run has come, and are written while the next epoch runs.
/// </summary>
internal sealed class SimulatedHistory : IDisposable
{
    private const long NoOwner = 0;

    private const string InsertRun = """
        INSERT INTO runs (
            number, run_id, session_id, sitting, planner, fallback_reason, plan, tokens_in, tokens_out, tokens_cached,
            status, end_code, end_detail, started_at, ended_at, owner)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
        """;

    private const string EndRun =
        "UPDATE runs SET status = ?2, end_code = ?3, end_detail = ?4, ended_at = ?5 WHERE number = ?1";

    private const string InsertHistory =
        "INSERT INTO session_history (session_id, action_type, action_data, timestamp) VALUES (?1, ?2, ?3, ?4)";

    private const string InsertMembership =
        "INSERT INTO memberships (session_id, channel, joined_at, last_read_at) VALUES (?1, ?2, ?3, ?4)";

    private readonly SqliteBulkLoad load;
    private readonly TokensOf tokensOf;
    private readonly Dictionary<int, long> openRuns = [];
    private readonly BlockingCollection<(IReadOnlyList<RowBatch> Batches, string Checkpoint)> queue = [];
    private readonly SemaphoreSlim idle = new(1);
    private readonly Thread thread;
    private volatile StoreException? failure;
    private long runs;

    private SimulatedHistory(SqliteBulkLoad load, TokensOf tokensOf)
    {
        (this.load, this.tokensOf) = (load, tokensOf);
        thread = new Thread(WriteAll) { IsBackground = true, Name = "HeatUp simulated history" };
        thread.Start();
    }

    /// <summary>Opens it, new or to go on.</summary>
    /// <param name="path">Where.</param>
    /// <param name="tokensOf">What a run's row says that it cost; asked once for each, in their order.</param>
    /// <exception cref="StoreException">It can't be opened.</exception>
    public static SimulatedHistory Open(string path, TokensOf tokensOf) => new(SqliteBulkLoad.Open(path), tokensOf);

    /// <summary>The mark of the last epoch that was written; null if none.</summary>
    public string? Checkpoint => load.Checkpoint;

    /// <summary>
    /// Hands over an epoch's rows, in the order of the shards, and goes on as soon as those of the epoch before are
    /// written: the caller may fill their batches again.
    /// </summary>
    /// <exception cref="StoreException">An earlier epoch couldn't be written; this one isn't either.</exception>
    public void Write(IReadOnlyList<RowBatch> batches, string checkpoint)
    {
        idle.Wait();
        ThrowIfFailed();
        queue.Add((batches, checkpoint));
    }

    /// <summary>Counts an epoch's rows without writing them: they are there already.</summary>
    public void Skip(IReadOnlyList<RowBatch> batches)
    {
        foreach (var batch in batches)
        {
            CountRuns(batch);
            batch.Clear();
        }
    }

    /// <summary>Waits for the rows, then makes the database whole: who follows what, and the indexes.</summary>
    /// <exception cref="StoreException">Something couldn't be written.</exception>
    public void Finish(IEnumerable<(int Session, Remembered Memory)> sessions, ChannelNumbers channels)
    {
        queue.CompleteAdding();
        thread.Join();
        ThrowIfFailed();
        load.Write(db => WriteSessions(db, sessions, channels));
        load.Finish();
    }

    public void Dispose()
    {
        queue.CompleteAdding();
        thread.Join();
        load.Dispose();
        queue.Dispose();
        idle.Dispose();
    }

    private static void WriteSessions(
        SqliteDatabase db, IEnumerable<(int Session, Remembered Memory)> sessions, ChannelNumbers channels)
    {
        db.Run("DELETE FROM memberships");
        db.Run("DELETE FROM sittings");
        Span<byte> utf8 = stackalloc byte[16];
        foreach (var (session, memory) in sessions)
        {
            var name = Population.NameOf(session, utf8);
            db["INSERT INTO sittings (session_id, begun) VALUES (?1, ?2)"]
                .Bind(1, name).Bind(2, memory.Sittings).Run();
            foreach (var membership in memory.Memberships(channels).OrderBy(one => one.Channel))
                db[InsertMembership].Bind(1, name).Bind(2, membership.Channel.Value)
                    .Bind(3, membership.JoinedAt).Bind(4, membership.LastReadAt).Run();
        }
        db.Run("""
            UPDATE counters SET value = (SELECT coalesce(max(id), 0) FROM session_history) WHERE name = 'history_seen'
            """);
    }

    private void ThrowIfFailed()
    {
        if (failure is { } reason) throw reason;
    }

    private void WriteAll()
    {
        foreach (var (batches, checkpoint) in queue.GetConsumingEnumerable())
        {
            try
            {
                load.Write(db => Write(db, batches, checkpoint));
            }
            catch (Exception reason)
            {
                // Whatever it is: who hands over the next epoch hears it, instead of waiting for this thread forever.
                failure = reason as StoreException ?? new StoreException(reason.Message, reason);
            }
            foreach (var batch in batches) batch.Clear();
            idle.Release();
        }
    }

    private void Write(SqliteDatabase db, IReadOnlyList<RowBatch> batches, string checkpoint)
    {
        foreach (var batch in batches) Write(db, batch);
        db.Run("DELETE FROM simulation");
        db["INSERT INTO simulation (checkpoint) VALUES (?1)"].Bind(1, checkpoint).Run();
    }

    private void Write(SqliteDatabase db, RowBatch batch)
    {
        for (var i = 0; i < batch.Runs.Count; i++) Insert(db, batch, batch.Runs[i], runs + i + 1);
        foreach (var step in batch.Steps) Insert(db, batch, step);
        foreach (var (session, end, at) in batch.Ends)
            db[EndRun].Bind(1, openRuns[session]).Bind(2, end.Status.Word()).Bind(3, end.Code).Bind(4, end.Detail)
                .Bind(5, At(at)).Run();
        CountRuns(batch);
    }

    private void CountRuns(RowBatch batch)
    {
        foreach (var (session, _, _) in batch.Ends) openRuns.Remove(session);
        foreach (var run in batch.Runs)
        {
            runs++;
            if (run.End is null) openRuns[run.Session] = runs;
        }
    }

    private void Insert(SqliteDatabase db, RowBatch batch, in RowBatch.RunRow run, long number)
    {
        Span<byte> name = stackalloc byte[16];
        var paid = tokensOf(run);
        db[InsertRun]
            .Bind(1, number).Bind(2, run.Id.ToString()).Bind(3, Population.NameOf(run.Session, name))
            .Bind(4, run.Sitting)
            .Bind(5, run.Origin.Planner.Word()).Bind(6, run.Origin.FallbackReason).Bind(7, batch[run.Plan])
            .Bind(8, paid.Input).Bind(9, paid.Output).Bind(10, paid.Cached)
            .Bind(11, (run.End?.Status ?? RunStatus.Running).Word()).Bind(12, run.End?.Code)
            .Bind(13, run.End?.Detail).Bind(14, At(run.StartedAt))
            .Bind(15, run.End is null ? null : At(run.EndedAt)).Bind(16, NoOwner)
            .Run();
    }

    private void Insert(SqliteDatabase db, RowBatch batch, in RowBatch.StepRow step)
    {
        var number = step.RunIndex == RowBatch.EarlierRun ? openRuns[step.Session] : runs + step.RunIndex + 1;
        // A simulation's runner does what the plan says, and nothing else.
        RunRows.Insert(db, number, step.Number, step.Outcome, default, At(step.StartedAt), At(step.EndedAt));
        if (step.Outcome is not Outcome.Done) return;
        Span<byte> name = stackalloc byte[16];
        db[InsertHistory].Bind(1, Population.NameOf(step.Session, name)).Bind(2, step.Kind).Bind(3, batch[step.Action])
            .Bind(4, At(step.EndedAt)).Run();
    }

    private static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);
}

/// <summary>What a run's row says that it cost.</summary>
internal delegate TokenUsage TokensOf(in RowBatch.RunRow run);
