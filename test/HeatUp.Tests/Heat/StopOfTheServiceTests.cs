using System.Net;
using global::Heat.Configuration;
using global::Heat.Hosting;
using HeatUp.Runs;
using HeatUp.Sessions.Sqlite;
using HeatUp.Tests.Sessions;
using HeatUp.Tests.Sessions.Sqlite;
using HeatUp.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static HeatUp.Tests.Sessions.Remembered;

namespace HeatUp.Tests.Heat;

/// <summary>What a service promises when it stops, and when it never starts.</summary>
public sealed class StopOfTheServiceTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider clock = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Database => folder.File("sessions.db");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task AStopAnswersThoseWhoWaitForASittingBeforeTheDoorCloses()
    {
        await using var heat = await HeatServer.StartAsync(settings => settings with { Pace = Pace.Real }, clock, folder);
        var waiting = heat.PostAsync("/warmup-sync/alice");
        while ((await heat.GetAsync("/health")).Number("running_sittings") == 0) Cancellation.ThrowIfCancellationRequested();

        await heat.StopAsync();

        using var answer = await waiting;
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.JsonAsync()).Text("status").ShouldNotBe("completed");
    }

    [Fact]
    public async Task WhatCannotListenTakesNothingOver()
    {
        await LeaveOpenAsync(Alice);
        await using var other = await HeatServer.StartAsync();
        await using (var app = await BuildAsync(other.Client.BaseAddress!.OriginalString.TrimEnd('/')))
            await Should.ThrowAsync<IOException>(app.StartAsync(Cancellation));

        EpochOf(Alice).ShouldBe(1);
    }

    [Fact(Timeout = 60_000)]
    public async Task AfterItsStopItTakesNothingOver()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        await using var app = await BuildAsync("http://127.0.0.1:0");
        await app.StartAsync(Cancellation);
        await app.StopAsync(Cancellation);
        await LeaveOpenAsync(Bob);

        for (var i = 0; i < 10; i++) clock.Advance(TimeSpan.FromSeconds(30));
        await app.DisposeAsync();

        EpochOf(Bob).ShouldBe(1);
    }

    [Fact]
    public async Task WhatWasLeftOpenIsTakenOverOnceItListens()
    {
        await LeaveOpenAsync(Alice);
        await using (var heat = await HeatServer.StartAsync(settings => settings with { Pace = Pace.None }, folder: folder))
            while (EpochOf(Alice) == 1) Cancellation.ThrowIfCancellationRequested();

        EpochOf(Alice).ShouldBe(2);
    }

    [Fact]
    public async Task ASittingGoesOnWhenItsCallerHangsUp()
    {
        await using var heat = await HeatProcess.ServeAsync(folder, ("PACE", "0.03"));
        using var hangsUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var waiting = heat.Client.PostAsync("/warmup-sync/alice", null, hangsUp.Token);
        while ((await heat.Client.GetStringAsync("/health", Cancellation)).Contains("\"running_sittings\":0", StringComparison.Ordinal))
            Cancellation.ThrowIfCancellationRequested();
        await hangsUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);

        HttpResponseMessage next;
        while ((next = await heat.Client.PostAsync("/warmup-sync/alice", null, Cancellation)).StatusCode == HttpStatusCode.Conflict)
            next.Dispose();

        (await next.JsonAsync()).Text("message").ShouldContain("Sitting 2 ");
        var history = await heat.Client.GetStringAsync("/sessions/alice/history", Cancellation);
        history.ShouldContain("\"is_new\":false");
        var (code, log) = await heat.TerminateAsync();
        code.ShouldBe(0);
        log.ShouldNotContain("fail:");
        log.ShouldNotContain("Exception");
        next.Dispose();
    }

    [Theory]
    [InlineData("HUP")]
    [InlineData("INT")]
    public async Task AClosedTerminalEndsItInOrderAsASignalDoes(string signal)
    {
        await using var heat = await HeatProcess.ServeAsync(folder, ("PACE", "1"));
        using var answer = await heat.Client.PostAsync("/warmup/alice", null, Cancellation);

        var (code, log) = await heat.TerminateAsync(signal);

        code.ShouldBe(0);
        log.ShouldContain("goes on after its restart");
    }

    [Fact]
    public async Task WhereTheSystemDoesNotLockFilesNobodySits()
    {
        var ended = await HeatProcess.RunAsync(folder, ["warmup", "alice"], ("DOTNET_SYSTEM_IO_DISABLEFILELOCKING", "1"), ("PACE", "0"));

        ended.Code.ShouldBe(1);
        ended.Error.ShouldContain("unset DOTNET_SYSTEM_IO_DISABLEFILELOCKING");
    }

    [Theory]
    [InlineData("http://192.0.2.7:0", "is no address of this machine")]
    [InlineData("http://[fe80::1]:0", "is no address of this machine")]
    [InlineData("http://255.255.255.255:0", "is no address of this machine")]
    [InlineData("http://[ff02::1]:0", "is no address of this machine")]
    [InlineData("http://256.1.1.1:0", "names no host that this machine knows")]
    [InlineData("http://224.0.0.1:0", "is no address of this machine")]
    [InlineData("http://no-such-host.invalid:0", "names no host that this machine knows")]
    public async Task AnAddressThatCannotBeListenedOnIsOneLine(string url, string said)
    {
        var ended = await HeatProcess.RunAsync(folder, ["serve", "--urls", url], ("API_TOKEN", "x"), ("LOG_LEVEL", "none"));

        ended.Code.ShouldBe(1);
        ended.Error.Trim().ShouldStartWith($"error: {url} {said}");
        ended.Error.Trim().ShouldNotContain("\n");
    }

    [Fact]
    public async Task APortThatIsTakenIsOneLine()
    {
        await using var other = await HeatServer.StartAsync();
        var url = other.Client.BaseAddress!.OriginalString.TrimEnd('/');

        var ended = await HeatProcess.RunAsync(folder, ["serve", "--urls", url], ("LOG_LEVEL", "none"));

        ended.Code.ShouldBe(1);
        ended.Error.Trim().ShouldBe($"error: {url} is in use. Stop what listens there. Choose another with --urls.");
    }

    private Task<WebApplication> BuildAsync(string url) => HeatService.BuildAsync(
        Settings.Load(folder.Path, []) with
        {
            DatabasePath = Database,
            ChannelsFile = Repository.File("channels_data.json"),
            Urls = [url],
            LogLevel = LogLevel.None,
        }, clock);

    /// <summary>A process begins a sitting and is gone.</summary>
    private async Task LeaveOpenAsync(SessionId session)
    {
        await using var store = await SqliteSessionStore.OpenAsync(
            Database, TelegramMode.Sandbox, TimeProvider.System, NullLogger.Instance, Cancellation);
        await store.LiveAsync(session, 1, DateTimeOffset.UtcNow, Idle());
    }

    private int EpochOf(SessionId session)
    {
        using var database = new PythonDatabase(Database);
        return int.Parse(database.Read($"SELECT CAST(epoch AS TEXT) FROM runs WHERE session_id = '{session}'").Single(), null);
    }
}
