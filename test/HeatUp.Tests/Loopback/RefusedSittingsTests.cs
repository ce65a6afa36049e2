namespace HeatUp.Tests.Loopback;

/// <summary>What look-ups and readings meet, and a server that is out of order.</summary>
public sealed class RefusedSittingsTests : ThreeAccountsTest
{
    private const string History = "messages.getHistory";

    [Fact]
    public async Task WaitsAndAServerOutOfOrderEndASittingAndARefusedReadingDoesNot()
    {
        var (alice, bob, carol) = (Three[0], Three[1], Three[2]);
        string[] followed = ["telegram", "news", "cats"];
        foreach (var name in (string[])["cats", "dogs"]) await Telegram.AddChannelAsync(name);
        foreach (var name in followed) await Telegram.FollowAsync(bob.Phone, name, follows: true);
        await LogInAllAsync();
        await DoneAsync("account", "allow", alice.Name, "@durov");
        await DoneAsync("account", "allow", carol.Name, "@dogs");
        await Telegram.FailAsync("channels.joinChannel", 500, "INTERNAL", phone: alice.Phone);
        await Telegram.FailAsync("contacts.resolveUsername", 420, "FLOOD_WAIT_3600", phone: carol.Phone);
        await Telegram.FailAsync(History, 400, "PEER_ID_INVALID", phone: bob.Phone);

        var joining = EndedAsync(await SitAsync(alice.Name, Join("durov"), Idle(), Idle()));
        var reading = await SitAsync(bob.Name, [.. followed.Select(name => Read(name)), Idle()]);
        var lookingUp = EndedAsync(await SitAsync(carol.Name, Join("dogs"), Idle(), Idle()));
        await reading.UntilAsync("400 PEER_ID_INVALID");
        await FailNowAsync(406, "CHANNEL_PRIVATE");
        await reading.UntilAsync("406 CHANNEL_PRIVATE");
        await FailNowAsync(420, "FLOOD_WAIT_3600");
        var endOfReading = EndedAsync(reading);

        // TDLib has asked again for half a minute by then, and says of all waits alike that too much was asked for.
        await ShouldWaitAsync(joining, alice.Name, seconds: 32);
        await ShouldWaitAsync(lookingUp, carol.Name, seconds: 3600);
        await ShouldWaitAsync(endOfReading, bob.Name, seconds: 3600);
        (await Telegram.CountAsync("channels.joinChannel")).ShouldBe(6);
        (await Telegram.FollowedAsync(alice.Phone)).ShouldBeEmpty();
        (await Telegram.ReadAsync(bob.Phone, "cats")).ShouldBe(0);

        async Task FailNowAsync(int code, string text)
        {
            await Telegram.ClearAsync(History);
            await Telegram.FailAsync(History, code, text, phone: bob.Phone);
        }
    }

    private async Task ShouldWaitAsync(Task<(int Code, string Shown)> sitting, string account, int seconds)
    {
        var (code, shown) = await sitting;
        code.ShouldBe(1, shown);
        shown.ShouldContain($"429 Too Many Requests: retry after {seconds}");
        (await HistoryAsync(account)).ShouldBeEmpty();
        var kept = (await JsonAsync("account", "list"))["accounts"]!.AsArray().Single(one => (string)one!["name"]! == account)!;
        var until = (DateTimeOffset)kept["wait_until"]!;
        shown.ShouldContain($"{until.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
        var next = await HeatAsync("warmup", account);
        next.Error.ShouldContain($"{until.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
    }
}
