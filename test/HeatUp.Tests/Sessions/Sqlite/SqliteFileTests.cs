using System.Text;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;
using HeatUp.Sessions.Sqlite;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

using static HeatUp.Tests.Sessions.Remembered;

namespace HeatUp.Tests.Sessions.Sqlite;

public sealed class SqliteFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task AClosedStoreLeavesOneFile()
    {
        await using (var store = await OpenAsync()) await store.LiveAsync(Alice, 1, Noon, Idle());

        Directory.GetFiles(folder.Path).ShouldBe([folder.File("sessions.db")]);
    }

    [Fact]
    public async Task ForgettingLeavesNoTextInTheFile()
    {
        const string secret = "a-reason-that-nobody-else-would-give";
        await using (var store = await OpenAsync())
        {
            await store.SitAsync(Alice, 1, Noon, [.. Enumerable.Range(0, 40).Select(i => Join($"@channel{i}", $"{secret} {i}"))]);
            await store.SitAsync(Bob, 1, Noon, Idle());
            await store.ForgetAsync(Alice, Cancellation);
        }

        var bytes = File.ReadAllBytes(folder.File("sessions.db"));
        bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)).ShouldBe(-1);
        bytes.AsSpan().IndexOf("bob"u8).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task ADatabaseFromBeforeTheDaysWereCountedBeginsWithItsNewestDay()
    {
        await using (var store = await OpenAsync())
            foreach (var (session, day, tokens) in new[] { (Alice, -1, 70), (Alice, 0, 500), (Bob, 0, 30) })
            {
                var plan = new Plan([Idle()], new PlanOrigin(PlannerKind.Llm, null, new TokenUsage(tokens, 5, 1)));
                var hold = await store.BegunAsync(Run(session, day + (session == Alice ? 2 : 1), Noon.AddDays(day), plan));
                await store.EndAsync(hold, RunEnd.Completed, Noon.AddDays(day));
            }
        using (var old = new PythonDatabase(folder.File("sessions.db"))) old.Run("DROP TABLE llm_usage");

        await using var next = await OpenAsync();

        var today = DateOnly.FromDateTime(Noon.UtcDateTime);
        (await next.TokensOfAsync(today, Cancellation)).ShouldBe(new TokenUsage(530, 10, 2));
        (await next.TokensOfAsync(today.AddDays(-1), Cancellation)).ShouldBe(default);
    }

    [Fact]
    public async Task RunsOfAKilledProcessAreTakenOver()
    {
        RunId killed;
        await using (var store = await OpenAsync()) killed = (await store.LiveAsync(Alice, 1, Noon)).Id;
        // What a killed process leaves: its file, which nobody locks any more.
        File.WriteAllText(folder.File("sessions.db-owner-1"), "");

        await using var next = await OpenAsync();

        (await next.TakeOverAsync(Holding(), Cancellation)).ShouldHaveSingleItem().Run.Id.ShouldBe(killed);
        Directory.GetFiles(folder.Path, "*-owner-*").ShouldHaveSingleItem().ShouldEndWith("-owner-2");
    }

    [Theory]
    [InlineData("UPDATE runs SET plan = 'broken' WHERE session_id = 'alice'")]
    [InlineData("UPDATE runs SET plan = '[{\"action\":\"dance\"}]' WHERE session_id = 'alice'")]
    [InlineData("UPDATE runs SET started_at = 'soon' WHERE session_id = 'alice'")]
    [InlineData("UPDATE steps SET action = '{' WHERE run = 1")]
    public async Task ARunThatCannotBeReadHidesNoOtherAndStopsNothing(string damage)
    {
        BegunRun odd, other;
        await using (var store = await OpenAsync())
        {
            odd = await store.LiveAsync(Alice, 1, Noon, Idle());
            other = await store.LiveAsync(Bob, 1, Noon, Idle());
        }
        using (var python = new PythonDatabase(folder.File("sessions.db"))) python.Run(damage);

        await using var next = await OpenAsync();

        var taken = (await next.TakeOverAsync(Holding(), Cancellation)).ShouldHaveSingleItem();
        taken.Run.Id.ShouldBe(other.Id);
        using (var python = new PythonDatabase(folder.File("sessions.db"))) python.Add("carol", "idle", "{}", "2024-01-10 12:00:00");
        (await next.RememberAsync(taken.Hold, Done(2, Idle()))).ShouldBeTrue();
        (await next.BeginAsync(odd.Run with { Sitting = 2, Id = RunId.For(new Seed(5), Alice, 2, Noon) }, Cancellation))
            .Kind.ShouldBe(BeginningKind.Begun);
    }

    [Fact]
    public async Task AnOwnersNumberThatWasRolledBackIsNotGivenToTheNext()
    {
        await using var first = await OpenAsync();
        var ended = await first.SitAsync(Alice, 1, Noon);
        RunId left;
        await using (var second = await OpenAsync())
        {
            await Should.ThrowAsync<StoreException>(second.BeginAsync(ended.Run with { Sitting = 2 }, Cancellation).AsTask());
            left = (await second.LiveAsync(Bob, 1, Noon)).Id;
        }

        await using var third = await OpenAsync();
        (await third.TakeOverAsync(Holding(), Cancellation)).ShouldHaveSingleItem().Run.Id.ShouldBe(left);
    }

    [Fact]
    public async Task ABackupIsWholeAndNotWrittenOverAnother()
    {
        await using var store = await OpenAsync();
        await store.SitAsync(Alice, 1, Noon, Join("@durov"), Idle());
        var backup = folder.File("backup.db");
        store.BackUp(backup, cancellation: Cancellation);
        await store.SitAsync(Alice, 2, Noon.AddHours(1), Idle());

        Should.Throw<StoreException>(() => store.BackUp(backup, cancellation: Cancellation)).Message.ShouldContain("exists");
        await using (var copy = await OpenAsync("backup.db"))
            (await copy.RecallAsync(Alice, Cancellation)).ShouldSatisfyAllConditions(
                past => past.TotalActions.ShouldBe(2), past => past.Sittings.ShouldBe(1));
        store.BackUp(backup, overwrite: true, Cancellation);
        await using (var copy = await OpenAsync("backup.db"))
            (await copy.RecallAsync(Alice, Cancellation)).TotalActions.ShouldBe(3);
        Directory.GetFiles(folder.Path, "*.part*").ShouldBeEmpty();
    }

    [Fact]
    public async Task ABackupThatCantBeWrittenSaysWhyAndLeavesNothing()
    {
        await using var store = await OpenAsync();

        Should.Throw<StoreException>(() => store.BackUp(folder.File("no/where.db"), cancellation: Cancellation))
            .Message.ShouldContain(folder.File("no/where.db"));
        Should.Throw<StoreException>(() => store.BackUp(folder.Path, cancellation: Cancellation)).Message.ShouldContain("folder");
        Should.Throw<OperationCanceledException>(() =>
            store.BackUp(folder.File("cancelled.db"), cancellation: new CancellationToken(canceled: true)));
        Directory.GetFiles(folder.Path, "cancelled*").ShouldBeEmpty();
    }

    [Fact]
    public async Task TwoProcessesMayMakeTheSameDatabaseAtOnce()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => OpenAsync()));

        await Task.WhenAll(stores.Select((store, i) => store.SitAsync(SessionId.Parse($"s{i}"), 1, Noon, Idle())));

        foreach (var i in Enumerable.Range(0, 6))
            (await stores[0].TypedHistoryAsync(SessionId.Parse($"s{i}"))).Summary.TotalActions.ShouldBe(1);
        foreach (var store in stores) await store.DisposeAsync();
    }

    private Task<SqliteSessionStore> OpenAsync(string file = "sessions.db") =>
        SqliteSessionStore.OpenAsync(folder.File(file), TelegramMode.Sandbox, TimeProvider.System, NullLogger.Instance, Cancellation);

}
