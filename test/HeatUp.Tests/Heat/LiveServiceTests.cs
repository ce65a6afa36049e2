using System.Net;
using global::Heat.Accounts;
using global::Heat;
using global::Heat.Configuration;
using HeatUp.TdLib;
using HeatUp.Tests.Support;
using HeatUp.Tests.TdLib;
using Microsoft.Extensions.Logging.Abstractions;

namespace HeatUp.Tests.Heat;

/// <summary>The service outside the sandbox, before anybody has logged in: no packet leaves the machine.</summary>
public sealed class LiveServiceTests
{
    [Theory]
    [InlineData(false, "live")]
    [InlineData(true, "test")]
    public async Task WithoutAnAccountItStartsSaysSoAndStops(bool isTest, string mode)
    {
        using var folder = new TempFolder();
        await using var server = await HeatServer.StartAsync(settings => settings with { Telegram = Real(folder, isTest) }, folder: folder);

        using var health = await server.Client.GetAsync(new Uri("/health", UriKind.Relative), Cancellation);
        health.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var telegram = (await health.JsonAsync()).GetProperty("dependencies").GetProperty("telegram");
        telegram.Text("kind").ShouldBe(mode);
        telegram.ToString().ShouldContain("No account is logged in. 'heat account login NAME'");

        foreach (var path in new[] { "/warmup/alice", "/warmup-sync/alice" })
        {
            using var answer = await server.PostAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
            var problem = await answer.JsonAsync();
            problem.Problem().ShouldBe("account-not-found");
            problem.Text("detail").ShouldContain("heat account login");
        }
        await server.StopAsync();
        Directory.GetDirectories(folder.Path, "alice", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task ASessionThatIsNoAccountIsToldWhoIs()
    {
        using var folder = new TempFolder();
        await using var server = await HeatServer.StartAsync(settings => settings with { Telegram = Real(folder) }, folder: folder);
        server.Part<TelegramInUse>().Accounts!.Book.Add(SessionId.Parse("alice")).ShouldBeNull();

        using var answer = await server.PostAsync("/warmup/bob");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.JsonAsync()).Text("detail").ShouldStartWith("There is no account 'bob' here; there is alice.");
    }

    [Fact]
    public async Task ALoginThatCannotBeLookedAtIsSaidAsThat()
    {
        using var folder = new TempFolder();
        await using var server = await HeatServer.StartAsync(settings => settings with { Telegram = Real(folder) }, folder: folder);
        server.Part<TelegramInUse>().Accounts!.Book.Add(SessionId.Parse("alice")).ShouldBeNull();
        Directory.CreateDirectory(NoRealData.AccountsIn(folder, "live/bob/login"));

        using var answer = await server.PostAsync("/warmup/bob");

        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await answer.JsonAsync()).Text("detail").ShouldContain("the user that runs heat must own it");
    }

    [Theory]
    [InlineData("another", "TDLIB_DATABASE_KEY")]
    [InlineData("lost", "database.key is gone")]
    public async Task AWrongOrLostKeyIsSaidPreciselyBeforeASitting(string way, string said)
    {
        using var folder = new TempFolder();
        await using (var before = await HeatServer.StartAsync(settings => settings with { Telegram = Real(folder) }, folder: folder))
            before.Part<TelegramInUse>().Accounts!.Book.Add(SessionId.Parse("alice")).ShouldBeNull();
        if (way == "lost") File.Delete(NoRealData.AccountsIn(folder, "live/database.key"));
        var key = way == "another" ? TestSecret.Of(new string('a', 64)) : null;

        await using var server = await HeatServer.StartAsync(
            settings => settings with { Telegram = Real(folder) with { DatabaseKey = key } }, folder: folder);

        using var answer = await server.PostAsync("/warmup/alice");
        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await answer.JsonAsync()).Text("detail").ShouldContain(said);
        using var health = await server.Client.GetAsync(new Uri("/health", UriKind.Relative), Cancellation);
        (await health.JsonAsync()).ToString().ShouldContain(said);
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("warmup")]
    public async Task ALibraryThatIsMissingIsOneLineAtTheStart(string command)
    {
        using var folder = new TempFolder();
        string[] arguments = command == "serve" ? [command] : [command, "alice"];

        var ended = await HeatProcess.RunAsync(
            folder, arguments, ("TELEGRAM_MODE", "live"), ("TELEGRAM_API_ID", "17"), ("TELEGRAM_API_HASH", "f00d"),
            ("TDLIB_PATH", "nowhere"));

        ended.Code.ShouldBe(1);
        ended.Error.Trim().ShouldStartWith("error: TDLIB_PATH is ");
        ended.Error.Trim().ShouldNotContain("\n");
    }

    [Fact]
    public async Task ASimulationRunsOnTheSandboxOnlyWhateverIsSet()
    {
        using var folder = new TempFolder();

        var ended = await HeatProcess.RunAsync(
            folder, ["simulate", "--sessions", "2", "--days", "1"],
            ("TELEGRAM_MODE", "live"), ("TELEGRAM_API_ID", "17"), ("TELEGRAM_API_HASH", "f00d"));

        ended.Code.ShouldBe(2);
        ended.Error.ShouldContain("TELEGRAM_MODE=live: a simulation runs on the sandbox only.");
    }

    [Fact]
    public void AnotherVersionOfTdLibIsSaidWithTheOneThatWasTested()
    {
        TdLibrary.WarningOf(TdLibrary.TestedVersion).ShouldBeNull();
        TdLibrary.WarningOf("1.9.0").ShouldNotBeNull().ShouldStartWith("TDLib is version 1.9.0; Heat Up was tested with 1.8.67.");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static TelegramSettings Real(TempFolder folder, bool isTest = false) =>
        new(isTest, 17, TestSecret.Of("f00d"), RealTdLib.File, null, NoRealData.AccountsIn(folder));
}
