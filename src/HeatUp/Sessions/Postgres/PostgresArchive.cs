using System.Data;
using System.Runtime.CompilerServices;
using System.Text;
using HeatUp.Channels;
using HeatUp.Sessions.Archive;
using Npgsql;
using NpgsqlTypes;

namespace HeatUp.Sessions.Postgres;

/// <summary>All that is remembered, on its way out and in.</summary>
internal static class PostgresArchive
{
    private const int RunsAtOnce = 256;

    public const string Rows = """
        SELECT history.session_id, history.action_type, history.action_data::text, history.timestamp,
            originals.session_id, originals.action_type, originals.action_data, originals.timestamp, history.id
        FROM session_history history LEFT JOIN history_originals originals ON originals.id = history.id
        ORDER BY history.id
        """;

    public const string Follows = """
        SELECT session_id, channel, joined_at, last_read_at FROM memberships
        ORDER BY session_id, lower(channel) COLLATE "C"
        """;

    private const string Sat = "SELECT session_id, begun FROM sittings WHERE begun > 0 ORDER BY session_id";

    private const string Interactions = """
        SELECT session_id, channel FROM memberships
        UNION ALL
        SELECT DISTINCT session_id, action_data->>'channel_username' FROM session_history
        WHERE action_type = 'read_messages' AND json_typeof(action_data) = 'object'
        """;

    // The same instant in whatever spelling; the same text where it is no time.
    private const string Twins = """
        SELECT count(*) FROM session_history history LEFT JOIN history_originals originals ON originals.id = history.id
        WHERE history.session_id = $1 AND history.action_type = $2
            AND history.action_data::text IS NOT DISTINCT FROM $3 AND history.timestamp IS NOT DISTINCT FROM $4
            AND originals.session_id IS NOT DISTINCT FROM $5 AND originals.action_type IS NOT DISTINCT FROM $6
            AND originals.action_data IS NOT DISTINCT FROM $7
            AND ($4 IS NOT NULL OR originals.timestamp IS NOT DISTINCT FROM $8)
        """;

    private const string Insert = """
        INSERT INTO session_history (session_id, action_type, action_data, timestamp)
        VALUES ($1, $2, $3::json, $4) RETURNING id
        """;

    private const string InsertOriginals = """
        INSERT INTO history_originals (id, session_id, action_type, action_data, timestamp) VALUES ($1, $2, $3, $4, $5)
        """;

    private const string AddFollows = """
        INSERT INTO memberships (session_id, channel, joined_at, last_read_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (session_id, lower(channel)) DO UPDATE SET
            joined_at = least(memberships.joined_at, excluded.joined_at),
            last_read_at = greatest(memberships.last_read_at, excluded.last_read_at)
        WHERE excluded.joined_at < memberships.joined_at
            OR excluded.last_read_at > coalesce(memberships.last_read_at, '-infinity')
        """;

    private const string AddSat = """
        INSERT INTO sittings (session_id, begun) VALUES ($1, $2)
        ON CONFLICT (session_id) DO UPDATE SET begun = excluded.begun WHERE excluded.begun > sittings.begun
        """;

    private const string LearnRead = """
        UPDATE memberships SET last_read_at = $3
        WHERE session_id = $1 AND lower(channel) = lower($2) AND (last_read_at IS NULL OR last_read_at < $3)
        """;

    /// <summary>All that is remembered but open runs, in one snapshot.</summary>
    public static async IAsyncEnumerable<ArchiveRecord> ReadAllAsync(
        PostgresDatabase database, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var connection = await database.ConnectAsync(cancellation);
        await using var snapshot = await connection.BeginTransactionAsync(
            IsolationLevel.RepeatableRead, cancellation);
        await foreach (var action in database.StreamAsync(connection, Rows, Action, cancellation)) yield return action;
        await foreach (var follows in database.StreamAsync(connection, Follows, Membership, cancellation))
            if (follows is not null) yield return follows;
        await foreach (var sat in database.StreamAsync(connection, Sat,
            row => new ArchiveRecord.Sat(row.Text(0)!, row.GetInt32(1)), cancellation)) yield return sat;
        for (var (last, isEnd) = (0L, false); !isEnd;)
        {
            var (runs, next) = await database.ExplainedAsync(
                () => PostgresRuns.EndedAfterAsync(connection, last, RunsAtOnce, cancellation));
            foreach (var run in runs) yield return run;
            (last, isEnd) = (next, runs.Count == 0);
        }
    }

    /// <summary>Who follows or has read what.</summary>
    public static async IAsyncEnumerable<SessionChannel> InteractionsAsync(
        PostgresDatabase database, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var connection = await database.ConnectAsync(cancellation);
        await foreach (var (session, name) in database.StreamAsync(
            connection, Interactions, row => (row.Text(0)!, row.Text(1)), cancellation))
            if (ChannelName.TryParse(name, out var channel)) yield return new SessionChannel(session, channel);
    }

    /// <summary>Adds what isn't there yet, in a transaction that is the caller's.</summary>
    public static async Task<int> AddAsync(
        NpgsqlConnection connection, IReadOnlyList<Archived> records, CancellationToken cancellation)
    {
        var added = 0;
        foreach (var record in records)
            if (await AddAsync(connection, record, cancellation)) added++;
        return added;
    }

    private static async Task<bool> AddAsync(
        NpgsqlConnection connection, Archived archived, CancellationToken cancellation) => archived.Record switch
        {
            ArchiveRecord.Action action => await AddAsync(connection, action, archived.Occurrence, cancellation),
            ArchiveRecord.Follows follows => await connection.RunAsync(AddFollows, cancellation,
                follows.Session, follows.Channel.Value, follows.JoinedAt, OfTime(follows.LastReadAt)) > 0,
            ArchiveRecord.Sat sat => await connection.RunAsync(AddSat, cancellation, sat.Session, sat.Begun) > 0,
            ArchiveRecord.Ran ran => await PostgresRuns.AddAsync(connection, ran.Run, cancellation),
            _ => false,
        };

    private static async Task<bool> AddAsync(
        NpgsqlConnection connection, ArchiveRecord.Action action, int occurrence, CancellationToken cancellation)
    {
        var row = Stored(action);
        if (await connection.ScalarAsync<long>(Twins, cancellation, [.. row.Values, .. row.Originals]) >= occurrence)
            return false;
        var id = await connection.ScalarAsync<long>(Insert, cancellation, row.Values);
        if (row.HasOriginals) await connection.RunAsync(InsertOriginals, cancellation, [id, .. row.Originals]);
        await LearnAsync(connection, row.Session, action, row.Time, cancellation);
        return true;
    }

    private static async Task LearnAsync(
        NpgsqlConnection connection, string session, ArchiveRecord.Action action, DateTimeOffset? time,
        CancellationToken cancellation)
    {
        var isJoin = action.Kind.AsSpan().SequenceEqual("join_channel"u8);
        if (!isJoin && !action.Kind.AsSpan().SequenceEqual("read_messages"u8)) return;
        if (!ActionData.TryReadChannel(action.Data, out var channel)) return;
        // A join without a time counts all the same; of no time at all is earlier than of any.
        var at = time ?? DateTimeOffset.UnixEpoch;
        if (isJoin) await connection.RunAsync(AddFollows, cancellation, session, channel.Value, at, OfTime(null));
        else await connection.RunAsync(LearnRead, cancellation, session, channel.Value, at);
    }

    private static StoredRow Stored(ArchiveRecord.Action action)
    {
        var time = StoredTime.TryRead(action.Timestamp, out var at) ? at : default(DateTimeOffset?);
        var spelling = StoredTime.Normalized(action.Timestamp, action.Timestamp is null) is null
            && action.Timestamp!.Length != StoredTime.Length;
        var isJson = action.Data is not null && PostgresText.IsJson(action.Data);
        return new StoredRow(
            PostgresText.Nearest(action.Session), PostgresText.Nearest(action.Kind),
            isJson ? Encoding.UTF8.GetString(action.Data!) : null, time,
            PostgresText.IsText(action.Session) ? null : action.Session,
            PostgresText.IsText(action.Kind) ? null : action.Kind,
            isJson ? null : action.Data, time is null || spelling ? action.Timestamp : null);
    }

    public static ArchiveRecord.Action Action(NpgsqlDataReader row) => new ArchiveRecord.Action(
        row.Bytes(4) ?? Encoding.UTF8.GetBytes(row.Text(0)!), row.Bytes(5) ?? Encoding.UTF8.GetBytes(row.Text(1)!),
        row.Bytes(6) ?? (row.IsDBNull(2) ? null : Encoding.UTF8.GetBytes(row.GetString(2))),
        row.Bytes(7) ?? (row.Time(3) is { } at ? Encoding.UTF8.GetBytes(StoredTime.Text(at)) : null));

    public static ArchiveRecord.Follows? Membership(NpgsqlDataReader row) =>
        ChannelName.TryParse(row.Text(1), out var channel)
            ? new ArchiveRecord.Follows(row.Text(0)!, channel, row.Time(2)!.Value, row.Time(3))
            : null;

    private static NpgsqlParameter OfTime(DateTimeOffset? time) =>
        new() { NpgsqlDbType = NpgsqlDbType.TimestampTz, Value = time is { } at ? at.UtcDateTime : DBNull.Value };

    private static NpgsqlParameter OfBytes(byte[]? bytes) =>
        new() { NpgsqlDbType = NpgsqlDbType.Bytea, Value = bytes ?? (object)DBNull.Value };

    /// <summary>A row of the history as it is stored, and what of it its columns can't hold.</summary>
    private sealed record StoredRow(
        string Session, string Kind, string? Json, DateTimeOffset? Time,
        byte[]? OfSession, byte[]? OfKind, byte[]? OfData, byte[]? OfTimestamp)
    {
        public bool HasOriginals => OfSession is not null || OfKind is not null || OfData is not null
            || OfTimestamp is not null;

        public object?[] Values => [Session, Kind, OfText(Json), OfTime(Time)];

        public object?[] Originals => [OfBytes(OfSession), OfBytes(OfKind), OfBytes(OfData), OfBytes(OfTimestamp)];

        private static NpgsqlParameter OfText(string? text) =>
            new() { NpgsqlDbType = NpgsqlDbType.Text, Value = text ?? (object)DBNull.Value };
    }
}
