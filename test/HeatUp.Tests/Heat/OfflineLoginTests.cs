using System.Net;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat;

/// <summary>A login over the native library without a network: how far it comes, and who says so.</summary>
public sealed class OfflineLoginTests : IDisposable
{
    private const string AskPhone = "such as +15550001122:";
    private const string Waits =
        "The login of 'alice' waits for a phone number (WaitPhoneNumber). 'heat account login alice' goes on.";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task ALoginThatWasBegunIsSaidByTheListTheServiceAndEachSitting()
    {
        await BeginAsync();
        (await TerminalProcess.RunAsync(folder, "account list", TerminalProcess.Native)).Out.ShouldContain(Waits);
        (await TerminalProcess.RunAsync(folder, "warmup alice", TerminalProcess.Native)).Error.ShouldContain(Waits);

        var url = new Uri($"http://127.0.0.1:{HeatProcess.FreePort()}");
        await using var service = await TerminalProcess.ServeNativeAsync(folder, url);
        using var client = new HttpClient { BaseAddress = url };
        using var health = await client.GetAsync(new Uri("/health", UriKind.Relative), Cancellation);

        health.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await health.JsonAsync()).GetProperty("dependencies").GetProperty("telegram").ToString()
            .ShouldContain("waits for a phone number (WaitPhoneNumber)");
        using var sitting = await client.PostAsync(new Uri("/warmup/alice", UriKind.Relative), null, Cancellation);
        sitting.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await sitting.JsonAsync()).Text("detail").ShouldContain("WaitPhoneNumber");

        await BeginAsync("the service keeps nobody from logging in");
        (await service.TerminateAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task AFolderThatAnotherLoginHasOpenIsSaidToBe()
    {
        await using var first = TerminalProcess.Start(folder, "account login alice", TerminalProcess.Native);
        await first.SeeAsync(AskPhone);
        await using var second = TerminalProcess.Start(folder, "account login alice", TerminalProcess.Native);

        (await second.EndAsync()).ShouldBe(1, second.Shown);

        second.Shown.ShouldContain("Another heat process works with this account. Stop it, or let it end.");
        second.Shown.ShouldNotContain(AskPhone);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private async Task BeginAsync(string why = "")
    {
        await using var terminal = TerminalProcess.Start(folder, "account login alice", TerminalProcess.Native);
        await terminal.SeeAsync(AskPhone);
        terminal.Shown.ShouldNotContain("already in use", Case.Sensitive, why);
        await terminal.CloseAsync();
    }
}
