using System.Globalization;
using System.Text;
using HeatUp.Channels;
using HeatUp.Plans;
using static HeatUp.Sessions.InsightsSql;

namespace HeatUp.Sessions.Sqlite;

/// <summary>What people who look at a store ask it: the statements.</summary>
internal static class SqliteInsights
{
    // The sessions of the history are found by leaps from one to the next in its index.
    private static string LinesOf(SessionOrder order) => $"""
        WITH RECURSIVE {Leaps("names", "session_history")},
        known AS (SELECT who FROM names WHERE typeof(who) = 'text' UNION SELECT session_id FROM sittings),
        lines AS (
            SELECT who, coalesce((SELECT begun FROM sittings WHERE session_id = who), 0) AS begun,
                {(order == SessionOrder.Actions ? CountRows : "NULL")} AS counted,
                (SELECT max(timestamp) {Times}) AS last,
                (SELECT number FROM runs WHERE session_id = who ORDER BY started_at DESC, number DESC LIMIT 1) AS run
            FROM known WHERE ?1 = '' OR instr(lower(who), ?1) > 0),
        page AS (
            SELECT who, begun, counted, last, status, end_code, count(*) OVER () AS total FROM lines
            LEFT JOIN runs ON runs.number = run
            WHERE ?2 = '' OR coalesce(status, '{SessionsQuestion.NoRun}') = ?2
            {OrderOf(order)} LIMIT ?3 OFFSET ?4)
        SELECT who, begun, coalesce(counted, {CountRows}), last, status, end_code, total FROM page {OrderOf(order)}
        """;

    // Statements are kept by the very text: each has one.
    private static readonly string[] LinesBy = [.. Enum.GetValues<SessionOrder>().Select(LinesOf)];

    private const string Followers = "SELECT channel, count(*) FROM memberships GROUP BY channel";

    private const string Hours =
        "SELECT hour || ':00:00', changes, first_id, last_id FROM history_hours WHERE hour BETWEEN ?1 AND ?2";

    // From one session to the next, and of each only the ends; with the days whose rows were cleaned up.
    private static readonly string FirstAndLastDays = $"""
        WITH RECURSIVE {Leaps("active", "session_history")}, {Leaps("kept", "session_days")},
        ends AS (
            SELECT who, substr((SELECT min(timestamp) {TimesBefore}), 1, 10) AS first,
                substr((SELECT max(timestamp) {TimesBefore}), 1, 10) AS last FROM active WHERE who IS NOT NULL
            UNION ALL
            SELECT who, (SELECT min(day) FROM session_days WHERE session_id = who),
                (SELECT max(day) FROM session_days WHERE session_id = who) FROM kept WHERE who IS NOT NULL)
        SELECT min(first), max(last) FROM ends GROUP BY who
        """;

    private const string Times = $"FROM session_history WHERE session_id = who AND timestamp < '{StoredTime.End}'";

    private const string TimesBefore = "FROM session_history WHERE session_id = who AND timestamp < ?1";

    private const string InTime = "AND timestamp >= ?1 AND timestamp < ?2";

    private const string History = "SELECT timestamp, session_id, action_type, action_data FROM session_history";

    private const string HistoryOfAll = $"{History} WHERE id BETWEEN ?3 AND ?4 {InTime}";

    private const string HistoryOfSession = $"{History} WHERE session_id = ?3 {InTime}";

    // Of runs that began earlier, those that were not over: their steps may be in question.
    private const string Runs = """
        SELECT number, runs.started_at, planner, fallback_reason, session_id, plan, status, end_code,
            tokens_in, tokens_out, tokens_cached, step, outcome, error_message, steps.ended_at, action, runs.ended_at
        FROM runs LEFT JOIN steps ON steps.run = number
        WHERE runs.started_at >= ?1 AND runs.started_at < ?3
            AND (runs.started_at >= ?2 OR runs.ended_at IS NULL OR runs.ended_at >= ?2)
        """;

    private const string RunsOfAll = $"{Runs}{InOrder}";

    private const string RunsOfSession = $"{Runs} AND session_id = ?4{InOrder}";

    public static SessionsPage Sessions(SqliteReader reader, SessionsQuestion question) => reader.InSnapshot(db =>
    {
        var rows = db[LinesBy[(int)question.Order]]
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

    /// <summary>Counts what is asked for; false if rows must be looked at first that others wrote.</summary>
    public static bool Count(SqliteReader reader, AnalyticsWork work) => reader.InSnapshot(db =>
    {
        if (ForeignRows.IsBehind(db)) return false;
        var hours = work.Question.Session is null ? HoursOf(db, work) : [];
        foreach (var pass in work.Passes(hours.ToDictionary(hour => hour.Key, hour => hour.Value.Changes)))
        {
            CountHistory(db, work.Question, hours, pass);
            CountRuns(db, work.Question, pass);
        }
        return true;
    });

    /// <summary>
    /// On which days each session did something for the first time and, before some time, for the last.
    /// </summary>
    public static List<(DateOnly First, DateOnly Last)> SessionDays(SqliteReader reader, DateTimeOffset until) =>
        reader.InSnapshot(db =>
        {
            var rows = db[FirstAndLastDays].Bind(1, StoredTime.Bound(until));
            var days = new List<(DateOnly, DateOnly)>();
            while (rows.Step())
                if (DayOf(rows.Text(0)) is { } first && DayOf(rows.Text(1)) is { } last) days.Add((first, last));
            rows.Reset();
            return days;
        });

    private static DateOnly? DayOf(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : null;

    private static Dictionary<long, HourRows> HoursOf(SqliteDatabase db, AnalyticsWork work)
    {
        var rows = db[Hours].Bind(1, KeyOf(work.FirstHour)).Bind(2, KeyOf(work.LastHour));
        var hours = new Dictionary<long, HourRows>();
        while (rows.Step())
            if (rows.Time(0) is { } at)
                hours[StoredTime.Micros(at) / HourTally.MicrosOfHour] =
                    new(rows.Int64(1), rows.IsNull(2) ? long.MaxValue : rows.Int64(2), rows.Int64(3));
        rows.Reset();
        return hours;
    }

    private static string KeyOf(long hour) => StoredTime.Text(StoredTime.OfMicros(hour * HourTally.MicrosOfHour))[..13];

    private static void CountHistory(
        SqliteDatabase db, AnalyticsQuestion question, Dictionary<long, HourRows> hours, AnalyticsPass pass)
    {
        var rows = question.Session is { } session
            ? db[HistoryOfSession].Bind(3, session.Value)
            : HistoryOfHours(db, hours, pass);
        rows.Bind(1, StoredTime.Bound(pass.From)).Bind(2, StoredTime.Bound(pass.Until));
        while (rows.Step())
            if (StoredTime.TryReadUsual(rows.Bytes(0), out var ticks) && ticks != StoredTime.Unreadable)
                pass.AddAction(
                    StoredTime.Micros(new(ticks, TimeSpan.Zero)), rows.Bytes(1), rows.Bytes(2), rows.Bytes(3));
        rows.Reset();
    }

    private static SqliteStatement HistoryOfHours(
        SqliteDatabase db, Dictionary<long, HourRows> hours, AnalyticsPass pass)
    {
        var from = StoredTime.Micros(pass.From) / HourTally.MicrosOfHour;
        var until = (StoredTime.Micros(pass.Until) - 1) / HourTally.MicrosOfHour;
        var those = hours.Where(hour => hour.Key >= from && hour.Key <= until).Select(hour => hour.Value).ToList();
        return db[HistoryOfAll]
            .Bind(3, those.Select(hour => hour.FirstId).DefaultIfEmpty(long.MaxValue).Min())
            .Bind(4, those.Select(hour => hour.LastId).DefaultIfEmpty(0).Max());
    }

    private static void CountRuns(SqliteDatabase db, AnalyticsQuestion question, AnalyticsPass pass)
    {
        var rows = db[question.Session is null ? RunsOfAll : RunsOfSession]
            .Bind(1, pass.RunsFrom).Bind(2, pass.From).Bind(3, pass.Until);
        if (question.Session is { } session) rows.Bind(4, session.Value);
        var last = long.MinValue;
        while (rows.Step())
        {
            if (rows.Int64(0) != last)
            {
                last = rows.Int64(0);
                pass.BeginRun(
                    MicrosOf(rows.Bytes(1)), rows.IsNull(16) ? null : MicrosOf(rows.Bytes(16)), rows.Text(2)!,
                    rows.Text(3), rows.Bytes(4), rows.Bytes(5), rows.Text(6)!, rows.Text(7),
                    new TokenUsage(rows.Int64(8), rows.Int64(9), rows.Int64(10)));
            }
            if (!rows.IsNull(11))
                pass.AddStep(
                    (int)rows.Int64(11), WordOf(rows.Bytes(12)), rows.Text(13), rows.Int64(14), rows.Bytes(15));
        }
        rows.Reset();
    }

    private static string WordOf(ReadOnlySpan<byte> outcome) =>
        outcome.SequenceEqual("done"u8) ? "done" : Encoding.UTF8.GetString(outcome);

    private static long MicrosOf(ReadOnlySpan<byte> text) =>
        StoredTime.TryRead(text, out var time) ? StoredTime.Micros(time) : long.MinValue;

    /// <summary>What the database keeps of an hour.</summary>
    /// <param name="Changes">How often its rows have changed.</param>
    /// <param name="FirstId">Its rows of the history have this id or a later one.</param>
    /// <param name="LastId">They have this id or an earlier one.</param>
    private readonly record struct HourRows(long Changes, long FirstId, long LastId);
}
