using HeatUp.Channels;
using HeatUp.Channels.Sources;
using HeatUp.Primitives;
using HeatUp.Runs.Validation;
using Npgsql;
using NpgsqlTypes;

namespace HeatUp.Sessions.Postgres;

/// <summary>
/// What several machines share of their channels: the checks of their names, and the calls to TGStat. The files of
/// channels stay each machine's own. All times are the database's, but those of the checks. Thread-safe.
/// </summary>
public sealed class PostgresChannels : ISharedChecks, ICallLedger
{
    // What a transaction writes shows when it ends: whoever asks again looks back over those that were under way.
    private const string Published = """
        SELECT channel, checked_at, fault, fault_since, detail, subscribers FROM channel_checks
        WHERE written_at > coalesce($1::timestamptz - '1 minute'::interval, '-infinity')
        """;

    private const string Now = "SELECT clock_timestamp()";

    private const string Publish = """
        INSERT INTO channel_checks AS of (channel, checked_at, fault, fault_since, detail, subscribers)
        SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::text[], $4::timestamptz[], $5::text[], $6::bigint[])
        ON CONFLICT (lower(channel)) DO UPDATE SET
            channel = excluded.channel, checked_at = excluded.checked_at, fault = excluded.fault,
            fault_since = excluded.fault_since, detail = excluded.detail, subscribers = excluded.subscribers,
            written_at = clock_timestamp()
        WHERE of.checked_at < excluded.checked_at
        """;

    private const string Claim = """
        UPDATE heat_up SET checks_at = clock_timestamp()
        WHERE checks_at IS NULL OR checks_at <= clock_timestamp() - $1
        """;

    private const string Calls = """
        SELECT made_at FROM tgstat_calls WHERE made_at > clock_timestamp() - $1 ORDER BY made_at
        """;

    private const string LockCalls = "SELECT pg_advisory_xact_lock(1214606708, 3)";

    private const string RemoveOld = "DELETE FROM tgstat_calls WHERE made_at <= clock_timestamp() - $1";

    private const string AddCall = """
        INSERT INTO tgstat_calls SELECT clock_timestamp() WHERE (SELECT count(*) FROM tgstat_calls) < $1
        """;

    private readonly PostgresDatabase database;

    internal PostgresChannels(PostgresDatabase database) => this.database = database;

    /// <inheritdoc/>
    public async ValueTask<bool> TryClaimAsync(TimeSpan period, CancellationToken cancellation) =>
        await database.OnAsync(connection => connection.RunAsync(Claim, cancellation, period), cancellation) > 0;

    /// <inheritdoc/>
    public async ValueTask PublishAsync(IReadOnlyList<SharedCheck> checks, CancellationToken cancellation) =>
        await database.OnAsync(connection => connection.RunAsync(Publish, cancellation,
            Texts(checks.Select(one => one.Channel.Value)),
            Times(checks.Select(one => (DateTimeOffset?)one.Check.At)),
            Texts(checks.Select(one => one.Check.Fault?.Word())), Times(checks.Select(one => one.Check.FaultSince)),
            Texts(checks.Select(one => one.Check.Detail)), checks.Select(one => one.Subscribers).ToArray()),
            cancellation);

    /// <inheritdoc/>
    public async ValueTask<PublishedChecks> PublishedAsync(DateTimeOffset? after, CancellationToken cancellation) =>
        await database.ReadAsync(async connection =>
        {
            var now = (await connection.RowsAsync(Now, row => row.Time(0), cancellation))[0]!.Value;
            var checks = await connection.RowsAsync(Published, CheckIn, cancellation, after);
            return new PublishedChecks([.. checks.OfType<SharedCheck>()], now);
        }, cancellation);

    /// <inheritdoc/>
    public async ValueTask<CallsMade> CallsAsync(CancellationToken cancellation) =>
        await CountedAsync(() => database.ReadAsync(async connection =>
        {
            var now = (await connection.RowsAsync(Now, row => row.Time(0), cancellation))[0]!.Value;
            var times = await connection.RowsAsync(
                Calls, row => row.Time(0)!.Value, cancellation, CallsMade.Period);
            return new CallsMade(times, now);
        }, cancellation));

    /// <inheritdoc/>
    public async ValueTask<bool> TryAddAsync(long limit, CancellationToken cancellation) =>
        await CountedAsync(() => database.InTransactionAsync(async connection =>
        {
            await connection.RunAsync(LockCalls, cancellation);
            await connection.RunAsync(RemoveOld, cancellation, CallsMade.Period);
            return await connection.RunAsync(AddCall, cancellation, limit) > 0;
        }, cancellation));

    /// <summary>Null for what only a later version may have written: a fault that nobody knows here isn't none.
    /// </summary>
    private static SharedCheck? CheckIn(NpgsqlDataReader row)
    {
        var fault = EnumWord.Read<ChannelFault>(row.Text(2));
        if (!ChannelName.TryParse(row.Text(0), out var name) || (fault is null && !row.IsDBNull(2))) return null;
        var check = new ChannelCheck(row.Time(1)!.Value, fault, row.Time(3), row.Text(4));
        return new(name, check, row.IsDBNull(5) ? null : row.GetInt64(5));
    }

    private static NpgsqlParameter Texts(IEnumerable<string?> texts) => new()
    {
        Value = texts.Select(text => text is null ? null : PostgresText.Escape(text)).ToArray(),
        NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
    };

    private static NpgsqlParameter Times(IEnumerable<DateTimeOffset?> times) => new()
    {
        Value = times.Select(time => time is { } known ? StoredTime.Kept(known).UtcDateTime : default(DateTime?))
            .ToArray(),
        NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
    };

    private static async ValueTask<T> CountedAsync<T>(Func<Task<T>> count)
    {
        try { return await count(); }
        catch (StoreException failure)
        {
            throw new IOException($"The calls to TGStat can't be counted. {failure.Message}", failure);
        }
    }
}
