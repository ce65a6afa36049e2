using HeatUp.Channels;
using HeatUp.Plans;

namespace HeatUp.Sessions.Sqlite;

/// <summary>
/// Memberships out of rows of the history that somebody else wrote: the Python service, or an import. A mark of how far
/// the history was seen tells them from our own, whose memberships are written with them.
/// </summary>
internal sealed class ForeignRows(SqliteStatements db)
{
    /// <summary>The most rows that are looked at in one transaction.</summary>
    public const int SliceMax = 10_000;

    private const string Newest = "SELECT max(id) FROM session_history";
    private const string Seen = "SELECT value FROM counters WHERE name = 'history_seen'";
    private const string SetSeen = "UPDATE counters SET value = ?1 WHERE name = 'history_seen'";

    private const string Rows = """
        SELECT session_id, action_type, action_data, timestamp FROM session_history
        WHERE id > ?1 AND id <= ?2 AND action_type IN ('join_channel', 'read_messages') ORDER BY id
        """;

    /// <summary>Whether there are rows that were not yet looked at.</summary>
    public static bool IsBehind(SqliteStatements db) => db[Newest].Number() > db[Seen].Number();

    /// <summary>
    /// Within a transaction: looks at the rows that it didn't write itself, a bounded number of them.
    /// </summary>
    public void CatchUp()
    {
        var newest = db[Newest].Number();
        var seen = db[Seen].Number();
        if (newest <= seen) return;
        var upTo = newest - seen == db.OwnRows ? newest : Math.Min(newest, seen + SliceMax);
        if (newest - seen != db.OwnRows) Look(seen, upTo);
        db[SetSeen].Bind(1, upTo).Run();
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
        if (!ActionData.TryReadChannel(row.Bytes(2), out var channel)) return;
        // A join without a readable time counts all the same; of no time at all is earlier than of any.
        var at = row.Time(3) ?? DateTimeOffset.UnixEpoch;
        if (row.Bytes(1).SequenceEqual("join_channel"u8)) Memberships.Join(db, row.Value(0), channel, at);
        else Memberships.Read(db, row.Value(0), channel, at);
    }
}
