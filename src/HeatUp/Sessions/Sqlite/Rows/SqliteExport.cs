using System.Runtime.CompilerServices;
using HeatUp.Channels;
using HeatUp.Sessions.Archive;
using Microsoft.Data.Sqlite;

namespace HeatUp.Sessions.Sqlite;

/// <summary>Reads everything in one snapshot, on a connection of its own, since whoever takes it may be slow.</summary>
internal sealed class SqliteExport(SqliteFile file)
{
    private const string History =
        "SELECT session_id, action_type, action_data, timestamp FROM session_history ORDER BY id";
    private const string Follows = "SELECT session_id, channel, joined_at, last_read_at FROM memberships";
    private const string Sittings = "SELECT session_id, begun FROM sittings WHERE begun > 0";
    private const int RunsAtOnce = 256;

    public async IAsyncEnumerable<ArchiveRecord> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        using var db = new SqliteDatabase(file.OpenReader());
        using var records = Records(db).GetEnumerator();
        while (Next(records))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return records.Current;
        }
        await ValueTask.CompletedTask;
    }

    private static IEnumerable<ArchiveRecord> Records(SqliteDatabase db)
    {
        db.Run("BEGIN");
        return Rows(db[History], Action)
            .Concat(Rows(db[Follows], Membership)).Concat(Rows(db[Sittings], Sat)).Concat(Runs(db));
    }

    private static IEnumerable<ArchiveRecord> Rows(SqliteStatement rows, Func<SqliteStatement, ArchiveRecord?> read)
    {
        while (rows.Step())
            if (read(rows) is { } record)
                yield return record;
        rows.Reset();
    }

    private static ArchiveRecord Action(SqliteStatement row) =>
        new ArchiveRecord.Action(
            row.Value(0).Bytes, row.Value(1).Bytes, row.IsNull(2) ? null : row.Value(2).Bytes,
            row.IsNull(3) ? null : StoredTime.Original(row.Bytes(3)));

    public static ArchiveRecord.Follows? Membership(SqliteStatement row) =>
        ChannelName.TryParse(row.Text(1), out var channel)
        ? new ArchiveRecord.Follows(row.Text(0)!, channel, row.Time(2) ?? DateTimeOffset.UnixEpoch, row.Time(3))
        : null;

    private static ArchiveRecord Sat(SqliteStatement row) => new ArchiveRecord.Sat(row.Text(0)!, (int)row.Int64(1));

    private static IEnumerable<ArchiveRecord> Runs(SqliteDatabase db)
    {
        var last = 0L;
        while (RunRows.EndedAfter(db, ref last, RunsAtOnce) is { Count: > 0 } runs)
            foreach (var run in runs)
                yield return run;
    }

    private bool Next(IEnumerator<ArchiveRecord> records)
    {
        try { return records.MoveNext(); }
        catch (SqliteException failure) { throw SqliteTrouble.Explain(file.Path, failure); }
    }
}
