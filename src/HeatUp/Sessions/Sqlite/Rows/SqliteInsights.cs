using System.Text;
using HeatUp.Channels;
using HeatUp.Plans;
using static HeatUp.Sessions.InsightsSql;

namespace HeatUp.Sessions.Sqlite;

/// <summary>What people who look at a store ask it: the statements.</summary>
internal static class SqliteInsights
{
    // The sessions of the history are found by leaps from one to the next in its index.
    private static string LinesBy(SessionOrder order) => $"""
        WITH RECURSIVE names(who) AS (
            SELECT min(session_id) FROM session_history
            UNION ALL
            SELECT (SELECT min(session_id) FROM session_history WHERE session_id > names.who) FROM names
            WHERE names.who IS NOT NULL),
        known AS (SELECT who FROM names WHERE typeof(who) = 'text' UNION SELECT session_id FROM sittings),
        lines AS (
            SELECT who, coalesce((SELECT begun FROM sittings WHERE session_id = who), 0) AS begun,
                {(order == SessionOrder.Actions ? CountRows : "NULL")} AS counted,
                (SELECT max(timestamp) FROM session_history
                    WHERE session_id = who AND timestamp < '{StoredTime.End}') AS last,
                (SELECT number FROM runs WHERE session_id = who ORDER BY started_at DESC, number DESC LIMIT 1) AS run
            FROM known WHERE ?1 = '' OR instr(lower(who), ?1) > 0),
        page AS (
            SELECT who, begun, counted, last, status, end_code, count(*) OVER () AS total FROM lines
            LEFT JOIN runs ON runs.number = run
            WHERE ?2 = '' OR coalesce(status, '{SessionsQuestion.NoRun}') = ?2
            {OrderOf(order)} LIMIT ?3 OFFSET ?4)
        SELECT who, begun, coalesce(counted, {CountRows}), last, status, end_code, total FROM page {OrderOf(order)}
        """;

    private const string Followers = "SELECT channel, count(*) FROM memberships GROUP BY channel";

    private const string History = "SELECT timestamp, session_id, action_type, action_data FROM session_history";

    // A walk through the index for one session, through the table for all: that has its rows in order of their numbers.
    private const string Runs = """
        SELECT number, runs.started_at, planner, fallback_reason, session_id, plan, status, end_code,
            tokens_in, tokens_out, tokens_cached, step, outcome, error_message, steps.ended_at, action
        FROM runs LEFT JOIN steps ON steps.run = number
        WHERE runs.started_at >= ?1
        """;

    private const string OfSession = " AND session_id = ?2";

    public static SessionsPage Sessions(SqliteReader reader, SessionsQuestion question) => reader.InSnapshot(db =>
    {
        var rows = db[LinesBy(question.Order)]
            .Bind(1, question.Lowered).Bind(2, question.Last ?? "").Bind(3, question.Most).Bind(4, question.Skip);
        var (total, page) = (0L, new List<SessionLine>());
        while (rows.Step())
        {
            page.Add(new(rows.Text(0)!, rows.Int64(1), rows.Int64(2), rows.Time(3), rows.Text(4), rows.Text(5)));
            total = rows.Int64(6);
        }
        rows.Reset();
        return new SessionsPage(total, page);
    });

    public static Dictionary<ChannelName, long> FollowersOf(SqliteReader reader, int _) => reader.InSnapshot(db =>
    {
        var rows = db[Followers];
        var followers = new Dictionary<ChannelName, long>();
        while (rows.Step())
            if (ChannelName.TryParse(rows.Text(0), out var name)) followers[name] = rows.Int64(1);
        rows.Reset();
        return followers;
    });

    /// <summary>Counts what is asked for; null if rows must be looked at first that others wrote.</summary>
    public static AnalyticsTally? Count(SqliteReader reader, AnalyticsQuestion question) => reader.InSnapshot(db =>
    {
        if (ForeignRows.IsBehind(db)) return null;
        var tally = new AnalyticsTally(question);
        CountHistory(db, question, tally);
        CountRuns(db, question, tally);
        return tally;
    });

    private static void CountHistory(SqliteDatabase db, AnalyticsQuestion question, AnalyticsTally tally)
    {
        var rows = question.Session is { } session
            ? db[$"{History} WHERE session_id = ?1 AND timestamp >= ?2"]
                .Bind(1, session.Value).Bind(2, StoredTime.Bound(question.From))
            : db[$"{History} WHERE timestamp >= ?1"].Bind(1, StoredTime.Bound(question.From));
        while (rows.Step())
            if (StoredTime.TryReadUsual(rows.Bytes(0), out var ticks) && ticks != StoredTime.Unreadable)
                tally.AddAction(
                    StoredTime.Micros(new(ticks, TimeSpan.Zero)), rows.Bytes(1), rows.Bytes(2), rows.Bytes(3));
        rows.Reset();
    }

    private static void CountRuns(SqliteDatabase db, AnalyticsQuestion question, AnalyticsTally tally)
    {
        var rows = db[$"{Runs}{(question.Session is null ? "" : OfSession)}{InOrder}"].Bind(1, tally.RunsFrom);
        if (question.Session is { } session) rows.Bind(2, session.Value);
        var last = long.MinValue;
        while (rows.Step())
        {
            if (rows.Int64(0) != last)
            {
                if (last != long.MinValue) tally.EndRun();
                last = rows.Int64(0);
                tally.BeginRun(MicrosOf(rows.Bytes(1)), rows.Text(2)!, rows.Text(3), rows.Bytes(4), rows.Bytes(5),
                    rows.Text(6)!, rows.Text(7), new TokenUsage(rows.Int64(8), rows.Int64(9), rows.Int64(10)));
            }
            if (!rows.IsNull(11))
                tally.AddStep(
                    (int)rows.Int64(11), WordOf(rows.Bytes(12)), rows.Text(13), rows.Int64(14), rows.Bytes(15));
        }
        rows.Reset();
        if (last != long.MinValue) tally.EndRun();
    }

    private static string WordOf(ReadOnlySpan<byte> outcome) =>
        outcome.SequenceEqual("done"u8) ? "done" : Encoding.UTF8.GetString(outcome);

    private static long MicrosOf(ReadOnlySpan<byte> text) =>
        StoredTime.TryRead(text, out var time) ? StoredTime.Micros(time) : long.MinValue;
}
