namespace HeatUp.Tests.Loopback;

/// <summary>What an account does at most, and what two accounts may not share, as the server sees it.</summary>
public sealed class CeilingsOnTheWireTests : LoopbackTest
{
    [Fact]
    public async Task ADayHasThreeJoinsAndFourSittings()
    {
        string[] names = ["durov", "telegram", "news", "cats"];
        NamesAsked.UnionWith(names);
        await Telegram.AddChannelAsync("cats");
        await LogInAsync();
        await DoneAsync(["account", "allow", "alice", .. names.Select(name => $"@{name}")]);
        await PlanAsync(Join("durov"), Idle(), Idle());
        await BreakOffAfterAsync("channels.joinChannel", 1);
        await PlanAsync(Join("telegram"), Idle(), Idle());
        await BreakOffAfterAsync("channels.joinChannel", 2);

        await PlanAsync(Join("news"), Join("cats"), Idle());
        var third = await HeatAsync("warmup", "alice");

        third.Out.ShouldContain("at most 3 joins in 24 hours");
        (await Telegram.FollowedAsync(Phone)).ShouldBe(names[..3], ignoreOrder: true);
        (await Telegram.CountAsync("channels.joinChannel")).ShouldBe(3);
        await PlanAsync(Read("durov"), Idle(), Idle());
        await BreakOffAfterAsync("messages.getHistory", 1);
        var before = (await Telegram.SeenAsync()).Count;

        var fifth = await HeatAsync("warmup", "alice");

        fifth.Code.ShouldBe(1, fifth.Out);
        (fifth.Out + fifth.Error).ShouldContain("at most 4 sittings in 24 hours");
        (await Telegram.SeenAsync()).Count.ShouldBe(before, "nothing is asked for");
    }

    [Fact]
    public async Task TwoAccountsNeverJoinOneChannelWhateverItIsCalled()
    {
        const string bob = "+15550002222";
        NamesAsked.Add("durov_again");
        await Telegram.AddAccountAsync(bob, "Bob");
        await LogInAsync();
        await LogInAsync("bob", bob);
        await DoneAsync("account", "allow", "alice", "@durov");
        (await HeatAsync("account", "allow", "bob", "@durov")).Code.ShouldBe(1);
        await PlanAsync(Join("durov"), Idle(), Idle());
        await DoneAsync("warmup", "alice");

        await Telegram.RenameAsync("durov", "durov_again");
        await DoneAsync("account", "allow", "bob", "@durov_again");
        await PlanAsync(Join("durov_again"), Idle(), Idle());
        var sitting = await HeatAsync("warmup", "bob");

        sitting.Out.ShouldContain("is the channel of the account 'alice'");
        (await Telegram.FollowedAsync(bob)).ShouldBeEmpty();
        (await Telegram.CountAsync("channels.joinChannel")).ShouldBe(1);
    }

    /// <summary>A sitting that its user stops as soon as a method was answered so often.</summary>
    private async Task BreakOffAfterAsync(string method, int count)
    {
        await using var sitting = Start("warmup", "alice");
        await Telegram.UntilAsync(method, count, isAnswered: true);
        await sitting.TerminateAsync("INT");
    }
}
