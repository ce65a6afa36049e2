using System.Buffers;

namespace HeatUp.Sessions.Sqlite;

/// <summary>A session's history out of the table.</summary>
internal static class HistoryRows
{
    private const string Columns = "id, action_type, action_data, timestamp";

    // Without the id in its order, the index alone gives all of it; rows of one instant are put in order afterwards.
    private const string Since = $"""
        SELECT {Columns} FROM session_history WHERE session_id = ?1 AND timestamp >= ?2 ORDER BY timestamp DESC
        """;

    private const string NewestFirst = $"""
        SELECT {Columns} FROM session_history WHERE session_id = ?1 AND timestamp >= '' ORDER BY timestamp DESC, id DESC
        """;

    private const string Odd = $"""
        SELECT {Columns} FROM session_history WHERE session_id = ?1 AND {StoredTime.IsOddSql} ORDER BY id DESC
        """;

    private const string Newest =
        "SELECT timestamp FROM session_history WHERE session_id = ?1 ORDER BY timestamp DESC, id DESC";

    private const string Count = "SELECT count(*) FROM session_history WHERE session_id = ?1";

    private const string IsKnown = """
        SELECT EXISTS (SELECT 1 FROM session_history WHERE session_id = ?1)
            OR EXISTS (SELECT 1 FROM memberships WHERE session_id = ?1)
            OR EXISTS (SELECT 1 FROM sittings WHERE session_id = ?1)
        """;

    /// <summary>Writes the answer with what was done since a time.</summary>
    public static int Write(
        SqliteReader reader, (SessionId Session, DateTimeOffset Since, IBufferWriter<byte> To) question)
    {
        var (db, answer) = (reader.Db, reader.Answer);
        var (session, since, to) = question with { Since = StoredTime.Kept(question.Since) };
        answer.Begin(session);
        db.Run("BEGIN");
        AddUsual(db, answer, session, since);
        AddOdd(db, answer, session, since);
        var last = answer.HasTime ? null : LastActivity(db, session.Value);
        var isNew = answer.Count == 0 && !IsKnownIn(db, session.Value);
        db.Run("COMMIT");
        answer.WriteTo(to, isNew, last);
        return answer.Count;
    }

    /// <summary>Whether anything is remembered of a session.</summary>
    public static bool IsKnownIn(SqliteStatements db, string session) => db[IsKnown].Bind(1, session).Number() != 0;

    /// <summary>How many actions are remembered of a session, whatever their time.</summary>
    public static int CountOf(SqliteStatements db, string session) => (int)db[Count].Bind(1, session).Number();

    /// <summary>The newest actions with a readable time, the newest first.</summary>
    public static List<(string Kind, byte[] Data, DateTimeOffset At)> Recent(
        SqliteStatements db, string session, int most)
    {
        var actions = new List<(string Kind, byte[] Data, DateTimeOffset At, long Id)>();
        Collect(db[NewestFirst].Bind(1, session), usual: true, most);
        Collect(db[Odd].Bind(1, session), usual: false, int.MaxValue);
        return [.. actions.OrderByDescending(action => action.At).ThenByDescending(action => action.Id).Take(most)
            .Select(action => (action.Kind, action.Data, action.At))];

        void Collect(SqliteStatement rows, bool usual, int atMost)
        {
            while (actions.Count < atMost && rows.Step())
                if (StoredTime.TryReadUsual(rows.Bytes(3), out _) == usual && rows.Time(3) is { } at)
                    actions.Add((rows.Text(1) ?? "", rows.Bytes(2).ToArray(), at, rows.Int64(0)));
            rows.Reset();
        }
    }

    private static void AddUsual(SqliteStatements db, HistoryAnswer answer, SessionId session, DateTimeOffset since)
    {
        var rows = db[Since].Bind(1, session.Value).Bind(2, StoredTime.Bound(since));
        while (rows.Step())
        {
            var time = rows.Bytes(3);
            if (StoredTime.TryReadUsual(time, out var ticks)) answer.Add(rows, time, ticks);
        }
        rows.Reset();
    }

    private static void AddOdd(SqliteStatements db, HistoryAnswer answer, SessionId session, DateTimeOffset since)
    {
        Span<byte> usual = stackalloc byte[StoredTime.Length];
        var rows = db[Odd].Bind(1, session.Value);
        while (rows.Step())
        {
            var time = rows.Time(3);
            if (time < since) continue;
            StoredTime.Write(time ?? default, usual);
            answer.Add(rows, usual, time?.UtcTicks ?? StoredTime.Unreadable);
        }
        rows.Reset();
    }

    private static DateTimeOffset? LastActivity(SqliteStatements db, string session)
    {
        var last = default(DateTimeOffset?);
        var rows = db[Newest].Bind(1, session);
        while (last is null && rows.Step())
            if (StoredTime.TryReadUsual(rows.Bytes(0), out _))
                last = rows.Time(0);
        rows.Reset();
        rows = db[Odd].Bind(1, session);
        while (rows.Step())
            if (rows.Time(3) is { } time && !(time <= last))
                last = time;
        rows.Reset();
        return last;
    }
}
