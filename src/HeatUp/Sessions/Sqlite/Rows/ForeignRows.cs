using HeatUp.Channels;
using HeatUp.Plans;

namespace HeatUp.Sessions.Sqlite;

/// <summary>
/// Rows of the history that somebody else wrote, such as the Python service: their times are brought into our form, and
/// memberships are learnt from them. A mark of how far the history was seen tells them from our own, which are written
/// in order and with their memberships.
/// </summary>
internal sealed class ForeignRows(SqliteDatabase db)
{
    /// <summary>The most rows that are looked at in one transaction.</summary>
    public const int SliceMax = 10_000;

    private const string Newest = "SELECT max(id) FROM session_history";
    private const string Seen = "SELECT value FROM counters WHERE name = 'history_seen'";
    private const string Unseen = $"SELECT ifnull(({Newest}), 0) > ({Seen})";
    private const string SetSeen = "UPDATE counters SET value = ?1 WHERE name = 'history_seen'";

    private const string Rows = """
        SELECT id, session_id, action_type, action_data, timestamp FROM session_history
        WHERE id > ?1 AND id <= ?2 ORDER BY id
        """;

    private const string SetTime = "UPDATE session_history SET timestamp = ?2 WHERE id = ?1";

    private long newestAtBegin;

    /// <summary>Whether there are rows that were not yet looked at.</summary>
    public static bool IsBehind(SqliteDatabase db) => db[Unseen].Number() != 0;

    /// <summary>Up to which row the history was looked at.</summary>
    public static long SeenIn(SqliteDatabase db) => db[Seen].Number();

    /// <summary>Learns a membership from a row, whoever wrote it.</summary>
    public static void Learn(
        SqliteDatabase db, SqliteValue session, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> data,
        DateTimeOffset? time)
    {
        var isJoin = kind.SequenceEqual("join_channel"u8);
        if (!isJoin && !kind.SequenceEqual("read_messages"u8)) return;
        if (!ActionData.TryReadChannel(data, out var channel)) return;
        // A join without a time counts all the same; of no time at all is earlier than of any.
        var at = time ?? DateTimeOffset.UnixEpoch;
        if (isJoin) Memberships.Join(db, session, channel, at);
        else Memberships.Read(db, session, channel, at);
    }

    /// <summary>Within a transaction that has written nothing yet: what is there now is what others wrote.</summary>
    public void Begin() => newestAtBegin = db[Newest].Number();

    /// <summary>Before the transaction's end: looks at a bounded number of rows that others wrote.</summary>
    public void CatchUp()
    {
        var seen = SeenIn(db);
        var upTo = Math.Min(newestAtBegin, seen + SliceMax);
        if (upTo > seen) Look(seen, upTo);
        // Only if all that others wrote was looked at, the mark may pass over what is our own.
        if (upTo >= newestAtBegin) upTo = db[Newest].Number();
        if (upTo > seen) db[SetSeen].Bind(1, upTo).Run();
    }

    private void Look(long after, long upTo)
    {
        var rows = db[Rows].Bind(1, after).Bind(2, upTo);
        try
        {
            while (rows.Step()) Look(rows);
        }
        finally
        {
            rows.Reset();
        }
    }

    private void Look(SqliteStatement row)
    {
        var time = row.Time(4);
        if (StoredTime.Normalized(row.Bytes(4), row.IsNull(4)) is { } normal)
            db[SetTime].Bind(1, row.Int64(0)).Bind(2, normal).Run();
        Learn(db, row.Value(1), row.Bytes(2), row.Bytes(3), time);
    }
}
