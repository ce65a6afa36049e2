using System.Text;
using HeatUp.Runs;
using HeatUp.Sessions;
using HeatUp.Sessions.Archive;
using HeatUp.Sessions.Postgres;
using HeatUp.Sessions.Sqlite;
using HeatUp.Tests.Sessions.Sqlite;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using static HeatUp.Tests.Sessions.Remembered;

namespace HeatUp.Tests.Sessions.Postgres;

/// <summary>A database of SQLite, with whatever others wrote into it, is the same after a way through PostgreSQL.</summary>
public sealed class CarryingOverTests(PostgresServer server) : IAsyncDisposable
{
    private readonly TempFolder folder = new();
    private readonly List<IAsyncDisposable> opened = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var store in opened) await store.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task WhateverARowHoldsComesBackAsItWasAndIsToldTheSame()
    {
        using (var python = new PythonDatabase(folder.File("odd.db")))
        {
            object?[] data =
            [
                null, "", "{}", """{"action": "idle", "action": "again", "b": 1.50e2}""", """{"a": NaN}""", "not json",
                """{ "z" : "\u0000\ud83d\ude00 я", "a" :[ ] }""", "\"\\ud800\"", "half \0 nul", "\u001A0 and \u001A",
                new string('[', 300) + new string(']', 300), "[1,2", "null", "  7 ",
            ];
            foreach (var one in data) python.Add("alice", "idle", one, "2024-01-10 12:00:00.000001");
            object?[] times =
            [
                null, "", "2024-01-10 12:00:00", "2024-01-10T12:00:00+03:00", "yesterday", "0001-01-01 00:00:00",
                "2024-12-31 23:59:59.999999", "2024-02-30 00:00:00", 5,
            ];
            foreach (var one in times) python.Add("bob", "idle", null, one);
            python.Add("no\0name", "join\0channel", """{"channel_username": "@durov"}""", "2024-01-10 12:00:00");
            python.Run("""
                INSERT INTO session_history (session_id, action_type, action_data, timestamp)
                VALUES (CAST(x'616C69FF6365' AS TEXT), CAST(x'69FF' AS TEXT), CAST(x'FFFE' AS TEXT), CAST(x'32FF' AS TEXT))
                """);
            python.Add("alice", "join_channel", """{"channel_username": "@durov"}""", "2024-01-11 12:00:00");
        }
        var first = await SqliteAsync("odd.db");
        await first.SitAsync(Bob, 1, Noon.AddDays(2), Join("@telegram", "odd \0 reason"), Read("@telegram"));
        var run = await first.LiveAsync(Alice, 1, Noon.AddDays(3));
        await first.RememberAsync(run.Hold, Step(1, Join("@x_y_z"), new Outcome.Refused(new(400, "NUL \0 \u001A0"))));
        await first.EndAsync(run.Hold, new RunEnd(RunStatus.Failed, "fault", "\0"), Noon.AddDays(3));

        var there = await PostgresAsync();
        var (report, written) = await CarryAsync(first, there);
        var back = await SqliteAsync("back.db");
        var (again, _) = await CarryAsync(there, back);

        report.Refused.ShouldBeEmpty();
        (await ExportAsync(there)).ShouldBe(written);
        (await ExportAsync(back)).ShouldBe(written);
        (await CarryAsync(first, there)).Report.Added.ShouldBe(0, "all of it is there");
        foreach (var session in new[] { Alice, Bob })
            (await there.HistoryAsync(session)).ShouldBe(await first.HistoryAsync(session));
        (await there.FindRunAsync(run.Id, Cancellation))!.Steps[0].Outcome.Error!.Message.ShouldBe("NUL \0 \u001A0");
    }

    private async Task<SqliteSessionStore> SqliteAsync(string file)
    {
        var store = await SqliteSessionStore.OpenAsync(
            folder.File(file), TelegramMode.Sandbox, TimeProvider.System, NullLogger.Instance, Cancellation);
        opened.Add(store);
        return store;
    }

    private async Task<PostgresSessionStore> PostgresAsync()
    {
        var store = await PostgresSessionStore.OpenAsync(
            await server.NewDatabaseAsync(), TelegramMode.Sandbox, TimeProvider.System, cancellation: Cancellation);
        opened.Add(store);
        return store;
    }

    private static async Task<(ImportReport Report, string Written)> CarryAsync(IArchivable from, IArchivable to)
    {
        var written = await ExportAsync(from);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(written));
        return (await SessionArchive.ImportAsync(to, stream, TimeProvider.System, cancellation: Cancellation), written);
    }

    private static async Task<string> ExportAsync(IArchivable store)
    {
        using var stream = new MemoryStream();
        await SessionArchive.ExportAsync(store, stream, Cancellation);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
