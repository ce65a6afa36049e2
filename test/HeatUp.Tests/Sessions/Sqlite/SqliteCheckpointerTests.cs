using System.Text;
using HeatUp.Sessions.Sqlite;
using HeatUp.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace HeatUp.Tests.Sessions.Sqlite;

public sealed class SqliteCheckpointerTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task WhoeverWaitsForARoundIsToldOfItHoweverOftenOthersAsk()
    {
        var file = new SqliteFile(folder.File("sessions.db"));
        using var writer = new SqliteDatabase(file.OpenWriter());
        using var checkpointer = new SqliteCheckpointer(file, NullLogger.Instance);
        checkpointer.Start();

        for (int round = 0, pages = 0; round < 5_000; round++)
        {
            for (var again = 0; again < 3; again++)
                checkpointer.Consider(writer, pages += SqliteCheckpointer.PagesMin);
            await checkpointer.CaughtUpAsync().WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public void WhatIsErasedLeavesTheLogAsSoonAsTheReaderThatWasInTheWayIsDone()
    {
        var file = new SqliteFile(folder.File("sessions.db"));
        using var writer = new SqliteDatabase(file.OpenWriter());
        using var checkpointer = new SqliteCheckpointer(file, NullLogger.Instance);
        checkpointer.Start();
        writer.Run("INSERT INTO memberships (session_id, channel, joined_at) VALUES ('alice', '@secret', '2025')");
        using var reader = new SqliteConnection($"Data Source={folder.File("sessions.db")};Pooling=False");
        reader.Open();
        using var reading = reader.BeginTransaction(deferred: true);
        using var read = reader.CreateCommand();
        read.CommandText = "SELECT count(*) FROM memberships";
        read.ExecuteScalar();
        writer.Run("DELETE FROM memberships");
        checkpointer.Erase();
        SpinWait.SpinUntil(() => !LogHolds("@secret"), TimeSpan.FromMilliseconds(50)).ShouldBeFalse("it is read still");

        reading.Commit();

        SpinWait.SpinUntil(() => !LogHolds("@secret"), Patience).ShouldBeTrue();
    }

    [Fact]
    public void WhatAProcessThatWasKilledHadErasedLeavesTheLogAtTheNextStart()
    {
        var file = new SqliteFile(folder.File("sessions.db"));
        var left = new SqliteDatabase(file.OpenWriter());
        left.Run("INSERT INTO memberships (session_id, channel, joined_at) VALUES ('alice', '@secret', '2025')");
        left.Run("DELETE FROM memberships");
        SqliteFile.LeaveLog(left.Handle);
        left.Dispose();
        LogHolds("@secret").ShouldBeTrue();

        using var writer = new SqliteDatabase(file.OpenWriter());
        using var checkpointer = new SqliteCheckpointer(file, NullLogger.Instance);
        checkpointer.Start();

        SpinWait.SpinUntil(() => !LogHolds("@secret"), Patience).ShouldBeTrue();
    }

    private bool LogHolds(string text)
    {
        if (!File.Exists(folder.File("sessions.db-wal"))) return false;
        // To the end, wherever that is by then: it is emptied meanwhile.
        using var log = File.OpenRead(folder.File("sessions.db-wal"));
        using var bytes = new MemoryStream();
        log.CopyTo(bytes);
        return bytes.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
    }
}
