using HeatUp.Primitives;
using HeatUp.Runs.Conduct;
using HeatUp.TdLib;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Loopback;

/// <summary>What an account does at most, and what two accounts may not share, as the server sees it.</summary>
public sealed class CeilingsOnTheWireTests : ThreeAccountsTest
{
    [Fact]
    public async Task ADayHasThreeJoinsAndFourSittings()
    {
        string[] names = ["durov", "telegram", "news", "cats"];
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

    [Fact]
    public async Task ADayHasFiftyLookUpsOfAllAccountsTogether()
    {
        var names = Enumerable.Range(1, ConductLimits.LookUpsMax + 2).Select(number => $"channel{number}").ToList();
        foreach (var name in names) await Telegram.AddChannelAsync(name, posts: 1);
        NamesAsked.UnionWith(names);
        Folder.Write("channels.json", $"[{string.Join(',', names.Select(name => $$"""{"username":"@{{name}}"}"""))}]");
        await LogInAllAsync();

        var check = await HeatAsync("channels", "validate");

        check.Code.ShouldBe(1, check.Out);
        check.Error.ShouldContain("An installation has at most 50 look-ups in 24 hours.");
        var asked = (await Telegram.SeenAsync()).Where(call => call.Method == "contacts.resolveUsername").ToList();
        asked.Count.ShouldBe(50);
        asked.Select(call => call.Phone).Distinct().Count().ShouldBe(Three.Length, "all take turns");
        (await HeatAsync("channels", "validate", "--limit", "1")).Code.ShouldBe(1);
        (await Telegram.CountAsync("contacts.resolveUsername")).ShouldBe(50);
    }

    [Fact]
    public async Task AFourthAccountIsNotEvenAskedForItsNumber()
    {
        await LogInAllAsync();

        await using var fourth = OnTerminal("account", "login", "dave");
        var (code, shown) = await fourth.EndedAsync();

        code.ShouldBe(1, shown);
        shown.ShouldContain("There are 3 accounts here, and no more are allowed.");
        (await Telegram.CountAsync("auth.sendCode")).ShouldBe(3);
        await DoneAsync("account", "logout", "carol", "--yes");
        (await Telegram.CountAsync("auth.logOut")).ShouldBe(1);
    }

    [Fact]
    public async Task ADayHasFortyReadings()
    {
        await Telegram.FollowAsync(Phone, "durov", follows: true);
        await LogInAsync();
        var folder = NoRealData.AccountsIn(Folder, "live");
        var book = new AccountBook(folder, new TdAccounts(folder).Key, TimeProvider.System);
        for (var count = 0; count < ConductLimits.ReadsMax - 1; count++)
            book.Spend(SessionId.Parse("alice"), AccountLedger.Read, 0, ConductLimits.ReadsMax).ShouldBeNull();
        await PlanAsync(Read("durov"), Read("durov"), Idle());

        var sitting = await HeatAsync("warmup", "alice");

        sitting.Out.ShouldContain("at most 40 reads in 24 hours");
        (await HistoryAsync("alice")).ShouldBe(["read_messages", "idle"]);
        (await Telegram.CountAsync("channels.readHistory")).ShouldBe(1);
    }

    [Fact]
    public async Task AStopHoldsUntilItsOwnerHasLooked()
    {
        await LogInAsync();
        await DoneAsync("account", "allow", "alice", "@durov");
        await PlanAsync(Join("durov"), Idle(), Idle());
        await Telegram.FailAsync("channels.joinChannel", 400, "PEER_FLOOD", times: 1);
        (await HeatAsync("warmup", "alice")).Code.ShouldBe(1);
        (await DoneAsync("account", "resume", "alice", "--dry-run")).ShouldContain("goes on at once");
        (await HeatAsync("warmup", "alice")).Error.ShouldContain("is stopped since");
        (await Telegram.CountAsync("channels.joinChannel")).ShouldBe(1);

        await DoneAsync("account", "resume", "alice");

        (await DoneAsync("account", "list")).ShouldContain("ready");
        await BreakOffAfterAsync("channels.joinChannel", 2);
        (await Telegram.FollowedAsync(Phone)).ShouldBe(["durov"]);
    }

    [Fact]
    public async Task AChannelThatIsTakenOffTheListMeanwhileIsNotJoined()
    {
        await LogInAsync();
        await DoneAsync("account", "allow", "alice", "@durov");
        await PlanAsync(Idle(), Join("durov"), Idle());
        await using var sitting = OnTerminal("warmup", "alice");
        await sitting.UntilAsync("1  idle");

        await DoneAsync("account", "allow", "alice", "--remove", "@durov");

        var (code, shown) = await sitting.EndedAsync();
        code.ShouldBe(0, shown);
        shown.ShouldContain("@durov is not on the list of 'alice'.");
        (await Telegram.CountAsync("contacts.resolveUsername")).ShouldBe(0);
        (await Telegram.CountAsync("channels.joinChannel")).ShouldBe(0);
        (await HistoryAsync("alice")).ShouldBe(["idle", "idle"]);
    }

    /// <summary>A sitting that its user stops as soon as a method was answered so often.</summary>
    private async Task BreakOffAfterAsync(string method, int count)
    {
        await using var sitting = Start("warmup", "alice");
        await Telegram.UntilAsync(method, count, isAnswered: true);
        await sitting.TerminateAsync("INT");
    }
}
