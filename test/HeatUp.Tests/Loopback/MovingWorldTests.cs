using System.Text.Json.Nodes;

namespace HeatUp.Tests.Loopback;

/// <summary>What happens at Telegram meanwhile: posts that arrive, and the same account on a phone.</summary>
public sealed class MovingWorldTests : LoopbackTest
{
    private static readonly string[] LateAnswers =
    [
        "contacts.resolveUsername", "channels.getChannels", "channels.getFullChannel", "updates.getChannelDifference",
        "messages.getPeerDialogs",
    ];

    [Fact]
    public async Task APostThatArrivesWhileAChannelIsReadIsReadNextTime()
    {
        await LogInAsync();
        await DoneAsync("account", "allow", "alice", "@durov");
        await PlanAsync(Join("durov"), Read("durov", seconds: 6), Idle());
        await using (var first = Start("warmup", "alice"))
        {
            await Telegram.UntilAsync("messages.getHistory", isAnswered: true);
            await PostAsync("durov");
            (await first.EndedAsync()).Code.ShouldBe(0);
        }
        (await Telegram.ReadAsync(Phone, "durov")).ShouldBe(20, "what was not looked at is not marked");
        await PostAsync("durov");

        await PlanAsync(Read("durov"), Idle(), Idle());
        await DoneAsync("warmup", "alice");

        (await Telegram.ReadAsync(Phone, "durov")).ShouldBe(22);
        // Numbers that don't add up would be asked for again and again.
        (await Telegram.CountAsync("updates.getChannelDifference")).ShouldBeLessThan(15);
    }

    [Fact]
    public async Task WhatIsJoinedAndLeftOnAPhoneIsKnownToTheNextSitting()
    {
        await FollowAsync("telegram", follows: true);
        await LogInAsync();
        await PlanAsync(Read("telegram"), Idle(), Idle());

        await DoneAsync("warmup", "alice");
        (await Telegram.ReadAsync(Phone, "telegram")).ShouldBe(20);
        (await HistoryAsync("alice")).ShouldBe(["read_messages", "idle", "idle"]);

        await FollowAsync("telegram", follows: false);
        // Whoever waits for the news that it has missed needs none of these answers.
        foreach (var method in LateAnswers) await Telegram.DelayAsync(method, TimeSpan.FromSeconds(4));
        var reads = await Telegram.CountAsync("messages.getHistory");
        var next = await HeatAsync("warmup", "alice");

        next.Out.ShouldContain("does not follow @telegram");
        (await Telegram.CountAsync("messages.getHistory")).ShouldBe(reads);
    }

    [Fact]
    public async Task WhatIsReadAndLeftOnAPhoneInTheMidstOfASittingIsKnownToItsNextStep()
    {
        await LogInAsync();
        await DoneAsync("account", "allow", "alice", "@durov");
        await PlanAsync(Join("durov"), Read("durov"), Read("durov"), Idle());
        await Telegram.HoldAsync("messages.getHistory", "before");
        var sitting = HeatAsync("warmup", "alice");
        await Telegram.UntilAsync("messages.getHistory");
        await Telegram.ReadOnPhoneAsync(Phone, "durov");
        await FollowAsync("durov", follows: false);
        await Telegram.ClearAsync();

        (await sitting).Out.ShouldContain("does not follow @durov");
        (await Telegram.FollowedAsync(Phone)).ShouldBeEmpty();
        (await Telegram.CountAsync("channels.joinChannel")).ShouldBe(1, "what its owner has left is not joined again");
    }

    [Fact]
    public async Task AChannelThatIsNotOnTheListIsNotJoinedWhateverIsPlanned()
    {
        await LogInAsync();
        await DoneAsync("account", "allow", "alice", "@durov");
        await PlanAsync(Join("news"), Read("news"), Idle());

        await using var sitting = Start("warmup", "alice");
        // A plan like that is no plan: the one that stands in joins what is on the list.
        await Telegram.UntilAsync("channels.joinChannel", isAnswered: true);

        (await Telegram.FollowedAsync(Phone)).ShouldBe(["durov"]);
        string.Join('\n', await Telegram.SeenAsync()).ShouldNotContain("news");
    }

    private Task<JsonNode> PostAsync(string channel) => Telegram.DoAsync(new JsonObject { ["do"] = "post", ["channel"] = channel });

    private Task FollowAsync(string channel, bool follows) => Telegram.FollowAsync(Phone, channel, follows);
}
