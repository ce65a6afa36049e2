using System.Text;

namespace HeatUp.Sessions.Sqlite;

/// <summary>
/// Looks for the newest time of the history and for times that lie ahead of the clock, by leaps from session to session
/// in the index.
/// </summary>
internal sealed class TimesFound(DateTimeOffset ahead)
{
    private const string Newest =
        "SELECT max(timestamp) FROM session_history WHERE session_id = ?1 AND timestamp < ?2";

    private const string FirstAhead = $"""
        SELECT id, timestamp FROM session_history
        WHERE session_id = ?1 AND timestamp >= ?2 AND timestamp < '{StoredTime.End}' ORDER BY timestamp LIMIT 1
        """;

    private const string CountAhead = $"""
        SELECT count(*) FROM session_history
        WHERE session_id = ?1 AND timestamp >= ?2 AND timestamp < '{StoredTime.End}'
        """;

    // In microseconds since 1970.
    private const string Clock = "SELECT value FROM counters WHERE name = 'clock'";
    private const string SetClock = "INSERT OR REPLACE INTO counters VALUES ('clock', ?1)";

    private readonly string bound = StoredTime.Bound(ahead);
    private DateTimeOffset? newest;
    private RowAhead? first;
    private long count;

    public RememberedTimes Found => new(newest, count, first);

    public static DateTimeOffset? ClockIn(SqliteDatabase db)
    {
        var row = db[Clock];
        var time = row.Step() ? StoredTime.OfMicros(row.Int64(0)) : default(DateTimeOffset?);
        row.Reset();
        return time;
    }

    public static int KeepClock(SqliteDatabase db, DateTimeOffset time) =>
        db[SetClock].Bind(1, StoredTime.Micros(time)).Run();

    /// <summary>Looks at a page of sessions after one; answers where the next page begins.</summary>
    public SqliteValue? AddPage(SqliteReader reader, SqliteValue after)
    {
        for (var i = 0; i < ActiveSessions.PageMax; i++)
        {
            if (ActiveSessions.NextAfter(reader.Db, after) is not { } session) return null;
            Add(reader.Db, session);
            after = session;
        }
        return after;
    }

    private void Add(SqliteDatabase db, SqliteValue session)
    {
        var latest = db[Newest].Bind(1, session).Bind(2, bound);
        if (latest.Step() && latest.Time(0) is { } time && !(newest >= time)) newest = time;
        latest.Reset();
        var row = db[FirstAhead].Bind(1, session).Bind(2, bound);
        var found = row.Step() && row.Time(1) is { } at
            ? new RowAhead(row.Int64(0), Encoding.UTF8.GetString(session.Bytes), at)
            : null;
        row.Reset();
        if (found is null) return;
        first ??= found;
        count += db[CountAhead].Bind(1, session).Bind(2, bound).Number();
    }
}
