using HeatUp.Runs;
using HeatUp.Sessions;
using HeatUp.Sessions.Postgres;
using HeatUp.Tests.Support;
using static HeatUp.Tests.Sessions.Remembered;

namespace HeatUp.Tests.Sessions.Postgres;

/// <summary>Whatever is wrong with a database is said in one line, with what to do.</summary>
public sealed class PostgresTroubleTests(PostgresServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ADatabaseThatIsNotThereIsSaid() =>
        (await WhyNotAsync((await server.NewDatabaseAsync()).With(database: "nowhere")))
            .ShouldEndWith("/nowhere names a database that does not exist. Make it with createdb, or name another.");

    [Fact]
    public async Task AUserThatIsNotThereIsSaid() =>
        (await WhyNotAsync((await server.NewDatabaseAsync()).With(user: "nobody")))
            .ShouldEndWith("refuses this user or its password. Correct them in DATABASE_URL.");

    [Fact]
    public async Task AServerThatIsNotThereIsSaid()
    {
        var said = await WhyNotAsync(Parse($"postgres://u:secret@127.0.0.1:{HeatProcess.FreePort()}/d"));

        said.ShouldContain("can't be reached (Connection refused). See that it runs and listens there.");
        said.ShouldNotContain("secret");
    }

    [Fact]
    public async Task AUserThatMayNotMakeTablesIsSaid()
    {
        var address = await server.NewDatabaseAsync();
        await PostgresServer.RunAsync(address, "CREATE ROLE reader LOGIN; REVOKE CREATE ON SCHEMA public FROM PUBLIC");

        (await WhyNotAsync(address.With(user: "reader"))).ShouldEndWith(
            "does not let this user do that (permission denied for schema public). "
            + "Grant it the right to make and write tables.");
    }

    [Fact]
    public async Task ADatabaseOfANewerVersionIsRefusedAndLeftAsItIs()
    {
        var address = await server.NewDatabaseAsync();
        await (await OpenAsync(address)).DisposeAsync();
        await PostgresServer.RunAsync(address, "UPDATE heat_up SET version = 99");

        (await WhyNotAsync(address)).ShouldContain(
            $"was written by a newer Heat Up (tables of version 99; this one knows {PostgresSchema.Version})");
    }

    [Fact]
    public async Task ADatabaseOfAnotherProgramIsRefused()
    {
        var address = await server.NewDatabaseAsync();
        await PostgresServer.RunAsync(address, "CREATE TABLE session_history (x integer)");

        (await WhyNotAsync(address)).ShouldContain("It belongs to another program: name another database.");
    }

    [Fact]
    public async Task TenThatStartAtOnceMakeTheTablesOnce()
    {
        var address = await server.NewDatabaseAsync();

        var stores = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => OpenAsync(address)));

        foreach (var store in stores)
        {
            (await store.TroubleAsync(Cancellation)).ShouldBeNull();
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task ANewVersionIsMadeOfTheOneBeforeOnceWhileItsNodesGoOn()
    {
        var address = await server.NewDatabaseAsync();
        await using var before = await OpenAsync(address);
        var run = Run(Alice);
        var hold = (await before.BeginAsync(run, Cancellation)).Hold;
        string[] next = [.. PostgresSchema.Versions, "ALTER TABLE steps ADD COLUMN note text"];
        await using var database = PostgresDatabase.At(address, TimeProvider.System);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ =>
            PostgresSchema.EnsureAsync(database, next, makes: true, Cancellation)));

        (await before.RememberAsync(hold, Done(1, run.Plan.Actions[0]))).ShouldBeTrue();
        (await PostgresServer.RowsAsync(address, "SELECT version FROM heat_up", row => row.GetInt32(0)))
            .ShouldHaveSingleItem().ShouldBe(next.Length);
        (await WhyNotAsync(address)).ShouldContain("was written by a newer Heat Up");
    }

    private static async Task<string> WhyNotAsync(PostgresAddress address)
    {
        var said = (await Should.ThrowAsync<StoreException>(() => OpenAsync(address))).Message;
        said.ShouldStartWith("DATABASE_URL=postgres://127.0.0.1:");
        said.ShouldNotContain('\n');
        return said;
    }

    private static Task<PostgresSessionStore> OpenAsync(PostgresAddress address) =>
        PostgresSessionStore.OpenAsync(address, TelegramMode.Sandbox, TimeProvider.System, cancellation: Cancellation);

    private static PostgresAddress Parse(string text) =>
        PostgresAddress.TryParse(text, out var address, out var problem) ? address : throw new FormatException(problem);
}

file static class Addresses
{
    public static PostgresAddress With(this PostgresAddress address, string? database = null, string? user = null)
    {
        var parts = new Npgsql.NpgsqlConnectionStringBuilder(address.ConnectionString);
        PostgresAddress.TryParse(
            $"postgres://{user ?? parts.Username}@{parts.Host}:{parts.Port}/{database ?? parts.Database}", out var other, out _)
            .ShouldBeTrue();
        return other!;
    }
}
