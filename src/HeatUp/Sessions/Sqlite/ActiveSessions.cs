using System.Text;

namespace HeatUp.Sessions.Sqlite;

/// <summary>
/// The sessions of the history, found by leaps from one to the next in the index instead of a walk over all rows.
/// </summary>
internal static class ActiveSessions
{
    /// <summary>The most sessions that are read at once.</summary>
    public const int PageMax = 256;

    private const string Next = "SELECT min(session_id) FROM session_history WHERE session_id > ?1";

    // Counts the odd ones that look as late, which are then counted again for what they are.
    private const string AsText = "SELECT count(*) FROM session_history WHERE session_id = ?1 AND timestamp >= ?2";

    private const string Newest = """
        SELECT timestamp FROM session_history WHERE session_id = ?1 AND timestamp >= ?2 ORDER BY timestamp DESC
        """;

    private const string Odd = $"""
        SELECT timestamp, ifnull(timestamp >= ?2, 0) FROM session_history
        WHERE session_id = ?1 AND {StoredTime.IsOddSql}
        """;

    /// <summary>
    /// A page of sessions, those among them that were active since a time, and where the next page begins.
    /// </summary>
    public static (List<SessionActivity> Active, SqliteValue? Last) Page(
        SqliteReader reader, (SqliteValue After, DateTimeOffset Since) from)
    {
        var active = new List<SessionActivity>();
        var last = default(SqliteValue?);
        for (var i = 0; i < PageMax; i++)
        {
            last = NextAfter(reader.Db, last ?? from.After);
            if (last is not { } session) return (active, null);
            if (Of(reader.Db, session, from.Since) is { } activity) active.Add(activity);
        }
        return (active, last);
    }

    /// <summary>The session that comes after one; null if that was the last.</summary>
    public static SqliteValue? NextAfter(SqliteStatements db, SqliteValue session)
    {
        var next = db[Next].Bind(1, session);
        var found = next.Step() && !next.IsNull(0) ? next.Value(0) : default(SqliteValue?);
        next.Reset();
        return found;
    }

    private static SessionActivity? Of(SqliteStatements db, SqliteValue session, DateTimeOffset since)
    {
        var bound = StoredTime.Bound(since);
        var count = db[AsText].Bind(1, session).Bind(2, bound).Number();
        var last = NewestUsual(db[Newest].Bind(1, session).Bind(2, bound));
        var odd = db[Odd].Bind(1, session).Bind(2, bound);
        while (odd.Step())
        {
            count -= odd.Int64(1);
            if (odd.Time(0) is not { } time || time < since) continue;
            count++;
            if (!(time <= last)) last = time;
        }
        odd.Reset();
        return last is { } at ? new SessionActivity(Encoding.UTF8.GetString(session.Bytes), count, at) : null;
    }

    private static DateTimeOffset? NewestUsual(SqliteStatement times)
    {
        var newest = default(DateTimeOffset?);
        while (newest is null && times.Step())
            if (StoredTime.TryReadUsual(times.Bytes(0), out _))
                newest = times.Time(0);
        times.Reset();
        return newest;
    }
}
