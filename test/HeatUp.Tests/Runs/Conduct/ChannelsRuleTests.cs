using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Runs.Conduct;
using HeatUp.Tests.Support;
using static HeatUp.Tests.Runs.Conduct.ConductWorld;

namespace HeatUp.Tests.Runs.Conduct;

/// <summary>Rule 3: it reads what it follows, joins what its owner allowed, and never what another account joined.</summary>
public sealed class ChannelsRuleTests : IDisposable
{
    private readonly ConductWorld world = new();

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task AChannelThatIsNotOnTheListIsNotJoined()
    {
        (await world.JoinAsync(Durov)).ShouldBeRefused().ShouldContain("heat account allow alice @durov");

        world.Reached.ShouldBeEmpty();
    }

    [Fact]
    public async Task AnAllowedChannelIsJoinedAndThenRead()
    {
        world.Book.Allow(Alice, Durov).ShouldBeNull();
        (await world.ReadAsync(Durov)).ShouldBeRefused().ShouldContain("does not follow");

        (await world.JoinAsync(Durov)).ShouldBeOfType<Outcome.Done>();
        (await world.ReadAsync(Durov)).ShouldBeOfType<Outcome.Done>();
    }

    [Fact]
    public async Task AMembershipThatSomebodyWroteIntoTheDatabaseIsNoReasonToRead()
    {
        var connection = await world.Conduct().ConnectAsync(
            Alice, [new Membership(Durov, FakeTime.Noon, null)], default, Cancellation);
        await using var online = connection.Session.ShouldNotBeNull();

        (await online.ReadAsync(Durov, TimeSpan.Zero, Cancellation)).ShouldBeRefused();
        world.Reached.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhatTelegramSaysOfFollowingCountsMoreThanTheBook(bool follows)
    {
        if (!follows) world.Follow(Alice, Durov);
        await using var online = (await world.ConnectAsync()).Session.ShouldNotBeNull();
        if (follows) world.Accounts.Follow(Alice, Durov);
        else world.Accounts.Leave(Alice, Durov);

        var outcome = await online.ReadAsync(Durov, TimeSpan.Zero, Cancellation);

        if (follows) outcome.ShouldBeOfType<Outcome.Done>();
        else outcome.ShouldBeRefused();
        world.Book.Find(Alice)!.Followed.Contains(Durov).ShouldBe(follows);
    }

    [Fact]
    public void TwoAccountsNeverHaveOneChannelOnTheirLists()
    {
        world.Book.Add(Bob);
        world.Book.Allow(Alice, Durov).ShouldBeNull();

        world.Book.Allow(Bob, ChannelName.Parse("@DUROV")).ShouldNotBeNull().ShouldContain("'alice'");
        world.Book.Disallow(Alice, Durov);
        world.Book.Allow(Bob, Durov).ShouldBeNull("nobody has joined it yet");
    }

    [Theory]
    [InlineData("disallow")]
    [InlineData("remove")]
    [InlineData("forget")]
    public async Task WhatOneAccountJoinedNoOtherJoins(string way)
    {
        world.Book.Add(Bob);
        world.Book.Allow(Alice, Durov);
        await world.JoinAsync(Durov);

        if (way == "disallow") world.Book.Disallow(Alice, Durov);
        if (way == "remove") world.Book.Remove(Alice);
        if (way == "forget") world.Store.Wipe();

        world.Book.Allow(Bob, Durov).ShouldNotBeNull();
        (await world.JoinAsync(Durov, Bob)).ShouldBeRefused();
        world.Reached.ShouldBe(["join @durov"]);
    }

    [Fact]
    public async Task APlanIsOfferedOnlyWhatTheAccountFollowsOrMayJoin()
    {
        (await world.AdmitAsync()).Reason.ShouldNotBeNull().ShouldContain("heat account allow alice @channel");
        world.Follow(Alice, News);

        (await world.AdmitAsync()).Pool!.All.Select(channel => channel.Name).ShouldBe([News]);

        world.Book.Allow(Alice, ChannelName.Parse("@unlisted"));
        (await world.AdmitAsync()).Pool!.All.Length.ShouldBe(2);
    }

    [Fact]
    public async Task APlannerThatNamesOtherChannelsReachesNone()
    {
        world.Follow(Alice, News);
        var planner = new ScriptedPlanner(_ =>
            [new JoinChannel(Durov, "?"), new ReadMessages(Durov, TimeSpan.FromSeconds(5), "?"), new Idle(TimeSpan.FromSeconds(2), "?")]);
        var sittings = world.Sittings(planner, Pace.None);
        var sitting = (await sittings.StartAsync(Alice, Cancellation)).ShouldBeOfType<SittingStart.Started>().Sitting;

        await world.Clock.RunAsync(sittings.RunAsync(sitting));

        world.Reached.ShouldBeEmpty();
        planner.Requests.Single().IsForOwner.ShouldBeTrue();
        var steps = world.Store.Runs.Single().Steps;
        steps[0].Outcome.ShouldBeRefused().ShouldContain("not on the list");
        steps[1].Outcome.ShouldBeRefused().ShouldContain("does not follow");
        steps[2].IsDone.ShouldBeTrue();
    }

    [Fact]
    public async Task AChannelWithTwoNamesIsOneChannel()
    {
        var second = ChannelName.Parse("@pavel_durov");
        world.Accounts.Name(Durov, second);
        world.Book.Add(Bob);
        world.Book.Allow(Alice, Durov).ShouldBeNull();
        world.Book.Allow(Bob, second).ShouldBeNull("nobody has asked Telegram yet what it leads to");
        (await world.JoinAsync(Durov)).ShouldBeOfType<Outcome.Done>();

        (await world.JoinAsync(second, Bob)).ShouldBeRefused().ShouldContain("'alice'");

        world.Reached.ShouldBe(["join @durov"]);
    }

    [Theory]
    [InlineData("remove")]
    [InlineData("leave")]
    public async Task AChannelThatWasRenamedStaysItsAccounts(string way)
    {
        world.Book.Add(Bob);
        world.Book.Allow(Alice, Durov);
        await world.JoinAsync(Durov);
        world.Accounts.Name(Durov, News);
        world.Accounts.Name(News);
        if (way == "remove") world.Book.Remove(Alice);
        if (way == "leave") world.Accounts.Leave(Alice, News);
        world.Book.Allow(Bob, News).ShouldBeNull();

        (await world.JoinAsync(News, Bob)).ShouldBeRefused().ShouldContain("'alice'");
    }

    [Fact]
    public async Task WhatAnAccountFollowsByHandNoOtherJoins()
    {
        var second = ChannelName.Parse("@pavel_durov");
        world.Accounts.Name(Durov, second);
        world.Book.Add(Bob);
        world.Follow(Alice, Durov);

        world.Book.Allow(Bob, Durov).ShouldNotBeNull().ShouldContain("'alice'");
        world.Book.Allow(Bob, second).ShouldBeNull();
        (await world.JoinAsync(second, Bob)).ShouldBeRefused();

        world.Accounts.Leave(Alice, Durov);
        await (await world.ConnectAsync()).Session.ShouldNotBeNull().DisposeAsync();
        (await world.JoinAsync(second, Bob)).ShouldBeOfType<Outcome.Done>();
    }

    [Fact]
    public async Task AChannelThatWasAllowedByItsSecondNameIsNotOfferedToBeJoinedAgain()
    {
        var second = ChannelName.Parse("@pavel_durov");
        world.Accounts.Name(Durov, second);
        world.Book.Allow(Alice, second);
        await world.JoinAsync(second);

        await (await world.ConnectAsync()).Session.ShouldNotBeNull().DisposeAsync();

        var admission = await world.AdmitAsync();
        admission.Followed.ShouldBe([second]);
        admission.Pool!.All.Select(channel => channel.Name).ShouldBe([second]);
    }

    [Fact]
    public async Task AJoinThatHappenedAfterItsDeadlineIsRemembered()
    {
        world.Book.Add(Bob);
        world.Book.Allow(Alice, Durov);
        await using (var online = (await world.ConnectAsync()).Session.ShouldNotBeNull())
        {
            world.Telegram.Answer(new Outcome.Refused(TelegramError.NoAnswer));
            (await online.JoinAsync(Durov, Cancellation)).ShouldBe(new Outcome.Refused(TelegramError.NoAnswer));
            world.Book.Find(Alice)!.Followed.ShouldBeEmpty();
            world.Accounts.News.Enqueue(new([new KnownChannel(1, [Durov])], []));
        }

        world.Book.Find(Alice)!.Followed.ShouldBe([Durov]);
        (await world.AdmitAsync()).Followed.ShouldBe([Durov]);
        world.Book.Allow(Bob, Durov).ShouldNotBeNull();
    }

    [Fact]
    public async Task ASittingBeginsWithWhatTheAccountFollowsNow()
    {
        world.Follow(Alice, Durov);
        world.Accounts.Leave(Alice, Durov);
        world.Accounts.Follow(Alice, News);
        (await world.AdmitAsync()).Followed.ShouldBe([Durov], "nobody has asked since");

        await using (var online = (await world.ConnectAsync()).Session.ShouldNotBeNull())
            (await online.ReadAsync(Durov, TimeSpan.Zero, Cancellation)).ShouldBeRefused().ShouldContain("does not follow");

        var next = await world.AdmitAsync();
        next.Followed.ShouldBe([News]);
        next.Pool!.All.Select(channel => channel.Name).ShouldBe([News]);
    }

    [Fact]
    public async Task WhenTelegramDoesNotSayWhatIsFollowedTheBookStaysAsItIs()
    {
        world.Follow(Alice, Durov);
        world.Accounts.FollowedFailure = new Outcome.Refused(new TelegramError(500, "Internal"));

        (await world.ReadAsync(Durov)).ShouldBeOfType<Outcome.Done>();

        world.Book.Find(Alice)!.Followed.ShouldBe([Durov]);
    }

    [Fact]
    public async Task AWaitThatIsMetWhenAskingWhatIsFollowedEndsTheSittingAndIsKept()
    {
        world.Follow(Alice, Durov);
        world.Accounts.FollowedFailure = new TelegramError(429, "Too Many Requests: retry after 70").ToOutcome(FakeTime.Noon);

        (await world.ConnectAsync()).Failure.ShouldBeOfType<Outcome.MustWait>();

        world.Telegram.Asked.ShouldBe(["connect", "dispose"]);
        world.Book.Find(Alice)!.WaitUntil.ShouldBe(FakeTime.Noon.AddSeconds(70));
    }

    [Fact]
    public async Task APlanKnowsWhatWasFollowedByHandAndNotWhatWasLeft()
    {
        world.Follow(Alice, Durov, News);
        world.Accounts.Leave(Alice, Durov);
        var planner = new ScriptedPlanner(_ => [new Idle(TimeSpan.FromSeconds(2), "?")]);
        var sittings = world.Sittings(planner, Pace.None);
        for (var i = 0; i < 2; i++)
            await world.Clock.RunAsync(sittings.RunAsync(
                (await sittings.StartAsync(Alice, Cancellation)).ShouldBeOfType<SittingStart.Started>().Sitting));

        planner.Requests.Select(request => request.Past.Joined.Select(membership => membership.Channel))
            .ShouldBe([[Durov, News], [News]]);
    }
}
