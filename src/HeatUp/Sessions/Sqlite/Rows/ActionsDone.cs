using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Runs.Conduct;

namespace HeatUp.Sessions.Sqlite;

/// <summary>How much a session did: after its runs or, if it has more, after its history.</summary>
internal static class ActionsDone
{
    private const string Runs =
        "SELECT count(*) FROM runs WHERE session_id = ?1 AND started_at >= ?2 AND started_at < ?3";

    // A step that conduct refused was not done. A run that began earlier may have steps that are newer.
    private const string Steps = """
        SELECT count(*) FROM steps JOIN runs ON runs.number = steps.run
        WHERE runs.session_id = ?1 AND steps.ended_at >= ?2 AND steps.ended_at < ?6
        AND ifnull(steps.action, runs.plan -> (steps.step - 1)) ->> 'action' = ?3
        AND NOT (steps.error_code IS ?4 AND substr(ifnull(steps.error_message, ''), 1, length(?5)) = ?5)
        """;

    private const string Rows = """
        SELECT count(*) FROM session_history
        WHERE session_id = ?1 AND timestamp >= ?2 AND timestamp < ?4 AND action_type = ?3
        """;

    private const string Wait = """
        SELECT max(wait_until) FROM steps JOIN runs ON runs.number = steps.run WHERE runs.session_id = ?1
        AND steps.ended_at < ?2
        """;

    /// <summary>What was done since a time and before another.</summary>
    public static ActionCounts Of(
        SqliteReader reader, (SessionId Session, DateTimeOffset Since, DateTimeOffset Before) asked) =>
        reader.InSnapshot(db =>
        {
            var (session, since, before) = asked;
            return new ActionCounts(
                (int)db[Runs].Bind(1, session.Value)
                    .Bind(2, StoredTime.Bound(since)).Bind(3, StoredTime.Bound(before)).Number(),
                Count(db, asked, JoinChannel.Word),
                Count(db, asked, ReadMessages.Word),
                WaitOf(db, session, before));
        });

    private static int Count(
        SqliteDatabase db, (SessionId Session, DateTimeOffset Since, DateTimeOffset Before) asked, string action)
    {
        var (name, error) = (asked.Session.Value, TelegramError.OfConduct(""));
        var steps = db[Steps].Bind(1, name).Bind(2, StoredTime.Micros(asked.Since)).Bind(3, action)
            .Bind(4, error.Code).Bind(5, error.Message).Bind(6, StoredTime.Micros(asked.Before)).Number();
        var rows = db[Rows].Bind(1, name).Bind(2, StoredTime.Bound(asked.Since)).Bind(3, action)
            .Bind(4, StoredTime.Bound(asked.Before)).Number();
        return (int)Math.Max(steps, rows);
    }

    private static DateTimeOffset? WaitOf(SqliteDatabase db, SessionId session, DateTimeOffset before)
    {
        var latest = db[Wait].Bind(1, session.Value).Bind(2, StoredTime.Micros(before));
        var hasWait = latest.Step() && !latest.IsNull(0);
        var until = hasWait ? StoredTime.OfMicros(latest.Int64(0)) : default(DateTimeOffset?);
        latest.Reset();
        return until;
    }
}
