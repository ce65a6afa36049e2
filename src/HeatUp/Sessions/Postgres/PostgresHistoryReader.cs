using System.Data;
using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Sessions.Archive;
using Npgsql;

namespace HeatUp.Sessions.Postgres;

/// <summary>A database in PostgreSQL that is only looked at, in one snapshot. Its rows are streamed.</summary>
public sealed class PostgresHistoryReader : IHistoryReader
{
    private const int RunsAtOnce = 1_024;

    private const string Channels = """
        SELECT DISTINCT action->>'channel_username' FROM runs, json_array_elements(plan) AS action
        UNION
        SELECT DISTINCT action_data->>'channel_username' FROM session_history WHERE json_typeof(action_data) = 'object'
        """;

    private const string RunSpan = "SELECT min(started_at), max(started_at) FROM runs";
    private const string ActionSpan = "SELECT min(timestamp), max(timestamp) FROM session_history";
    private const string LastRow = "SELECT max(timestamp) FROM session_history";
    private const string TelegramNoted = "SELECT telegram FROM heat_up";

    // A step along the index for each name, however many rows a session has.
    private const string NextName = "SELECT min(session_id) FROM session_history WHERE session_id > $1";
    private const string FirstName = "SELECT min(session_id) FROM session_history WHERE session_id >= $1";

    private const string Counts = "SELECT count(*), count(DISTINCT session_id) FROM runs WHERE started_at >= $1";

    private const string Actions = """
        SELECT timestamp, action_type, action_data::text FROM session_history WHERE timestamp < $1 ORDER BY id
        """;

    private const string Counted = """
        SELECT (SELECT count(*) FROM session_history), (SELECT count(*) FROM runs), (SELECT count(*) FROM memberships)
        """;

    private const string Facts = """
        SELECT session_id, coalesce(begun, 0)::bigint, coalesce(actions, 0), coalesce(channels, 0), first, last
        FROM (
            SELECT session_id, count(*) AS actions, min(timestamp) AS first, max(timestamp) AS last
            FROM session_history GROUP BY session_id) did
        FULL JOIN (SELECT session_id, begun FROM sittings WHERE begun > 0) sat USING (session_id)
        FULL JOIN (
            SELECT session_id, count(*) AS channels FROM memberships GROUP BY session_id) follow USING (session_id)
        ORDER BY session_id
        """;

    private readonly PostgresDatabase database;
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction snapshot;

    private PostgresHistoryReader(PostgresDatabase database, NpgsqlConnection connection, NpgsqlTransaction snapshot) =>
        (this.database, this.connection, this.snapshot) = (database, connection, snapshot);

    /// <summary>Opens it.</summary>
    /// <param name="address">Where.</param>
    /// <exception cref="StoreException">It can't be read, or holds nothing of Heat Up's.</exception>
    public static PostgresHistoryReader Open(PostgresAddress address)
    {
        var database = PostgresDatabase.At(address, TimeProvider.System);
        try
        {
            PostgresSchema.EnsureAsync(database, makes: false, default).GetAwaiter().GetResult();
            var connection = database.ConnectAsync(default).GetAwaiter().GetResult();
            return new(database, connection, connection.BeginTransaction(IsolationLevel.RepeatableRead));
        }
        catch
        {
            database.DisposeAsync().AsTask().GetAwaiter().GetResult();
            throw;
        }
    }

    /// <summary>The version of PostgreSQL, such as <c>15.18</c>.</summary>
    public string ServerVersion => connection.PostgreSqlVersion.ToString();

    /// <summary>The word of <c>TELEGRAM_MODE</c> whose sittings it holds; null if it has had none yet.</summary>
    public string? Telegram => Rows(TelegramNoted, row => row.Text(0)).FirstOrDefault();

    /// <summary>How far a clock is ahead of the database's; negative if it is behind.</summary>
    public TimeSpan ClockOffset(TimeProvider clock)
    {
        var before = clock.GetUtcNow();
        var there = Rows("SELECT clock_timestamp()", row => row.Time(0)!.Value)[0];
        return before + (clock.GetUtcNow() - before) / 2 - there;
    }

    /// <inheritdoc/>
    public IReadOnlyList<ChannelName> ChannelNames() =>
        [.. Rows(Channels, row => row.Text(0)).Select(text => ChannelName.TryParse(text, out var name) ? name : default)
            .Where(name => name != default).Distinct()];

    /// <inheritdoc/>
    public (DateTimeOffset From, DateTimeOffset Until)? RunTimes() => Span(RunSpan);

    /// <inheritdoc/>
    public (DateTimeOffset From, DateTimeOffset Until)? ActionTimes() => Span(ActionSpan);

    /// <inheritdoc/>
    public DateTimeOffset? LastTime() => Rows(LastRow, row => row.Time(0))[0];

    /// <inheritdoc/>
    public IReadOnlyList<string> SessionNames(string prefix, int countMax)
    {
        var names = new List<string>();
        var (sql, from) = (FirstName, prefix);
        while (names.Count < countMax && Rows(sql, row => row.Text(0), from)[0] is { } name
            && name.StartsWith(prefix, StringComparison.Ordinal))
        {
            names.Add(name);
            (sql, from) = (NextName, name);
        }
        return names;
    }

    /// <inheritdoc/>
    public (long Runs, long Sessions) CountsSince(DateTimeOffset since) =>
        Rows(Counts, row => (row.GetInt64(0), row.GetInt64(1)), since)[0];

    /// <inheritdoc/>
    public IEnumerable<RunRecord> RunsSince(DateTimeOffset since, Action<string>? onUnreadable = null)
    {
        for (var (last, isEnd) = (0L, false); !isEnd;)
        {
            var after = last;
            (var runs, last) = Reading(() => PostgresRuns.SinceAsync(connection, since, after, RunsAtOnce));
            foreach (var run in runs)
                if (run.Readable(onUnreadable) is { } readable) yield return readable;
            isEnd = runs.Count < RunsAtOnce;
        }
    }

    /// <inheritdoc/>
    public IEnumerable<(DateTimeOffset At, PlannedAction Action)> ActionsBefore(DateTimeOffset before)
    {
        foreach (var (time, kind, data) in Stream(
            Actions, row => (row.Time(0), row.Text(1), row.Text(2)), before))
            if (time is { } at && StoredRun.ActionOfHistory(kind, data) is { } action) yield return (at, action);
    }

    /// <inheritdoc/>
    public TableSizes Sizes() => Rows(
        Counted, row => new TableSizes(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)))[0];

    /// <inheritdoc/>
    public IEnumerable<ActionRow> History() => Stream(PostgresArchive.Rows, row =>
    {
        var action = PostgresArchive.Action(row);
        return ActionRow.Of(row.GetInt64(8), action.Session, action.Kind, action.Data is not null, action.Data,
            action.Timestamp);
    });

    /// <inheritdoc/>
    public IEnumerable<MembershipRow> Memberships() =>
        Stream(PostgresArchive.Follows, PostgresArchive.Membership).OfType<ArchiveRecord.Follows>()
            .Select(one => one.Row);

    /// <inheritdoc/>
    public IEnumerable<SessionRow> Sessions() => Stream(Facts, row => new SessionRow(
        row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.Time(4), row.Time(5)));

    /// <summary>Closes the connection.</summary>
    public void Dispose()
    {
        snapshot.Dispose();
        connection.Dispose();
        database.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private (DateTimeOffset From, DateTimeOffset Until)? Span(string sql) =>
        Rows(sql, row => (From: row.Time(0), Until: row.Time(1)))[0] is ({ } from, { } until) ? (from, until) : null;

    private IEnumerable<T> Stream<T>(string sql, Func<NpgsqlDataReader, T> read, params object?[] values)
    {
        using var command = connection.Command(sql, values);
        using var rows = Reading(() => command.ExecuteReaderAsync());
        while (Reading(() => rows.ReadAsync())) yield return read(rows);
    }

    private List<T> Rows<T>(string sql, Func<NpgsqlDataReader, T> read, params object?[] values) =>
        Reading(() => connection.RowsAsync(sql, read, default, values));

    // Whoever reads a whole history for a report has nothing else to do meanwhile.
    private T Reading<T>(Func<Task<T>> read) => database.ExplainedAsync(read).GetAwaiter().GetResult();
}
