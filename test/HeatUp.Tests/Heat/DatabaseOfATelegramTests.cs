using global::Heat.Hosting;
using global::Heat;
using global::Heat.Configuration;
using HeatUp.Channels;
using HeatUp.Sessions.Sqlite;
using HeatUp.Sessions;
using HeatUp.Simulations;
using HeatUp.Testing.Peer;
using HeatUp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace HeatUp.Tests.Heat;

/// <summary>What is remembered of one Telegram's sessions plans nothing for another's.</summary>
public sealed class DatabaseOfATelegramTests : IDisposable
{
    private static readonly (string, string)[] Live =
        [("TELEGRAM_MODE", "live"), ("TELEGRAM_API_ID", "17"), ("TELEGRAM_API_HASH", "f00d")];

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task ALiveServiceRefusesTheDatabaseOfTheSandboxAndAnybodyMayReadIt()
    {
        (await HeatProcess.RunAsync(folder, ["warmup", "alice", "--pace", "0"])).Code.ShouldBe(0);

        (string, string)[] live = [.. Live, ("TDLIB_PATH", TdLib.RealTdLib.File)];
        var warmup = await HeatProcess.RunAsync(folder, ["warmup", "alice"], live);
        var serve = await Should.ThrowAsync<InvalidOperationException>(
            async () => await (await HeatProcess.ServeAsync(folder, live)).DisposeAsync());
        warmup.Code.ShouldBe(1);
        foreach (var said in (string[])[warmup.Error, serve.Message])
        {
            said.ShouldContain("error: DATABASE_PATH=sessions.db holds sittings of TELEGRAM_MODE=sandbox");
            said.ShouldContain("set DATABASE_PATH to a file of its own for live");
        }
        foreach (var command in (string[][])[["history", "alice"], ["sessions"], ["report"], ["db", "export", "all.jsonl"]])
            (await HeatProcess.RunAsync(folder, command, Live)).ShouldSatisfyAllConditions(
                read => read.Error.ShouldNotContain("TELEGRAM_MODE"), read => read.Code.ShouldBe(0));
    }

    [Fact]
    public async Task TheSandboxRefusesTheDatabaseOfRealAccounts()
    {
        await using (var live = Open("live"))
            await live.BeginAsync(Sessions.Remembered.Run(SessionId.Parse("alice")), Cancellation);

        Should.Throw<StoreException>(() => Open("sandbox")).Message.ShouldContain("TELEGRAM_MODE=live");
        Should.Throw<StoreException>(() => Open("test")).Message.ShouldContain("TELEGRAM_MODE=live");
        await using var again = Open("live");
    }

    [Fact]
    public async Task ASimulationsHistoryIsTheSandboxs()
    {
        var scenario = new Scenario { Sessions = 5, Days = 2 };
        using (var run = new SimulationRun(scenario, ChannelPool.VerifiedOnly, null, 1, folder.File("sessions.db")))
            run.Run(_ => { }, Cancellation);

        Should.Throw<StoreException>(() => Open("live")).Message.ShouldContain("TELEGRAM_MODE=sandbox");
        await using var sandbox = Open("sandbox");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private SqliteSessionStore Open(string mode) => Services(mode).GetRequiredService<SqliteSessionStore>();

    private ServiceProvider Services(string mode) => HeatServices.Build(
        Settings.Load(folder.Path, []) with
        {
            DatabasePath = folder.File("sessions.db"),
            Telegram = mode == "sandbox"
                ? null
                : new TelegramSettings(mode == "test", 17, TestSecret.Of("f00d"), null, null, NoRealData.AccountsIn(folder)),
        },
        StoreUse.Sit, (_, _, log) => new ScriptedPeer(TimeProvider.System).Library(log));
}
