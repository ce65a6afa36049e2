using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Runs.Conduct;

namespace HeatUp.Sessions.Sqlite;

/// <summary>How much a session did: after its runs or, if it has more, after its history.</summary>
internal static class ActionsDone
{
    private const string Runs = "SELECT count(*) FROM runs WHERE session_id = ?1 AND started_at >= ?2";

    // A step that conduct refused was not done. A run that began earlier may have steps that are newer.
    private const string Steps = """
        SELECT count(*) FROM steps JOIN runs ON runs.number = steps.run
        WHERE runs.session_id = ?1 AND steps.ended_at >= ?2 AND instr(steps.action, ?3) > 0
        AND NOT (steps.error_code IS ?4 AND substr(ifnull(steps.error_message, ''), 1, length(?5)) = ?5)
        """;

    private const string Rows = $"""
        SELECT count(*) FROM session_history
        WHERE session_id = ?1 AND timestamp >= ?2 AND timestamp < '{StoredTime.End}' AND action_type = ?3
        """;

    private const string Wait = """
        SELECT max(wait_until) FROM steps JOIN runs ON runs.number = steps.run WHERE runs.session_id = ?1
        """;

    public static ActionCounts Of(SqliteReader reader, (SessionId Session, DateTimeOffset Since) asked) =>
        reader.InSnapshot(db => new ActionCounts(
            (int)db[Runs].Bind(1, asked.Session.Value).Bind(2, StoredTime.Bound(asked.Since)).Number(),
            Count(db, asked.Session, asked.Since, JoinChannel.Word),
            Count(db, asked.Session, asked.Since, ReadMessages.Word),
            WaitOf(db, asked.Session)));

    private static int Count(SqliteStatements db, SessionId session, DateTimeOffset since, string action)
    {
        var (bound, error) = (StoredTime.Bound(since), TelegramError.OfConduct(""));
        // As the stored JSON begins an action.
        var steps = db[Steps].Bind(1, session.Value).Bind(2, bound).Bind(3, $"\"{action}\"")
            .Bind(4, error.Code).Bind(5, error.Message).Number();
        var rows = db[Rows].Bind(1, session.Value).Bind(2, bound).Bind(3, action).Number();
        return (int)Math.Max(steps, rows);
    }

    private static DateTimeOffset? WaitOf(SqliteStatements db, SessionId session)
    {
        var latest = db[Wait].Bind(1, session.Value);
        var until = latest.Step() ? latest.Time(0) : null;
        latest.Reset();
        return until;
    }
}
