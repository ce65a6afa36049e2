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

    private const string Since = $"""
        SELECT count(*), max(timestamp) FROM session_history
        WHERE session_id = ?1 AND timestamp >= ?2 AND timestamp < '{StoredTime.End}'
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
    public static SqliteValue? NextAfter(SqliteDatabase db, SqliteValue session)
    {
        var next = db[Next].Bind(1, session);
        var found = next.Step() && !next.IsNull(0) ? next.Value(0) : default(SqliteValue?);
        next.Reset();
        return found;
    }

    private static SessionActivity? Of(SqliteDatabase db, SqliteValue session, DateTimeOffset since)
    {
        var rows = db[Since].Bind(1, session).Bind(2, StoredTime.Bound(since));
        rows.Step();
        var (count, last) = (rows.Int64(0), rows.Time(1));
        rows.Reset();
        return last is { } at ? new SessionActivity(Encoding.UTF8.GetString(session.Bytes), count, at) : null;
    }
}
