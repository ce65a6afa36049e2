using System.Buffers;

namespace HeatUp.Sessions.Sqlite;

/// <summary>A session's history out of the table.</summary>
internal static class HistoryRows
{
    private const string Columns = "id, action_type, action_data, timestamp";

    // Without the id in its order, the index alone gives all of it; rows of one instant are put in order afterwards.
    // What is no time is told whatever is asked for.
    private const string Since = $"""
        SELECT {Columns} FROM session_history WHERE session_id = ?1 AND timestamp >= ?2 ORDER BY timestamp DESC
        """;

    private const string NewestFirst = $"""
        SELECT {Columns} FROM session_history WHERE session_id = ?1 AND timestamp < ?3
        ORDER BY timestamp DESC, id DESC LIMIT ?2
        """;

    private const string Last =
        $"SELECT max(timestamp) FROM session_history WHERE session_id = ?1 AND timestamp < '{StoredTime.End}'";

    private const string Count = "SELECT count(*) FROM session_history WHERE session_id = ?1";

    private const string IsKnown = """
        SELECT EXISTS (SELECT 1 FROM session_history WHERE session_id = ?1)
            OR EXISTS (SELECT 1 FROM memberships WHERE session_id = ?1)
            OR EXISTS (SELECT 1 FROM sittings WHERE session_id = ?1)
        """;

    /// <summary>
    /// Writes the answer with what was done since a time; false, with nothing written, if rows must be looked at first
    /// that others wrote.
    /// </summary>
    public static bool TryWrite(
        SqliteReader reader, (SessionId Session, DateTimeOffset Since, IBufferWriter<byte> To) question)
    {
        var (session, answer) = (question.Session, reader.Answer);
        var (isBehind, isNew, last) = reader.InSnapshot(db =>
        {
            if (ForeignRows.IsBehind(db)) return (true, false, null);
            answer.Begin(session);
            Add(db[Since].Bind(1, session.Value).Bind(2, StoredTime.Bound(StoredTime.Kept(question.Since))), answer);
            var last = answer.HasTime ? null : LastActivity(db, session.Value);
            return (false, answer.Count == 0 && !IsKnownIn(db, session.Value), last);
        });
        if (isBehind) return false;
        answer.WriteTo(question.To, isNew, last);
        return true;
    }

    /// <summary>Whether anything is remembered of a session.</summary>
    public static bool IsKnownIn(SqliteDatabase db, string session) => db[IsKnown].Bind(1, session).Number() != 0;

    /// <summary>How many actions are remembered of a session, whatever their time.</summary>
    public static int CountOf(SqliteDatabase db, string session) => (int)db[Count].Bind(1, session).Number();

    /// <summary>The newest actions from before a time, the newest first.</summary>
    public static List<(string Kind, byte[] Data, DateTimeOffset At)> Recent(
        SqliteDatabase db, string session, int most, DateTimeOffset before)
    {
        var actions = new List<(string Kind, byte[] Data, DateTimeOffset At)>();
        var rows = db[NewestFirst].Bind(1, session).Bind(2, most).Bind(3, StoredTime.Bound(before));
        while (rows.Step())
            if (rows.Time(3) is { } at)
                actions.Add((rows.Text(1) ?? "", rows.Bytes(2).ToArray(), at));
        rows.Reset();
        return actions;
    }

    private static void Add(SqliteStatement rows, HistoryAnswer answer)
    {
        while (rows.Step())
        {
            var data = rows.Bytes(2);
            answer.Add(new(
                rows.Int64(0), rows.Bytes(1), data, hasData: !data.IsEmpty || !rows.IsNull(2), rows.Bytes(3)));
        }
        rows.Reset();
    }

    private static DateTimeOffset? LastActivity(SqliteDatabase db, string session)
    {
        var rows = db[Last].Bind(1, session);
        var last = rows.Step() ? rows.Time(0) : null;
        rows.Reset();
        return last;
    }
}
