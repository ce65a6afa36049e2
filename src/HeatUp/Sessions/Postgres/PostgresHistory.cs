using System.Text;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Runs.Conduct;
using Npgsql;

namespace HeatUp.Sessions.Postgres;

/// <summary>What is asked of the history, of memberships and of what was done.</summary>
internal static class PostgresHistory
{
    private const int RemovedAtOnce = 2_000;

    // Who came back is asked of longer times than the history is kept for.
    private const string RemoveHistory = """
        WITH gone AS (
            DELETE FROM session_history WHERE id IN (SELECT id FROM session_history WHERE timestamp < $1 LIMIT $2)
            RETURNING session_id, timestamp),
        days AS (
            INSERT INTO session_days
            SELECT DISTINCT session_id, (timestamp AT TIME ZONE 'UTC')::date FROM gone WHERE isfinite(timestamp)
            ON CONFLICT DO NOTHING)
        SELECT count(*) FROM gone
        """;

    private const string RemoveRuns = """
        WITH gone AS (
            DELETE FROM runs WHERE number IN (
                SELECT number FROM runs WHERE started_at < $1 AND ended_at < $1 LIMIT $2)
            RETURNING 1)
        SELECT count(*) FROM gone
        """;

    private const string Sittings = "SELECT begun FROM sittings WHERE session_id = $1";
    private const string Count = "SELECT count(*)::integer FROM session_history WHERE session_id = $1";

    private const string Recent = """
        SELECT action_type, action_data::text, timestamp FROM session_history
        WHERE session_id = $1 AND timestamp < $2 ORDER BY timestamp DESC, id DESC LIMIT $3
        """;

    // A reading that lies ahead of the clock was written by a wrong one.
    private const string Joined = """
        SELECT channel, joined_at, CASE WHEN last_read_at < $2 THEN last_read_at END FROM memberships
        WHERE session_id = $1 ORDER BY joined_at DESC, lower(channel)
        """;

    private const string Rows = """
        SELECT history.id, history.action_type, history.action_data::text, history.timestamp,
            originals.action_type, originals.action_data, originals.timestamp
        FROM session_history history LEFT JOIN history_originals originals ON originals.id = history.id
        WHERE history.session_id = $1 AND (history.timestamp >= $2 OR history.timestamp IS NULL)
        ORDER BY history.timestamp DESC, history.id DESC
        """;

    private const string Open = "SELECT run_id FROM runs WHERE session_id = $1 AND ended_at IS NULL";
    private const string Last = "SELECT max(timestamp) FROM session_history WHERE session_id = $1";

    private const string IsKnown = """
        SELECT EXISTS (SELECT 1 FROM session_history WHERE session_id = $1)
            OR EXISTS (SELECT 1 FROM memberships WHERE session_id = $1)
            OR EXISTS (SELECT 1 FROM sittings WHERE session_id = $1)
        """;

    // A step that conduct refused was not done. A run that began earlier may have steps that are newer.
    private const string Done = """
        SELECT
            (SELECT count(*) FROM runs WHERE session_id = $1 AND started_at >= $2 AND started_at < $3)::integer,
            greatest(
                (SELECT count(*) FROM tried WHERE kind = 'join_channel'),
                (SELECT count(*) FROM done WHERE action_type = 'join_channel'))::integer,
            greatest(
                (SELECT count(*) FROM tried WHERE kind = 'read_messages'),
                (SELECT count(*) FROM done WHERE action_type = 'read_messages'))::integer,
            (SELECT max(wait_until) FROM steps JOIN runs ON runs.number = steps.run
                WHERE session_id = $1 AND steps.ended_at < $3)
        """;

    private const string DoneTables = """
        WITH tried AS (
            SELECT coalesce(steps.action, runs.plan->(steps.step - 1))->>'action' AS kind
            FROM steps JOIN runs ON runs.number = steps.run
            WHERE runs.session_id = $1 AND steps.ended_at >= $2 AND steps.ended_at < $3
                AND NOT (error_code IS NOT DISTINCT FROM $4 AND starts_with(coalesce(error_message, ''), $5))),
        done AS (
            SELECT action_type FROM session_history WHERE session_id = $1 AND timestamp >= $2 AND timestamp < $3)
        """;

    private const string Times = """
        SELECT (SELECT max(timestamp) FROM session_history WHERE timestamp < $1),
            (SELECT count(*) FROM session_history WHERE timestamp >= $1)
        """;

    private const string FirstAhead = """
        SELECT id, session_id, timestamp FROM session_history WHERE timestamp >= $1
        ORDER BY session_id, timestamp LIMIT 1
        """;

    private const string Active = """
        SELECT session_id, count(*), max(timestamp) FROM session_history
        WHERE timestamp >= $1 AND session_id > $2 GROUP BY session_id ORDER BY session_id LIMIT $3
        """;

    public static Task<Recollection> RecallAsync(
        PostgresDatabase database, SessionId session, DateTimeOffset before, CancellationToken cancellation) =>
        database.InSnapshotAsync(async connection =>
        {
            var name = session.Value;
            var recent = await connection.RowsAsync(Recent,
                row => new RecentAction(row.GetString(0), ChannelOf(row.Text(1)), row.Time(2)!.Value),
                cancellation, name, before, Recollection.RecentMax);
            var joined = await connection.RowsAsync(Joined,
                row => new Membership(ChannelName.Parse(row.GetString(0)), row.Time(1)!.Value, row.Time(2)),
                cancellation, name, before);
            return new Recollection(
                session, await connection.ScalarAsync<int>(Sittings, cancellation, name),
                await connection.ScalarAsync<int>(Count, cancellation, name),
                recent.Count > 0 ? recent[0].At : null, joined.ToArray(), recent.ToArray())
            {
                Running = RunId.TryParse(
                    await connection.ScalarAsync<string>(Open, cancellation, name), out var running) ? running : null,
            };
        }, cancellation);

    /// <summary>The newest time of the history, and what lies at a time or later.</summary>
    public static Task<RememberedTimes> TimesAsync(
        PostgresDatabase database, DateTimeOffset ahead, CancellationToken cancellation) =>
        database.InSnapshotAsync(async connection =>
        {
            var (newest, count) = (await connection.RowsAsync(
                Times, row => (row.Time(0), row.GetInt64(1)), cancellation, ahead))[0];
            var first = await connection.RowsAsync(FirstAhead,
                row => new RowAhead(row.GetInt64(0), row.Text(1)!, row.Time(2)!.Value), cancellation, ahead);
            return new RememberedTimes(newest, count, first.FirstOrDefault());
        }, cancellation);

    /// <summary>Adds a session's rows since a time to an answer; answers what else the answer needs.</summary>
    public static Task<(bool IsNew, DateTimeOffset? Last)> AddTo(
        HistoryAnswer answer, PostgresDatabase database, SessionId session, DateTimeOffset since,
        CancellationToken cancellation) => database.InSnapshotAsync(async connection =>
        {
            answer.Begin(session);
            await using (var command = connection.Command(Rows, session.Value, since))
            await using (var rows = await command.ExecuteReaderAsync(cancellation))
            {
                while (await rows.ReadAsync(cancellation)) Add(answer, rows);
            }
            var isNew = answer.Count == 0
                && !await connection.ScalarAsync<bool>(IsKnown, cancellation, session.Value);
            return (isNew, answer.HasTime ? null : await LastAsync(connection, session, cancellation));
        }, cancellation);

    public static Task<ActionCounts> CountAsync(
        PostgresDatabase database, SessionId session, DateTimeOffset since, DateTimeOffset before,
        CancellationToken cancellation)
    {
        var refusal = TelegramError.OfConduct("");
        return database.ReadAsync(async connection => (await connection.RowsAsync(
            $"{DoneTables} {Done}",
            row => new ActionCounts(row.GetInt32(0), row.GetInt32(1), row.GetInt32(2), row.Time(3)),
            cancellation, session.Value, since, before, refusal.Code, refusal.Message))[0], cancellation);
    }

    /// <summary>A page of the sessions after one that were active since a time, by name.</summary>
    public static Task<List<SessionActivity>> ActiveAsync(
        PostgresDatabase database, DateTimeOffset since, string after, int most, CancellationToken cancellation) =>
        database.ReadAsync(connection => connection.RowsAsync(Active,
            row => new SessionActivity(row.Text(0)!, row.GetInt64(1), row.Time(2)!.Value),
            cancellation, since, after, most), cancellation);

    private static async Task<DateTimeOffset?> LastAsync(
        NpgsqlConnection connection, SessionId session, CancellationToken cancellation) =>
        (await connection.RowsAsync(Last, row => row.Time(0), cancellation, session.Value))[0];

    private static void Add(HistoryAnswer answer, NpgsqlDataReader row)
    {
        var kind = row.Bytes(4) ?? Encoding.UTF8.GetBytes(row.GetString(1));
        var data = row.Bytes(5) ?? (row.IsDBNull(2) ? null : Encoding.UTF8.GetBytes(row.GetString(2)));
        var time = row.Time(3) is { } at
            ? Encoding.UTF8.GetBytes(StoredTime.Text(at))
            : StoredTime.Normalized(row.Bytes(6), isNull: row.IsDBNull(6));
        answer.Add(new HistoryRow(row.GetInt64(0), kind, data, data is not null, time));
    }

    private static ChannelName? ChannelOf(string? json) =>
        json is not null && ActionData.TryReadChannel(Encoding.UTF8.GetBytes(json), out var channel) ? channel : null;

    /// <summary>
    /// Removes the history and the ended runs from before a time, in slices; answers how many rows of the history.
    /// </summary>
    public static async Task<long> RemoveAsync(
        PostgresDatabase database, DateTimeOffset before, CancellationToken cancellation)
    {
        var removed = await RemoveAsync(database, RemoveHistory, before, cancellation);
        await RemoveAsync(database, RemoveRuns, before, cancellation);
        return removed;
    }

    private static async Task<long> RemoveAsync(
        PostgresDatabase database, string sql, DateTimeOffset before, CancellationToken cancellation)
    {
        var (sum, removed) = (0L, (long)RemovedAtOnce);
        while (removed == RemovedAtOnce)
        {
            removed = await database.OnAsync(
                connection => connection.ScalarAsync<long>(sql, cancellation, before, RemovedAtOnce), cancellation);
            sum += removed;
        }
        return sum;
    }
}
