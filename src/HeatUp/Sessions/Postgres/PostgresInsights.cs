using System.Text;
using HeatUp.Channels;
using HeatUp.Plans;
using Npgsql;
using static HeatUp.Sessions.InsightsSql;

namespace HeatUp.Sessions.Postgres;

/// <summary>What people who look at a store ask it: the statements.</summary>
internal static class PostgresInsights
{
    // The sessions of the history are found by leaps from one to the next in its index.
    private static string LinesBy(SessionOrder order) => $"""
        WITH RECURSIVE {Leaps("names", "session_history")},
        known AS (SELECT who FROM names WHERE who IS NOT NULL UNION SELECT session_id FROM sittings),
        lines AS (
            SELECT who, coalesce((SELECT begun FROM sittings WHERE session_id = who), 0) AS begun,
                {(order == SessionOrder.Actions ? CountRows : "NULL::bigint")} AS counted,
                (SELECT max(timestamp) FROM session_history WHERE session_id = who) AS last,
                (SELECT number FROM runs WHERE session_id = who ORDER BY started_at DESC, number DESC LIMIT 1) AS run
            FROM known WHERE $1 = '' OR strpos(lower(who), $1) > 0),
        page AS (
            SELECT who, begun, counted, last, status, end_code, count(*) OVER () AS total FROM lines
            LEFT JOIN runs ON runs.number = run
            WHERE $2 = '' OR coalesce(status, '{SessionsQuestion.NoRun}') = $2
            {OrderOf(order)} LIMIT $3 OFFSET $4)
        SELECT who, begun, coalesce(counted, {CountRows}), last, status, end_code, total FROM page {OrderOf(order)}
        """;

    private const string Followers = "SELECT min(channel), count(*) FROM memberships GROUP BY lower(channel)";

    private const string History = """
        SELECT timestamp, session_id, action_type, action_data::text FROM session_history
        WHERE timestamp >= $1 AND timestamp < $2
        """;

    private const string Hours =
        "SELECT hour, sum(changes)::bigint FROM history_hours WHERE hour BETWEEN $1 AND $2 GROUP BY hour";

    private const string Times =
        "FROM session_history WHERE session_id = who AND isfinite(timestamp) AND timestamp < $1";

    // Of each session only the ends; with the days whose rows were cleaned up.
    private static readonly string FirstAndLastDays = $"""
        WITH RECURSIVE {Leaps("active", "session_history")},
        ends AS (
            SELECT who, ((SELECT min(timestamp) {Times}) AT TIME ZONE 'UTC')::date AS first,
                ((SELECT max(timestamp) {Times}) AT TIME ZONE 'UTC')::date AS last FROM active WHERE who IS NOT NULL
            UNION ALL
            SELECT session_id, min(day), max(day) FROM session_days GROUP BY session_id)
        SELECT min(first), max(last) FROM ends GROUP BY who HAVING min(first) IS NOT NULL
        """;

    // The plan comes with the first step alone: it is the longest of all by far. Of runs that began earlier, those come
    // that were not over: their steps may be in question.
    private const string Runs = """
        SELECT number, runs.started_at, planner, fallback_reason, session_id,
            CASE WHEN coalesce(step, 1) = 1 THEN plan::text END, status, end_code,
            tokens_in, tokens_out, tokens_cached, step, outcome, error_message, steps.ended_at, action::text,
            runs.ended_at
        FROM runs LEFT JOIN steps ON steps.run = number
        WHERE runs.started_at >= $1 AND runs.started_at < $3
            AND (runs.started_at >= $2 OR runs.ended_at IS NULL OR runs.ended_at >= $2)
        """;

    public static async Task<SessionsPage> SessionsAsync(
        PostgresDatabase database, SessionsQuestion question, CancellationToken cancellation)
    {
        var total = 0L;
        var page = await database.ReadAsync(connection => connection.RowsAsync(
            LinesBy(question.Order), LineOf, cancellation,
            question.Lowered, question.Last ?? "", question.Most, question.Skip), cancellation);
        return new SessionsPage(total, page);

        SessionLine LineOf(NpgsqlDataReader row)
        {
            total = row.GetInt64(6);
            return new(row.GetString(0), row.GetInt32(1), row.GetInt64(2), row.Time(3), row.Text(4), row.Text(5));
        }
    }

    public static async Task<Dictionary<ChannelName, long>> FollowersAsync(
        PostgresDatabase database, CancellationToken cancellation)
    {
        var rows = await database.ReadAsync(connection => connection.RowsAsync(
            Followers, row => (Name: row.Text(0), Count: row.GetInt64(1)), cancellation), cancellation);
        var followers = new Dictionary<ChannelName, long>();
        foreach (var row in rows)
            if (ChannelName.TryParse(row.Name, out var name)) followers[name] = row.Count;
        return followers;
    }

    /// <summary>Counts what is asked for.</summary>
    public static Task<bool> CountAsync(
        PostgresDatabase database, AnalyticsWork work, CancellationToken cancellation) =>
        database.InSnapshotAsync(async connection =>
        {
            var changes = work.Question.Session is not null ? [] : await connection.RowsAsync(
                Hours, row => KeyValuePair.Create(row.GetInt64(0), row.GetInt64(1)), cancellation,
                work.FirstHour, work.LastHour);
            foreach (var pass in work.Passes(changes.ToDictionary()))
            {
                await CountHistoryAsync(connection, work.Question, pass, cancellation);
                await CountRunsAsync(connection, work.Question, pass, cancellation);
            }
            return true;
        }, cancellation);

    /// <summary>
    /// On which days each session did something for the first time and, before some time, for the last.
    /// </summary>
    public static async Task<IReadOnlyList<(DateOnly First, DateOnly Last)>> SessionDaysAsync(
        PostgresDatabase database, DateTimeOffset until, CancellationToken cancellation) =>
        await database.ReadAsync(connection => connection.RowsAsync(
            FirstAndLastDays, row => (row.GetFieldValue<DateOnly>(0), row.GetFieldValue<DateOnly>(1)), cancellation,
            until), cancellation);

    private static async Task CountHistoryAsync(
        NpgsqlConnection connection, AnalyticsQuestion question, AnalyticsPass pass, CancellationToken cancellation)
    {
        await using var command = question.Session is { } session
            ? connection.Command($"{History} AND session_id = $3", pass.From, pass.Until, session.Value)
            : connection.Command(History, pass.From, pass.Until);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
            pass.AddAction(StoredTime.Micros(rows.Time(0)!.Value), Utf8(rows, 1), Utf8(rows, 2), Utf8(rows, 3));
    }

    private static async Task CountRunsAsync(
        NpgsqlConnection connection, AnalyticsQuestion question, AnalyticsPass pass, CancellationToken cancellation)
    {
        await using var command = question.Session is { } session
            ? connection.Command(
                $"{Runs} AND session_id = $4 {InOrder}", pass.RunsFrom, pass.From, pass.Until, session.Value)
            : connection.Command($"{Runs} {InOrder}", pass.RunsFrom, pass.From, pass.Until);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var last = 0L;
        while (await rows.ReadAsync(cancellation))
        {
            if (rows.GetInt64(0) != last)
            {
                last = rows.GetInt64(0);
                pass.BeginRun(
                    StoredTime.Micros(rows.Time(1)!.Value), rows.Time(16) is { } end ? StoredTime.Micros(end) : null,
                    rows.GetString(2), rows.Text(3), Utf8(rows, 4),
                    Utf8(rows, 5), rows.GetString(6), rows.Text(7),
                    new TokenUsage(rows.GetInt64(8), rows.GetInt64(9), rows.GetInt64(10)));
            }
            if (!rows.IsDBNull(11))
                pass.AddStep(rows.GetInt32(11), rows.GetString(12), rows.Text(13),
                    StoredTime.Micros(rows.Time(14)!.Value), Utf8(rows, 15));
        }
    }

    private static byte[] Utf8(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? [] : Encoding.UTF8.GetBytes(row.GetString(column));
}
