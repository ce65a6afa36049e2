using System.Buffers.Binary;
using System.Security.Cryptography;
using HeatUp.Sessions.Sqlite;
using Microsoft.Data.Sqlite;

namespace HeatUp.Sessions.Archive;

/// <summary>
/// Counts equal rows of a file in whatever order they come, in a temporary database that SQLite keeps on the disk
/// once it is large: an archive of any size needs little memory.
/// </summary>
internal sealed class Occurrences : IDisposable
{
    private const string Table =
        "CREATE TABLE seen (hash BLOB PRIMARY KEY, times INTEGER NOT NULL) WITHOUT ROWID; BEGIN";

    private const string CountUp = """
        INSERT INTO seen VALUES (?1, 1) ON CONFLICT DO UPDATE SET times = times + 1 RETURNING times
        """;

    private readonly SqliteStatements db;

    public Occurrences()
    {
        // No name: a database of its own, gone with the connection.
        var connection = new SqliteConnection("Data Source=;Pooling=False");
        connection.Open();
        connection.Execute(Table);
        db = new SqliteStatements(connection);
    }

    /// <summary>Which of its equals so far a row is; the first is 1.</summary>
    public int Count(ArchiveRecord.Action row)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(row, hash);
        return (int)db[CountUp].Bind(1, hash).Number();
    }

    public void Dispose() => db.Dispose();

    private static void Hash(ArchiveRecord.Action row, Span<byte> hash)
    {
        using var hasher = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var part in (ReadOnlySpan<byte[]?>)[row.Session, row.Kind, row.Data, Instant(row.Timestamp)])
        {
            // Lengths keep parts apart, and null from empty.
            BinaryPrimitives.WriteInt32LittleEndian(length, part?.Length ?? -1);
            hasher.AppendData(length);
            hasher.AppendData(part ?? []);
        }
        hasher.GetHashAndReset(hash);
    }

    private static byte[]? Instant(byte[]? timestamp)
    {
        // All spellings of one time are one.
        if (!StoredTime.TryRead(timestamp, out var time)) return timestamp;
        var text = new byte[StoredTime.Length];
        StoredTime.Write(time, text);
        return text;
    }
}
