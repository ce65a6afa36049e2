namespace HeatUp.Sessions.Sqlite;

/// <summary>
/// Removes much in slices so short that nobody waits for them noticeably: a reader looks for what may go, the writer
/// removes it between other writes, and how much at a time follows from how long the slice before took.
/// </summary>
internal sealed class SqliteCleanup(
    SqliteReaders readers, SqliteWriter writer, SqliteCheckpointer checkpointer, TimeProvider clock)
{
    /// <summary>
    /// How long a slice should keep the writer before its commit. The commit's wait for the disk is not in it: on a
    /// slow disk smaller slices would only mean more of such waits.
    /// </summary>
    public static readonly TimeSpan SliceTime = TimeSpan.FromMilliseconds(1);

    /// <summary>The fewest rows of a slice.</summary>
    public const int SliceMin = 16;

    /// <summary>The most rows of a slice.</summary>
    public const int SliceMax = 4_096;

    /// <summary>
    /// How much longer than it works a cleanup rests for which nobody waits. Disks, above all those that are shared, do
    /// so much a second at once and then let everybody wait, also who only writes a line.
    /// </summary>
    public const int RestPerWork = 3;

    /// <summary>The longest rest: a slice that waited for ever doesn't stop the cleanup for three times that.</summary>
    public static readonly TimeSpan RestMax = TimeSpan.FromSeconds(30);

    private const int LookMax = 20_000;

    // In the order of the ids, which is about that of time: whole pages become free at once.
    private const string OldRows =
        "SELECT id, timestamp FROM session_history WHERE id > ?1 AND id <= ?2 AND timestamp < ?3 ORDER BY id";

    private const string RowsOfSession = "SELECT id FROM session_history WHERE session_id = ?1 AND +id <= ?2 LIMIT ?3";
    private const string RemoveRow = "DELETE FROM session_history WHERE id = ?1";

    // Who came back is asked of longer times than the history is kept for.
    private const string KeepDay = """
        INSERT OR IGNORE INTO session_days
        SELECT session_id, substr(timestamp, 1, 10) FROM session_history WHERE id = ?1
        """;

    private const string OldRuns =
        "SELECT number FROM runs WHERE started_at < ?1 AND ended_at < ?1 LIMIT ?2";

    private const string RemoveSteps = "DELETE FROM steps WHERE run = ?1";
    private const string RemoveRun = "DELETE FROM runs WHERE number = ?1";

    private const string RemoveDays = "DELETE FROM session_days WHERE session_id = ?1";

    private int slice = 256;
    private TimeSpan rest;

    /// <summary>
    /// Removes the history from before a time; answers how many rows. A row whose time can't be read stays, and so does
    /// one that was not yet looked at.
    /// </summary>
    public async ValueTask<long> HistoryAsync(DateTimeOffset before, bool isAwaited, CancellationToken cancellation)
    {
        var seen = await readers.ReadAsync((reader, _) => ForeignRows.SeenIn(reader.Db), 0, cancellation);
        var removed = 0L;
        for (var after = 0L; after < seen; after += LookMax)
        {
            var old = await readers.ReadAsync(FindOld, (after, Math.Min(seen, after + LookMax), before), cancellation);
            for (int at = 0, count; at < old.Count; at += count)
            {
                count = Math.Min(slice, old.Count - at);
                removed += await RemoveAsync(old.GetRange(at, count), keepsDays: true, isAwaited, cancellation);
            }
        }
        return removed;
    }

    /// <summary>Removes the ended runs from before a time, with their steps.</summary>
    public async ValueTask RunsAsync(DateTimeOffset before, bool isAwaited, CancellationToken cancellation)
    {
        var bound = StoredTime.Bound(before);
        while (await SliceAsync(db => RemoveRuns(db, bound), isAwaited, cancellation) > 0) { }
    }

    /// <summary>Removes a session's history up to a row.</summary>
    public async ValueTask SessionAsync(string session, long newest, CancellationToken cancellation)
    {
        while (await readers.ReadAsync(FindOf, (session, newest, slice), cancellation) is { Count: > 0 } rows)
            await RemoveAsync(rows, keepsDays: false, isAwaited: true, cancellation);
        // Old rows of it may have been cleaned up meanwhile.
        await writer.WriteAsync(db => db[RemoveDays].Bind(1, session).Run(), cancellation);
    }

    private static List<long> FindOld(SqliteReader reader, (long After, long UpTo, DateTimeOffset Before) from)
    {
        var rows = reader.Db[OldRows]
            .Bind(1, from.After).Bind(2, from.UpTo).Bind(3, StoredTime.Bound(from.Before));
        var old = new List<long>();
        while (rows.Step())
            if (rows.Time(1) is { } time && time < from.Before)
                old.Add(rows.Int64(0));
        rows.Reset();
        return old;
    }

    private static List<long> FindOf(SqliteReader reader, (string Session, long Newest, int Most) which)
    {
        var rows = reader.Db[RowsOfSession].Bind(1, which.Session).Bind(2, which.Newest).Bind(3, which.Most);
        var ids = new List<long>();
        while (rows.Step()) ids.Add(rows.Int64(0));
        rows.Reset();
        return ids;
    }

    private ValueTask<int> RemoveAsync(
        List<long> ids, bool keepsDays, bool isAwaited, CancellationToken cancellation) => SliceAsync(
        db => ids.Sum(id =>
        {
            if (keepsDays) db[KeepDay].Bind(1, id).Run();
            return db[RemoveRow].Bind(1, id).Run();
        }), isAwaited, cancellation);

    private int RemoveRuns(SqliteDatabase db, string bound)
    {
        var rows = db[OldRuns].Bind(1, bound).Bind(2, slice);
        var runs = new List<long>();
        while (rows.Step()) runs.Add(rows.Int64(0));
        rows.Reset();
        foreach (var run in runs)
        {
            db[RemoveSteps].Bind(1, run).Run();
            db[RemoveRun].Bind(1, run).Run();
        }
        return runs.Count;
    }

    private async ValueTask<int> SliceAsync(
        Func<SqliteDatabase, int> remove, bool isAwaited, CancellationToken cancellation)
    {
        if (!isAwaited) await Task.Delay(rest, clock, cancellation);
        var begun = clock.GetTimestamp();
        await checkpointer.CaughtUpAsync();
        var took = TimeSpan.Zero;
        var removed = isAwaited
            ? await writer.WriteAsync(Timed, cancellation)
            : await writer.WritePatientlyAsync(Timed, cancellation);
        var rests = clock.GetElapsedTime(begun) * RestPerWork;
        rest = rests < RestMax ? rests : RestMax;
        slice = took > SliceTime ? Math.Max(SliceMin, slice / 2) : Math.Min(SliceMax, slice + slice / 4);
        return removed;

        int Timed(SqliteDatabase db)
        {
            var started = clock.GetTimestamp();
            var count = remove(db);
            took = clock.GetElapsedTime(started);
            return count;
        }
    }
}
