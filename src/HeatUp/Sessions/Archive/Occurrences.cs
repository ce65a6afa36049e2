using System.Buffers.Binary;
using System.Security.Cryptography;
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

    // No name: a database of its own, gone with the connection.
    private readonly SqliteConnection connection = new("Data Source=;Pooling=False");
    private readonly byte[] hash = new byte[SHA256.HashSizeInBytes];
    private readonly SqliteCommand countUp;

    public Occurrences()
    {
        connection.Open();
        using (var make = connection.CreateCommand())
        {
            make.CommandText = Table;
            make.ExecuteNonQuery();
        }
        countUp = connection.CreateCommand();
        countUp.CommandText =
            "INSERT INTO seen VALUES ($hash, 1) ON CONFLICT DO UPDATE SET times = times + 1 RETURNING times";
        countUp.Parameters.AddWithValue("$hash", hash);
    }

    /// <summary>Which of its equals so far a row is; the first is 1.</summary>
    public int Count(ArchiveRecord.Action row)
    {
        Hash(row, hash);
        return (int)(long)countUp.ExecuteScalar()!;
    }

    public void Dispose()
    {
        countUp.Dispose();
        connection.Dispose();
    }

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
