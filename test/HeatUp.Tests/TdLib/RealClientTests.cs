using System.Security.Cryptography;
using HeatUp.Runs;
using HeatUp.TdLib.Api;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.TdLib;

/// <summary>Clients of the real library, without a network.</summary>
public sealed class RealClientTests : IDisposable
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task AClientStartsAsksForAPhoneNumberAndCloses()
    {
        await using var client = RealTdLib.Open();
        using var watch = client.Watch();

        var before = await client.SendAsync(new GetAuthorizationState(), RealTdLib.Deadline, Cancellation);
        before.Reply.ShouldBeOfType<AuthorizationState.WaitTdlibParameters>();
        (await StartAsync(client)).Error.ShouldBeNull();
        client.State.ShouldBeOfType<AuthorizationState.WaitPhoneNumber>();
        (await client.SendAsync(new GetMe(), RealTdLib.Deadline, Cancellation)).Error.ShouldBe(new TelegramError(401, "Unauthorized"));
        (await client.CloseAsync()).ShouldBeTrue();

        var states = new List<string>();
        await foreach (var update in watch.Updates.ReadAllAsync(Cancellation))
            if (update is TdUpdate.OfAuthorization { AuthorizationState: var state }) states.Add($"{state}");
        states.ShouldBe(["WaitTdlibParameters", "WaitPhoneNumber", "Closing", "Closed"]);
        (await client.SendAsync(new GetMe(), RealTdLib.Deadline, Cancellation)).Error.ShouldBe(new TelegramError(500, "Request aborted"));
    }

    [Fact]
    public async Task WithoutANetworkARequestEndsAtItsDeadlineAndIsAnsweredLate()
    {
        await using var client = RealTdLib.Open();
        var late = new TaskCompletionSource<LateAnswerText>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.Late += answer => late.TrySetResult(new($"{answer.Request}", $"{answer.Error}"));
        await StartAsync(client);

        var phone = await client.SendAsync(
            new SetAuthenticationPhoneNumber("+15550001122"), TimeSpan.FromMilliseconds(50), Cancellation);
        await client.CloseAsync();

        phone.Error.ShouldNotBeNull().Kind.ShouldBe(TelegramErrorKind.Offline);
        (await late.Task.WaitAsync(RealTdLib.Deadline, Cancellation))
            .ShouldBe(new LateAnswerText("setAuthenticationPhoneNumber", "500 Request aborted"));
    }

    [Fact]
    public async Task AWrongKeyIsSaidAndTheRightOneOpensStill()
    {
        await using (var first = RealTdLib.Open()) await StartAsync(first);
        await using var client = RealTdLib.Open();

        var wrong = await StartAsync(client, new byte[32]);
        wrong.Error.ShouldBe(new TelegramError(401, "Wrong database encryption key"));
        wrong.Error!.Kind.ShouldNotBe(TelegramErrorKind.AccountLost);

        (await StartAsync(client)).Error.ShouldBeNull();
        client.State.ShouldBeOfType<AuthorizationState.WaitPhoneNumber>();
    }

    [Fact]
    public async Task AFolderBelongsToOneClientInThisProcessAndInOthers()
    {
        await using var child = await TdLibProcess.StartAsync(folder.Path, Key);
        child.Said.ShouldBe("WaitPhoneNumber");
        await using var client = RealTdLib.Open();

        var elsewhere = await StartAsync(client);

        elsewhere.Error.ShouldNotBeNull().Message.ShouldContain("already in use");
        (await child.CloseAsync()).ShouldBe(("Closed", 0));
        (await StartAsync(client)).Error.ShouldBeNull();
    }

    [Fact]
    public async Task AKilledProcessLeavesItsFolderUsable()
    {
        for (var i = 0; i < 3; i++)
        {
            await using var child = await TdLibProcess.StartAsync(folder.Path, Key);
            child.Said.ShouldBe("WaitPhoneNumber");
            await child.KillAsync();
        }
        await using var client = RealTdLib.Open();

        (await StartAsync(client)).Error.ShouldBeNull();
    }

    [Fact]
    public async Task AProcessThatEndsWithoutClosingEndsWell()
    {
        await using var child = await TdLibProcess.StartAsync(folder.Path, Key);

        (await child.EndAsync()).ShouldBe(("", 0));
    }

    [Fact]
    public async Task TenClientsWorkAtOnceEachInItsFolder()
    {
        var clients = Enumerable.Range(0, 10).Select(_ => RealTdLib.Open()).ToList();

        var started = await Task.WhenAll(clients.Select((client, i) => StartAsync(client, folder: $"{i}")));
        started.ShouldAllBe(answer => answer.IsOk);
        clients.ShouldAllBe(client => client.State is AuthorizationState.WaitPhoneNumber);

        var closed = await Task.WhenAll(clients.Select(client => client.CloseAsync().AsTask()));
        closed.ShouldAllBe(isClosed => isClosed);
        Directory.GetDirectories(folder.Path).Length.ShouldBe(10);
    }

    private Task<HeatUp.TdLib.TdAnswer<Ok>> StartAsync(
        HeatUp.TdLib.TdClient client, byte[]? key = null, string folder = "") =>
        client.SendAsync(
            new SetTdlibParameters(false, this.folder.File(folder), key ?? Key, 1, "opaque"),
            RealTdLib.Deadline, Cancellation).AsTask();

    private sealed record LateAnswerText(string Request, string Error);
}
