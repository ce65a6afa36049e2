using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Runs.Conduct;
using HeatUp.Runs.Sandbox;
using HeatUp.TdLib;
using HeatUp.TdLib.Login;
using HeatUp.Testing.Peer;
using HeatUp.Tests.Runs.Conduct;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.TdLib;

/// <summary>What two accounts may, seen at TDLib's JSON boundary.</summary>
public sealed class ConductOverPeerTests : ConductOverPeer
{
    [Fact]
    public async Task AFolderThatTheBookDoesNotKnowIsNotUsed()
    {
        book.Stop(Alice, "Why.");

        (await RunAsync(telegram.LookUpAsync(Durov, Cancellation))).Failure.ShouldNotBeNull().Error!.Kind
            .ShouldBe(TelegramErrorKind.Conduct);
        (await RunAsync(telegram.ConnectAsync(Bob, [], default, Cancellation))).Failure.ShouldNotBeNull().Error!.Kind
            .ShouldBe(TelegramErrorKind.Conduct);

        peer.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task NobodyLooksUpInTheSteadOfAnAccountThatMetAFlood()
    {
        book.Add(Bob);
        peer.Next("searchPublicChat", new PeerTurn.Flood(700));

        (await RunAsync(telegram.LookUpAsync(Durov, Cancellation))).Failure.ShouldBeOfType<Outcome.MustWait>();
        (await RunAsync(telegram.LookUpAsync(Durov, Cancellation))).Failure.ShouldBeRefused().ShouldContain("asked 'alice' to wait");

        book.Find(Alice)!.WaitUntil.ShouldNotBeNull();
        book.Find(Bob)!.WaitUntil.ShouldBeNull();
    }

    [Fact]
    public async Task AnAccountThatIsFrozenWhileItReadsEndsTheSittingAndStops()
    {
        peer.Follow(aliceOwner, Durov, clock.GetUtcNow().AddDays(-2));
        await using (var online = await GoOnlineAsync(Alice))
        {
            var read = online.ReadAsync(Durov, FiveSeconds, Cancellation);
            clock.Pass(TimeSpan.FromSeconds(2));
            peer.Freeze(aliceOwner);

            (await RunAsync(read)).ShouldBe(new Outcome.AccountLost(TelegramError.AccountFrozen));
            (await RunAsync(online.ReadAsync(Durov, FiveSeconds, Cancellation))).ShouldBeOfType<Outcome.AccountLost>();
        }
        peer.Freeze(aliceOwner, isFrozen: false);

        peer.Asked.ShouldNotContain("viewMessages");
        book.Find(Alice)!.Stopped.ShouldNotBeNull().Reason.ShouldContain("The account is frozen");
        (await RunAsync(telegram.ConnectAsync(Alice, [], default, Cancellation))).Failure!.Error!.Message
            .ShouldContain("heat account resume alice");
        book.Resume(Alice).ShouldBeNull();
        await (await GoOnlineAsync(Alice)).DisposeAsync();
    }

    [Fact]
    public async Task AnAccountThatIsFrozenWhenItComesOnlineStops()
    {
        peer.Freeze(aliceOwner);

        (await RunAsync(telegram.ConnectAsync(Alice, [], default, Cancellation))).Failure
            .ShouldBe(new Outcome.AccountLost(TelegramError.AccountFrozen));

        book.Find(Alice)!.Stopped.ShouldNotBeNull();
        peer.Asked.ShouldBe(["setTdlibParameters", "close"]);
    }

    [Fact]
    public async Task WhatWasFrozenBeforeAndIsSaidToBeFreeAMomentLaterIsFree()
    {
        peer.Freeze(aliceOwner);
        var online = telegram.ConnectAsync(Alice, [], default, Cancellation);
        clock.Pass(TimeSpan.FromSeconds(3));
        online.IsCompleted.ShouldBeFalse();
        peer.Freeze(aliceOwner, isFrozen: false);

        await (await RunAsync(online)).Session.ShouldNotBeNull().DisposeAsync();
        book.Find(Alice)!.Stopped.ShouldBeNull();
    }

    [Fact]
    public async Task ALoginOfAnAccountThatIsFrozenSaysSo()
    {
        await using var login = new AccountLogin(library, folders, new TdApplication(17, "hash", IsTest: false), Alice, clock);
        await RunAsync(login.StartAsync(Cancellation));
        login.IsFrozen.ShouldBeFalse();

        peer.Freeze(aliceOwner);

        login.IsFrozen.ShouldBeTrue();
    }

    [Fact]
    public async Task ALoginTellsWhatIsFollowedByTheNameThatItsOwnerKnows()
    {
        peer.Name(Durov, Second);
        book.Allow(Alice, Second).ShouldBeNull();
        peer.Follow(aliceOwner, Durov, clock.GetUtcNow());
        await using var login = new AccountLogin(library, folders, new TdApplication(17, "hash", IsTest: false), Alice, clock);
        await RunAsync(login.StartAsync(Cancellation));

        book.Follows(Alice, (await RunAsync(login.FollowedAsync(Cancellation))).Channels.ShouldNotBeNull());

        book.Find(Alice)!.Followed.ShouldBe([Second]);
        peer.Follow(aliceOwner, ChannelName.Parse("@telegram"), clock.GetUtcNow());
        peer.IsOffline = true;
        (await RunAsync(login.FollowedAsync(Cancellation))).Channels.ShouldBeNull("Telegram doesn't say");
    }

    [Fact]
    public async Task AWaitThatIsSaidAtTheLoginIsKnownAsOne()
    {
        peer.Next("loadChats", new PeerTurn.Flood(3000));
        await using var login = new AccountLogin(library, folders, new TdApplication(17, "hash", IsTest: false), Alice, clock);
        (await RunAsync(login.StartAsync(Cancellation))).Fault.ShouldBeNull();

        var (channels, failure) = await RunAsync(login.FollowedAsync(Cancellation));
        channels.ShouldBeNull();
        book.Heard(Alice, failure.ShouldBeOfType<Outcome.MustWait>());

        book.Find(Alice)!.WaitUntil.ShouldNotBeNull();
    }

    [Fact]
    public async Task WhatIsArchivedIsFollowedAsBefore()
    {
        peer.Follow(aliceOwner, Durov, clock.GetUtcNow());
        ScriptedPeer.Archive(aliceOwner, Durov);

        await (await GoOnlineAsync(Alice)).DisposeAsync();

        book.Find(Alice)!.Followed.ShouldBe([Durov]);
    }

    [Fact]
    public async Task AJoinThatSucceedsAfterItsDeadlineIsNoted()
    {
        book.Allow(Alice, Durov);
        peer.Next("joinChat", new PeerTurn.Late(TimeSpan.FromSeconds(100)));
        await using var online = await GoOnlineAsync(Alice);
        (await RunAsync(online.JoinAsync(Durov, Cancellation))).ShouldBe(new Outcome.Refused(TelegramError.NoAnswer));
        book.Find(Alice)!.Followed.ShouldBeEmpty();
        clock.Pass(TimeSpan.FromSeconds(12));

        await online.DisposeAsync();

        book.Find(Alice)!.Followed.ShouldBe([Durov]);
        book.Add(Bob);
        book.Allow(Bob, Durov).ShouldNotBeNull().ShouldContain("'alice'");
        peer.Asked.Count(name => name == "joinChat").ShouldBe(1);
    }

    [Fact]
    public async Task AJoinThatWasStillOpenAtTheEndIsFoundByTheNextSitting()
    {
        book.Allow(Alice, Durov);
        peer.Next("joinChat", new PeerTurn.Silence());
        await using (var online = await GoOnlineAsync(Alice))
            (await RunAsync(online.JoinAsync(Durov, Cancellation))).ShouldBe(new Outcome.Refused(TelegramError.NoAnswer));
        peer.Follow(aliceOwner, Durov, clock.GetUtcNow());
        book.Find(Alice)!.Followed.ShouldBeEmpty();

        await using var next = await GoOnlineAsync(Alice);

        book.Find(Alice)!.Followed.ShouldBe([Durov]);
        (await RunAsync(next.ReadAsync(Durov, FiveSeconds, Cancellation))).ShouldBeOfType<Outcome.Done>();
    }

    [Fact]
    public async Task TwoAccountsDoNotJoinAChannelUnderItsTwoNames()
    {
        peer.Name(Durov, Second);
        book.Add(Bob);
        book.Allow(Alice, Durov).ShouldBeNull();
        book.Allow(Bob, Second).ShouldBeNull();
        await using (var online = await GoOnlineAsync(Alice))
            (await RunAsync(online.JoinAsync(Durov, Cancellation))).ShouldBe(Outcome.Done.Plain);

        await using var other = await GoOnlineAsync(Bob);
        var join = await RunAsync(other.JoinAsync(Second, Cancellation));

        join.ShouldBeOfType<Outcome.Refused>().Why.Message.ShouldContain("'alice'");
        ScriptedPeer.IsFollowing(bobOwner, Durov).ShouldBeFalse();
        peer.Asked.Count(name => name == "joinChat").ShouldBe(1);
    }

    [Fact]
    public async Task AChannelThatWasLeftOnThePhoneIsNotOfferedInTheNextSitting()
    {
        peer.Follow(aliceOwner, Durov, clock.GetUtcNow());
        await (await GoOnlineAsync(Alice)).DisposeAsync();
        (await AdmitAsync()).Followed.ShouldBe([Durov]);

        ScriptedPeer.Leave(aliceOwner, Durov);
        await (await GoOnlineAsync(Alice)).DisposeAsync();

        var next = await AdmitAsync();
        next.Followed.ShouldBeEmpty();
        next.Pool.ShouldBeNull();
    }

    [Fact]
    public async Task ClientsThatDoNotCloseAreWaitedForTogether()
    {
        book.Add(Bob);
        for (var i = 0; i < 2; i++) (await RunAsync(telegram.LookUpAsync(Durov, Cancellation))).Failure.ShouldBeNull();
        peer.Asked.Count(name => name == "setTdlibParameters").ShouldBe(2);
        peer.IsDeafToClose = true;
        var before = clock.GetUtcNow();

        await clock.RunAsync(telegram.DisposeAsync().AsTask());

        (clock.GetUtcNow() - before).ShouldBe(TdClient.CloseWithin, TimeSpan.FromSeconds(1));
        peer.Asked.Count(name => name == "close").ShouldBe(2);
    }

    private async Task<Admission> AdmitAsync() =>
        await telegram.AdmitAsync(Recollection.OfNobody(Alice), ChannelPool.VerifiedOnly, Cancellation);
}
