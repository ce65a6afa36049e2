using System.Data;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Npgsql;

namespace HeatUp.Sessions.Postgres;

/// <summary>The connections to a database in PostgreSQL. Thread-safe.</summary>
internal sealed class PostgresDatabase(NpgsqlDataSource source, string place, TimeProvider clock)
    : IAsyncDisposable
{
    /// <summary>
    /// How long a write that PostgreSQL didn't answer is tried again: as long as its restart may take.
    /// </summary>
    public static readonly TimeSpan RetryFor = TimeSpan.FromSeconds(30);

    private const string Backend = "SELECT pg_backend_pid()";

    private static readonly TimeSpan RetryFirst = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RetryMax = TimeSpan.FromSeconds(1);

    // Without this, the earliest time that there is would become one before all times.
    static PostgresDatabase() => AppContext.SetSwitch("Npgsql.DisableDateTimeInfinityConversions", true);

    /// <summary>Where it is, without the password.</summary>
    public string Place => place;

    /// <summary>The database at an address.</summary>
    public static PostgresDatabase At(PostgresAddress address, TimeProvider clock) =>
        new(NpgsqlDataSource.Create(address.ConnectionString), address.Place, clock);

    /// <summary>Its connections.</summary>
    public NpgsqlDataSource Source => source;

    /// <exception cref="StoreException">There is none to be had.</exception>
    public Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellation) =>
        ExplainedAsync(async () => await source.OpenConnectionAsync(cancellation));

    /// <summary>
    /// Refuses a pooler that gives each transaction or statement another connection: statements are prepared, and news
    /// are listened for, on one.
    /// </summary>
    /// <exception cref="StoreException">There is such a pooler; or the database can't be reached.</exception>
    public async Task CheckPoolerAsync(CancellationToken cancellation)
    {
        var isShared = await OnAsync(async one =>
        {
            var first = await one.ScalarAsync<int>(Backend, cancellation);
            // A pooler tells a number of its own.
            if (first == one.ProcessID) return false;
            await using var other = await source.OpenConnectionAsync(cancellation);
            try
            {
                await using var transaction = await other.BeginTransactionAsync(cancellation);
                return await other.ScalarAsync<int>(Backend, cancellation) == first
                    || await one.ScalarAsync<int>(Backend, cancellation) != first;
            }
            catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.ProtocolViolation)
            {
                // It gives each statement another, and takes no transaction.
                return true;
            }
        }, cancellation);
        if (isShared) throw PostgresTrouble.Pooled(place);
    }

    /// <summary>Does something on a connection, each statement by itself.</summary>
    /// <exception cref="StoreException">It failed.</exception>
    public Task<T> OnAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellation) =>
        ExplainedAsync(async () =>
        {
            await using var connection = await source.OpenConnectionAsync(cancellation);
            return await work(connection);
        });

    /// <summary>Does something on a connection, all of it or nothing.</summary>
    /// <exception cref="StoreException">It failed; whether it was carried out is then unknown.</exception>
    public Task<T> InTransactionAsync<T>(
        Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellation,
        IsolationLevel isolation = IsolationLevel.ReadCommitted) =>
        OnAsync(async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(isolation, cancellation);
            var answer = await work(connection);
            await transaction.CommitAsync(cancellation);
            return answer;
        }, cancellation);

    /// <summary>
    /// Does something that must be done, again and again while the connection breaks or PostgreSQL starts or stops. A
    /// write whose answer was lost may have been carried out: <paramref name="work"/> is told that it is a repetition.
    /// </summary>
    /// <param name="work">What is to be done.</param>
    /// <param name="cancellation">Waits no longer: what fails then is not tried again.</param>
    /// <param name="since">Since when it waits to be done, as a timestamp of the clock; null for now.</param>
    /// <exception cref="StoreException">It failed for another reason, or for longer than <see cref="RetryFor"/>.
    /// </exception>
    public async Task<T> PersistentlyAsync<T>(
        Func<bool, Task<T>> work, CancellationToken cancellation, long? since = null)
    {
        var (begun, wait) = (since ?? clock.GetTimestamp(), RetryFirst);
        for (var isAgain = false; ; isAgain = true)
        {
            try
            {
                return await work(isAgain);
            }
            catch (StoreException failure) when (IsPassing(failure) && clock.GetElapsedTime(begun) < RetryFor
                && !cancellation.IsCancellationRequested)
            {
                await Task.Delay(wait, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                wait = wait * 2 < RetryMax ? wait * 2 : RetryMax;
            }
        }
    }

    /// <summary>Reads.</summary>
    /// <exception cref="StoreException">It failed.</exception>
    public Task<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellation) =>
        TwiceAsync(() => OnAsync(read, cancellation));

    /// <summary>Reads in one snapshot.</summary>
    /// <exception cref="StoreException">It failed.</exception>
    public Task<T> InSnapshotAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellation) =>
        TwiceAsync(() => InTransactionAsync(read, cancellation, IsolationLevel.RepeatableRead));

    /// <summary>A pooled connection may have broken while nobody used it: then another is taken.</summary>
    private static async Task<T> TwiceAsync<T>(Func<Task<T>> read)
    {
        try { return await read(); }
        catch (StoreException failure) when (IsPassing(failure)) { return await read(); }
    }

    /// <summary>The rows of a statement as they come, on a connection of the caller's.</summary>
    /// <exception cref="StoreException">It failed.</exception>
    public async IAsyncEnumerable<T> StreamAsync<T>(
        NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var command = connection.Command(sql);
        await using var rows = await ExplainedAsync(() => command.ExecuteReaderAsync(cancellation));
        while (await ExplainedAsync(() => rows.ReadAsync(cancellation))) yield return read(rows);
    }

    /// <summary>Runs something, and explains what PostgreSQL says against it.</summary>
    public async Task<T> ExplainedAsync<T>(Func<Task<T>> work)
    {
        try { return await work(); }
        catch (Exception failure) when (failure is NpgsqlException or SocketException or TimeoutException)
        {
            throw PostgresTrouble.Explain(place, failure);
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    /// <summary>
    /// Whether a failure may pass. What PostgreSQL itself refused will be refused again, but for what its start and
    /// stop bring along.
    /// </summary>
    public static bool IsPassing(StoreException failure) => failure.InnerException switch
    {
        PostgresException refused => refused.SqlState is PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.SerializationFailure
            or PostgresErrorCodes.DeadlockDetected,
        NpgsqlException or SocketException or TimeoutException => true,
        _ => false,
    };
}

/// <summary>Statements with their values, numbered <c>$1, $2, …</c>; null is NULL.</summary>
internal static class PostgresStatements
{
    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, params object?[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(Parameter(value));
        return command;
    }

    /// <summary>Runs a statement; answers how many rows it changed.</summary>
    public static async Task<int> RunAsync(
        this NpgsqlConnection connection, string sql, CancellationToken cancellation, params object?[] values)
    {
        await using var command = connection.Command(sql, values);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The first column of the first row; the type's default if there is none.</summary>
    public static async Task<T?> ScalarAsync<T>(
        this NpgsqlConnection connection, string sql, CancellationToken cancellation, params object?[] values)
    {
        await using var command = connection.Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) && !await reader.IsDBNullAsync(0, cancellation)
            ? reader.GetFieldValue<T>(0)
            : default;
    }

    /// <summary>All rows.</summary>
    public static async Task<List<T>> RowsAsync<T>(
        this NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation,
        params object?[] values)
    {
        await using var command = connection.Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation)) rows.Add(read(reader));
        return rows;
    }

    public static string? Text(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : PostgresText.Unescape(row.GetString(column));

    public static byte[]? Bytes(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);

    public static DateTimeOffset? Time(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : new DateTimeOffset(row.GetDateTime(column), TimeSpan.Zero);

    private static NpgsqlParameter Parameter(object? value) => value switch
    {
        null => new NpgsqlParameter { Value = DBNull.Value },
        NpgsqlParameter made => made.Clone(),
        string text => new NpgsqlParameter<string> { TypedValue = PostgresText.Escape(text) },
        DateTimeOffset time => new NpgsqlParameter<DateTime> { TypedValue = StoredTime.Kept(time).UtcDateTime },
        _ => new NpgsqlParameter { Value = value },
    };
}
