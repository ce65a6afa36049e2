using HeatUp.Sessions;
using HeatUp.Sessions.Sqlite;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace HeatUp.Tests.Sessions.Sqlite;

/// <summary>What many wait for goes before what nobody waits for.</summary>
public sealed class SqliteWriterTests : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private readonly List<string> written = [];
    private SqliteCheckpointer checkpointer = null!;
    private SqliteWriter writer = null!;

    public async ValueTask InitializeAsync()
    {
        var file = new SqliteFile(folder.File("sessions.db"));
        checkpointer = new SqliteCheckpointer(file, NullLogger.Instance);
        writer = await SqliteWriter.StartAsync(file, checkpointer, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync();
        checkpointer.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task WhenItsThreadDiesAllWhoWaitHearItAndSoDoAllWhoCome()
    {
        using var mayGoOn = new ManualResetEventSlim();
        var isWriting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = Write(() =>
        {
            isWriting.SetResult();
            mayGoOn.Wait(Cancellation);
        });
        await isWriting.Task;
        // The memory runs out in the middle of the next batch.
        var fatal = Write(() => throw new InsufficientMemoryException("There is no memory left."));
        Task[] waiting = [fatal, Write("in its batch"), Patiently("patient")];
        mayGoOn.Set();

        await first;
        foreach (var write in waiting)
            (await Should.ThrowAsync<StoreException>(write)).Message.ShouldContain("no memory left");
        (await Should.ThrowAsync<StoreException>(Write("too late"))).Message.ShouldContain("Restart");
        writer.LastFailure.ShouldNotBeNull().Message.ShouldContain("is not written any more");
    }

    [Fact]
    public async Task APatientWriteLetsThoseThatCameAfterItGoFirst()
    {
        using var mayGoOn = new ManualResetEventSlim();
        Task[] writes =
        [
            Write(() => mayGoOn.Wait(Cancellation)),
            Patiently("patient"),
            Write("first"),
            Write("second"),
        ];

        mayGoOn.Set();
        await Task.WhenAll(writes);

        written.ShouldBe(["first", "second", "patient"]);
    }

    [Fact]
    public async Task APatientWriteIsNotPutOffForEver()
    {
        var (count, others, patient) = (0, new List<Task>(), Task.FromResult(false));
        // Each write asks for the next before it is committed, so that there always is one.
        void Another()
        {
            if (++count == 1) patient = Patiently("patient");
            if (count <= 4 * SqliteWriter.PassedOverMax) others.Add(Write(Another));
            written.Add("other");
        }

        await Write(Another);
        await patient;
        await writer.WriteAsync(_ => true, Cancellation);
        while (others.Count < 4 * SqliteWriter.PassedOverMax) await Task.WhenAll(others);

        written.IndexOf("patient").ShouldBeInRange(2, 2 * SqliteWriter.PassedOverMax);
    }

    [Fact]
    public async Task APatientWriteThatStillWaitsIsWrittenWhenTheStoreCloses()
    {
        using var mayGoOn = new ManualResetEventSlim();
        var holding = Write(() => mayGoOn.Wait(Cancellation));
        var patient = Patiently("patient");

        var closing = writer.DisposeAsync();
        mayGoOn.Set();

        await closing;
        await holding;
        await patient;
        written.ShouldBe(["patient"]);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Task<bool> Write(string what) => Write(() => written.Add(what));

    private Task<bool> Write(Action what) => writer.WriteAsync(
        _ =>
        {
            what();
            return true;
        },
        Cancellation).AsTask();

    private Task<bool> Patiently(string what) => writer.WritePatientlyAsync(
        _ =>
        {
            written.Add(what);
            return true;
        },
        Cancellation).AsTask();
}
