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
            Alice, [new Membership(Durov, FakeTime.Noon, null)], Cancellation);
        await using var online = connection.Session.ShouldNotBeNull();

        (await online.ReadAsync(Durov, TimeSpan.Zero, Cancellation)).ShouldBeRefused();
        world.Reached.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhatTelegramSaysOfFollowingCountsMoreThanTheBook(bool follows)
    {
        world.Book.Follows(Alice, follows ? [] : [Durov]);
        world.Inner = new Knowing(world.Telegram, follows);

        var outcome = await world.ReadAsync(Durov);

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
        world.Book.Follows(Alice, [News]);

        (await world.AdmitAsync()).Pool!.All.Select(channel => channel.Name).ShouldBe([News]);

        world.Book.Allow(Alice, ChannelName.Parse("@unlisted"));
        (await world.AdmitAsync()).Pool!.All.Length.ShouldBe(2);
    }

    [Fact]
    public async Task APlannerThatNamesOtherChannelsReachesNone()
    {
        world.Book.Follows(Alice, [News]);
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

    private sealed class Knowing(ITelegram inner, bool follows) : ITelegram
    {
        public string? Trouble => null;

        public async ValueTask<Connection> ConnectAsync(
            SessionId session, IReadOnlyList<Membership> remembered, CancellationToken cancellation) =>
            new(new Session((await inner.ConnectAsync(session, remembered, cancellation)).Session!, follows), null);

        public ValueTask<LookUp> LookUpAsync(ChannelName name, CancellationToken cancellation) =>
            inner.LookUpAsync(name, cancellation);

        public ValueTask<Similar> SimilarAsync(ChannelName channel, CancellationToken cancellation) =>
            inner.SimilarAsync(channel, cancellation);

        private sealed class Session(ITelegramSession inner, bool follows) : IFollowingSession
        {
            public ValueTask<Following> FollowsAsync(ChannelName channel, CancellationToken cancellation) =>
                new(new Following(follows, null));

            public ValueTask<Outcome> JoinAsync(ChannelName channel, CancellationToken cancellation) =>
                inner.JoinAsync(channel, cancellation);

            public ValueTask<Outcome> ReadAsync(ChannelName channel, TimeSpan duration, CancellationToken cancellation) =>
                inner.ReadAsync(channel, duration, cancellation);

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }
}
