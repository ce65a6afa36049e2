using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace HeatUp.Sessions.Sqlite;

/// <summary>A connection that reads, with what it keeps from one read to the next.</summary>
internal sealed class SqliteReader(sqlite3 connection) : IDisposable
{
    public SqliteDatabase Db { get; } = new(connection);

    public HistoryAnswer Answer { get; } = new();

    /// <summary>Reads everything in one snapshot.</summary>
    public T InSnapshot<T>(Func<SqliteDatabase, T> read)
    {
        Db.Run("BEGIN");
        var answer = read(Db);
        Db.Run("COMMIT");
        return answer;
    }

    public void Dispose() => Db.Dispose();
}

/// <summary>
/// The connections that read, on the caller's thread. A reader of a write-ahead log never waits for the writer, so more
/// readers than processors would only wait for each other.
/// </summary>
internal sealed class SqliteReaders(SqliteFile file) : IDisposable
{
    private static readonly int ReadersMax = Math.Clamp(2 * Environment.ProcessorCount, 4, 32);

    private readonly ConcurrentStack<SqliteReader> idle = new();
    private readonly SemaphoreSlim places = new(ReadersMax);
    private volatile bool closed;

    /// <summary>Reads with one of the connections.</summary>
    /// <exception cref="StoreException">The file can't be read.</exception>
    public async ValueTask<T> ReadAsync<TArgument, T>(
        Func<SqliteReader, TArgument, T> read, TArgument argument, CancellationToken cancellation)
    {
        await places.WaitAsync(cancellation);
        try
        {
            return Read(read, argument);
        }
        finally
        {
            places.Release();
        }
    }

    public void Dispose()
    {
        closed = true;
        while (idle.TryPop(out var reader)) reader.Dispose();
    }

    private T Read<TArgument, T>(Func<SqliteReader, TArgument, T> read, TArgument argument)
    {
        if (closed) throw SqliteTrouble.Closed(file.Path);
        if (!idle.TryPop(out var reader)) reader = new SqliteReader(file.OpenReader());
        var keep = false;
        try
        {
            var answer = read(reader, argument);
            keep = true;
            return answer;
        }
        catch (SqliteException failure)
        {
            throw SqliteTrouble.Explain(file.Path, failure);
        }
        finally
        {
            // A reader that failed may be in the middle of something: it isn't used again.
            if (keep && !closed) idle.Push(reader);
            else reader.Dispose();
        }
    }
}
