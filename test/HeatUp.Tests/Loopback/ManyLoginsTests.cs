using System.Text.Json;
using HeatUp.TdLib.Api;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Loopback;

/// <summary>TDLib logs in and out, again and again.</summary>
public sealed class ManyLoginsTests : IDisposable
{
    private const int Logins = 15;
    private const string Phone = "+15550001111";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task LoginsInTurnLeaveNothingBehind()
    {
        await using var telegram = await LoopbackTelegram.StartAsync();
        await telegram.AddAccountAsync(Phone);
        await using var client = new TdTalker(telegram);
        for (var number = 0; number < Logins; number++)
        {
            await DoneAsync(client, new SetTdlibParameters(false, folder.File($"{number}"), new byte[32], 1234567, "hash"));
            await client.UntilAsync("authorizationStateWaitPhoneNumber");
            await DoneAsync(client, new SetAuthenticationPhoneNumber(Phone));
            await client.UntilAsync("authorizationStateWaitCode");
            await DoneAsync(client, new CheckAuthenticationCode("12345"));
            await client.UntilAsync("authorizationStateReady");
            await DoneAsync(client, new LogOut());
            await client.UntilAsync("authorizationStateClosed");
        }

        (await telegram.CountAsync("auth.signIn")).ShouldBe(Logins);
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while ((int)(await telegram.StateAsync())["connections"]! > 0)
            await looks.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        var state = await telegram.StateAsync();
        foreach (var kind in (string[])["keys", "sessions", "devices"]) ((int)state[kind]!).ShouldBe(0, kind);
    }

    private static async Task DoneAsync(TdTalker client, TdRequest request)
    {
        var said = await client.AskAsync(request);
        said[^1].GetProperty("@type").GetString().ShouldBe("ok", JsonSerializer.Serialize(said[^1]));
    }
}
