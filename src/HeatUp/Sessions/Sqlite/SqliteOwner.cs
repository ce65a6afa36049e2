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
    private const string OthersWithOpenRuns = "SELECT DISTINCT owner FROM runs WHERE ended_at IS NULL AND owner <> ?1";
    private const string Adopt = "UPDATE runs SET owner = ?1 WHERE run_id = ?2";

    private const string CloseUnreadable = """
        UPDATE runs SET status = 'interrupted', end_code = ?2, end_detail = ?3, ended_at = started_at WHERE run_id = ?1
        """;

    private FileStream? presence;
    private long number;

    /// <summary>
    /// The number under which this process owns runs. The database counts them, so that no other ever gets it.
    /// </summary>
    public long NumberIn(SqliteStatements db)
    {
        // If the transaction that counted was rolled back, the number would be given out again: count anew.
        if (presence is not null && db[Count].Number() >= number) return number;
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

    /// <summary>
    /// Makes the open runs, of one session or all, of processes that are gone this one's, and answers them, the
    /// oldest first.
    /// </summary>
    public IReadOnlyList<RunRecord> AdoptIn(SqliteStatements db, SessionId? session)
    {
        var me = NumberIn(db);
        Sweep();
        return [.. Numbers(db[OthersWithOpenRuns].Bind(1, me))
            .Where(other => !File.Exists(PathOf(other)))
            .SelectMany(other => Adopted(db, other, me, session))
            .OrderBy(run => run.StartedAt)];
    }

    public void Dispose() => presence?.Dispose();

    private static List<RunRecord> Adopted(SqliteStatements db, long other, long me, SessionId? session)
    {
        var runs = new List<RunRecord>();
        foreach (var name in RunRows.OpenOf(db, other, session))
        {
            try
            {
                if (!RunId.TryParse(name, out var id) || RunRows.FindIn(db, id) is not { } run) continue;
                db[Adopt].Bind(1, me).Bind(2, name).Run();
                runs.Add(run);
            }
            catch (StoreException unreadable)
            {
                // One odd row must not keep the others from going on, nor its own session from ever sitting again.
                db[CloseUnreadable].Bind(1, name).Bind(2, EndCode.Unreadable).Bind(3, unreadable.Message).Run();
            }
        }
        return runs;
    }

    private static List<long> Numbers(SqliteStatement rows)
    {
        var numbers = new List<long>();
        while (rows.Step()) numbers.Add(rows.Int64(0));
        rows.Reset();
        return numbers;
    }

    /// <summary>Removes the files that nobody locks.</summary>
    private void Sweep()
    {
        var (folder, name) = (Path.GetDirectoryName(file.FullPath)!, Path.GetFileName(file.FullPath));
        foreach (var path in Directory.EnumerateFiles(folder, $"{name}-owner-*"))
        {
            try
            {
                Lock(path, FileMode.Open).Dispose();
            }
            catch (Exception locked) when (locked is IOException or UnauthorizedAccessException)
            {
                // Its process lives, or belongs to a user whose files we may not touch.
            }
        }
    }

    private FileStream? Claim(string path)
    {
        try
        {
            return Lock(path, FileMode.OpenOrCreate);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw SqliteTrouble.NoOwnerFile(file.Path, path, failure);
        }
    }

    // Removed with the lock, by whoever holds it last.
    private static FileStream Lock(string path, FileMode mode) =>
        new(path, mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);

    private string PathOf(long owner) => $"{file.FullPath}-owner-{owner}";
}
