using HeatUp.Channels;
using HeatUp.Runs;

namespace HeatUp.Sessions.Sqlite;

/// <summary>
/// Tells other processes that the runs of this one go on: a file beside the database that the operating system keeps
/// locked for as long as this process lives, and no longer, whatever kills it. No clock is asked. All calls but the
/// last come on the writer's thread, inside a transaction, so that only one process at a time makes, looks at or
/// removes such files.
/// </summary>
internal sealed class SqliteOwner(SqliteFile file) : IDisposable
{
    private const string CountUp = "UPDATE counters SET value = value + 1 WHERE name = 'owners'";
    private const string Count = "SELECT value FROM counters WHERE name = 'owners'";

    private const string OpenRuns =
        "SELECT run_id, owner, epoch FROM runs WHERE ended_at IS NULL ORDER BY started_at, run_id";

    private const string OpenRunOf = "SELECT run_id, owner, epoch FROM runs WHERE ended_at IS NULL AND session_id = ?1";

    private const string Take = """
        UPDATE runs SET owner = ?1, epoch = epoch + 1
        WHERE run_id = ?2 AND owner = ?3 AND epoch = ?4 AND ended_at IS NULL
        """;

    private const string CloseUnreadable = """
        UPDATE runs SET status = 'interrupted', end_code = ?2, end_detail = ?3, ended_at = started_at WHERE run_id = ?1
        """;

    private FileLock? presence;
    private long number;

    /// <summary>
    /// The number under which this process owns runs. The database counts them, so that no other ever gets it.
    /// </summary>
    public long NumberIn(SqliteDatabase db)
    {
        // If the transaction that counted was rolled back, the number would be given out again: count anew. So too if
        // somebody removed the file: to the others its number is that of a process that is gone.
        if (presence is not null && db[Count].Number() >= number && File.Exists(PathOf(number))) return number;
        presence?.Dispose();
        presence = null;
        while (presence is null)
        {
            db.Run(CountUp);
            number = db[Count].Number();
            presence = Claim(PathOf(number));
        }
        return number;
    }

    /// <summary>Takes over open runs that nobody goes on with.</summary>
    public IReadOnlyList<TakenRun> TakeOverIn(SqliteDatabase db, TakeOver which)
    {
        NumberIn(db);
        Sweep();
        var taken = new List<TakenRun>();
        foreach (var open in OpenIn(db, which.Session))
        {
            if (taken.Count == which.Most) break;
            if (IsOrphan(open, which) && Taken(db, open) is { } run) taken.Add(run);
        }
        return taken;
    }

    /// <summary>
    /// The run that is in the way of forgetting a session: open, of a process that lives. Null if there is none.
    /// </summary>
    public RunId? LivingRunIn(SqliteDatabase db, SessionId session)
    {
        Sweep();
        foreach (var open in OpenIn(db, session))
            if (Lives(open.Owner) && RunId.TryParse(open.Name, out var run))
                return run;
        return null;
    }

    public void Dispose() => presence?.Dispose();

    private static List<OpenRun> OpenIn(SqliteDatabase db, SessionId? session)
    {
        var rows = session is { } only ? db[OpenRunOf].Bind(1, only.Value) : db[OpenRuns];
        var open = new List<OpenRun>();
        while (rows.Step())
            open.Add(new OpenRun(rows.Text(0) ?? "", rows.Int64(1), rows.Int64(2)));
        rows.Reset();
        return open;
    }

    private bool IsOrphan(OpenRun open, TakeOver which) => open.Owner == number
        ? RunId.TryParse(open.Name, out var run) && !which.IsHeld(run)
        : !Lives(open.Owner);

    // After a sweep, a file that is there belongs to a process that lives.
    private bool Lives(long owner) => File.Exists(PathOf(owner));

    private TakenRun? Taken(SqliteDatabase db, OpenRun open)
    {
        try
        {
            if (!RunId.TryParse(open.Name, out var id) || RunRows.FindIn(db, id) is not { } run) return null;
            var isTaken = db[Take].Bind(1, number).Bind(2, open.Name).Bind(3, open.Owner).Bind(4, open.Epoch).Run() > 0;
            return isTaken ? new TakenRun(run, new Hold(id, run.Session, number, open.Epoch + 1)) : null;
        }
        catch (StoreException unreadable)
        {
            // One odd row must not keep the others from going on, nor its own session from ever sitting again.
            db[CloseUnreadable].Bind(1, open.Name).Bind(2, EndCode.Unreadable).Bind(3, unreadable.Message).Run();
            return null;
        }
    }

    /// <summary>Removes the files that nobody locks.</summary>
    private void Sweep()
    {
        var (folder, name) = (Path.GetDirectoryName(file.FullPath)!, Path.GetFileName(file.FullPath));
        foreach (var path in Directory.EnumerateFiles(folder, $"{name}-owner-*"))
        {
            try
            {
                // Removed with the lock; null if its process lives.
                FileLock.TryTake(path, isTransient: true)?.Dispose();
            }
            catch (IOException)
            {
                // It belongs to a user whose files we may not touch.
            }
        }
    }

    private FileLock? Claim(string path)
    {
        try
        {
            return FileLock.TryTake(path, isTransient: true);
        }
        catch (IOException failure)
        {
            throw SqliteTrouble.NoOwnerFile(file.Path, path, failure);
        }
    }

    private string PathOf(long owner) => $"{file.FullPath}-owner-{owner}";

    private readonly record struct OpenRun(string Name, long Owner, long Epoch);
}
