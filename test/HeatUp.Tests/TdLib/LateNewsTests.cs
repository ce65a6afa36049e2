using HeatUp.Runs;
using HeatUp.Testing.Peer;
using HeatUp.Tests.Runs.Conduct;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.TdLib;

/// <summary>What Telegram says when nobody waits for it any more binds the account all the same.</summary>
public sealed class LateNewsTests : ConductOverPeer
{
    private static readonly TimeSpan Late = RunLimits.AnswerWithin + TimeSpan.FromSeconds(2);

    [Fact]
    public async Task AWaitThatIsSaidTooLateEndsTheSittingAndCountsFromWhenItWasSaid()
    {
        peer.Follow(aliceOwner, Durov, clock.GetUtcNow().AddDays(-2));
        await using var online = await GoOnlineAsync(Alice);
        peer.Next("searchPublicChat", new PeerTurn.RefusedLate(Late, 429, "Too Many Requests: retry after 700"));
        (await RunAsync(online.ReadAsync(Durov, FiveSeconds, Cancellation))).ShouldBe(new Outcome.Refused(TelegramError.NoAnswer));
        var until = FakeTime.Noon + Late + TimeSpan.FromSeconds(700);
        clock.Pass(TimeSpan.FromSeconds(60));
        await KeepAsync();
        var before = peer.Asked.Count;

        var next = (await RunAsync(online.ReadAsync(Durov, FiveSeconds, Cancellation))).ShouldBeOfType<Outcome.MustWait>();

        next.EndsSitting.ShouldBeTrue();
        next.Until.ShouldBe(until, TimeSpan.FromSeconds(2), "not from when it was asked next, a minute later");
        peer.Asked.Count.ShouldBe(before, "nothing is asked any more");
        book.Find(Alice)!.WaitUntil.ShouldBe(next.Until);
    }

    [Theory]
    [InlineData(400, "PEER_FLOOD")]
    [InlineData(406, "FROZEN_METHOD_INVALID")]
    public async Task ALimitThatIsSaidAfterTheLastStepStopsTheAccount(int code, string message)
    {
        book.Allow(Alice, Durov);
        var online = await GoOnlineAsync(Alice);
        peer.Next("joinChat", new PeerTurn.RefusedLate(Late, code, message));
        (await RunAsync(online.JoinAsync(Durov, Cancellation))).ShouldBe(new Outcome.Refused(TelegramError.NoAnswer));
        clock.Pass(TimeSpan.FromSeconds(12));

        await online.DisposeAsync();

        book.Find(Alice)!.Stopped.ShouldNotBeNull();
    }

    [Fact]
    public async Task WhatIsSaidInTheMiddleOfAStepEndsThatStep()
    {
        peer.Follow(aliceOwner, Durov, clock.GetUtcNow().AddDays(-2));
        await using var online = await GoOnlineAsync(Alice);
        peer.Next("searchPublicChat", new PeerTurn.RefusedLate(Late, 429, "Too Many Requests: retry after 700"));
        (await RunAsync(online.ReadAsync(Durov, FiveSeconds, Cancellation))).ShouldBe(new Outcome.Refused(TelegramError.NoAnswer));

        var read = await RunAsync(online.ReadAsync(Durov, FiveSeconds, Cancellation));

        read.ShouldBeOfType<Outcome.MustWait>().Until.ShouldBe(book.Find(Alice)!.WaitUntil!.Value);
        peer.Asked.ShouldNotContain("viewMessages");
    }

    [Fact]
    public async Task AWaitThatComesLateForALookUpHoldsForAll()
    {
        book.Add(Bob);
        await GiveUpALookUpAsync(429, "Too Many Requests: retry after 700");
        clock.Pass(TimeSpan.FromSeconds(3));
        await KeepAsync();

        book.Find(Alice)!.WaitUntil!.Value.ShouldBe(FakeTime.Noon + Late + TimeSpan.FromSeconds(700), TimeSpan.FromSeconds(2));
        (await RunAsync(telegram.LookUpAsync(Durov, Cancellation))).Failure.ShouldBeRefused().ShouldContain("asked 'alice' to wait");
        book.Find(Bob)!.WaitUntil.ShouldBeNull();
    }

    [Fact]
    public async Task ALimitThatComesLateInTheMiddleOfTheNextLookUpEndsIt()
    {
        await GiveUpALookUpAsync(400, "PEER_FLOOD");
        peer.Next("searchPublicChat", new PeerTurn.Late(TimeSpan.FromSeconds(4)));

        var failure = (await RunAsync(telegram.SimilarAsync(Durov, Cancellation))).Failure;

        failure.ShouldBeOfType<Outcome.AccountLost>().Why.Message.ShouldBe("PEER_FLOOD");
        peer.Asked[^1].ShouldBe("searchPublicChat", "nothing is asked after it");
    }

    [Fact]
    public async Task ALimitThatComesLateForALookUpEndsTheSittingBesideIt()
    {
        peer.Follow(aliceOwner, Durov, clock.GetUtcNow().AddDays(-2));
        await using var online = await GoOnlineAsync(Alice);
        await GiveUpALookUpAsync(400, "PEER_FLOOD");
        clock.Pass(TimeSpan.FromSeconds(3));
        await KeepAsync();

        (await RunAsync(online.ReadAsync(Durov, FiveSeconds, Cancellation))).ShouldBeOfType<Outcome.AccountLost>();

        book.Find(Alice)!.Stopped.ShouldNotBeNull().Reason.ShouldContain("PEER_FLOOD");
    }

    [Fact]
    public async Task WhatCannotBeKeptIsKeptBeforeTheAccountIsUsedAgain()
    {
        await GiveUpALookUpAsync(429, "Too Many Requests: retry after 700");
        var refusal = folder.File("accounts/accounts.db-journal");
        Directory.CreateDirectory(refusal);
        clock.Pass(TimeSpan.FromSeconds(3));
        (await accounts.KeepHeardAsync()).ShouldNotBeNull().ShouldBeRefused().ShouldContain("accounts.db");
        Directory.Delete(refusal);
        book.Find(Alice)!.WaitUntil.ShouldBeNull();

        await KeepAsync();
        (await RunAsync(telegram.LookUpAsync(Durov, Cancellation))).Failure.ShouldBeRefused().ShouldContain("asked 'alice' to wait");

        peer.Asked.Count(name => name == "searchPublicChat").ShouldBe(1);
        book.Find(Alice)!.WaitUntil.ShouldNotBeNull();
    }

    [Fact]
    public async Task WhatCouldNotBeKeptOfOneAccountIsKeptBeforeAnotherLooksUpInItsPlace()
    {
        await GiveUpALookUpAsync(400, "PEER_FLOOD");
        book.Add(Bob).ShouldBeNull();
        var refusal = folder.File("accounts/accounts.db-journal");
        Directory.CreateDirectory(refusal);
        clock.Pass(TimeSpan.FromSeconds(3));
        (await accounts.KeepHeardAsync()).ShouldNotBeNull().ShouldBeRefused().ShouldContain("accounts.db");
        Directory.Delete(refusal);

        (await RunAsync(telegram.LookUpAsync(Durov, Cancellation))).Failure.ShouldBeRefused().ShouldContain("PEER_FLOOD");

        peer.Asked.Count(name => name == "searchPublicChat").ShouldBe(1);
    }

    [Fact]
    public async Task AFreezeThatIsOverBeforeTheNextStepStopsTheAccount()
    {
        peer.Follow(aliceOwner, Durov, clock.GetUtcNow().AddDays(-2));
        await using var online = await GoOnlineAsync(Alice);
        var before = peer.Asked.Count;

        peer.Freeze(aliceOwner);
        peer.Freeze(aliceOwner, isFrozen: false);

        (await RunAsync(online.ReadAsync(Durov, FiveSeconds, Cancellation)))
            .ShouldBe(new Outcome.AccountLost(TelegramError.AccountFrozen));
        peer.Asked.Count.ShouldBe(before);
        book.Find(Alice)!.Stopped.ShouldNotBeNull();
    }

    [Fact]
    public async Task AFreezeThatIsOverBeforeTheReadingIsMarkedEndsIt()
    {
        peer.Follow(aliceOwner, Durov, clock.GetUtcNow().AddDays(-2));
        await using var online = await GoOnlineAsync(Alice);
        var read = online.ReadAsync(Durov, FiveSeconds, Cancellation);
        clock.Pass(TimeSpan.FromSeconds(2));

        peer.Freeze(aliceOwner);
        peer.Freeze(aliceOwner, isFrozen: false);

        (await RunAsync(read)).ShouldBe(new Outcome.AccountLost(TelegramError.AccountFrozen));
        peer.Asked.ShouldNotContain("viewMessages");
    }

    [Fact]
    public async Task AFreezeThatComesAndGoesAfterALookUpStopsTheAccount()
    {
        (await RunAsync(telegram.LookUpAsync(Durov, Cancellation))).Failure.ShouldBeNull();

        peer.Freeze(aliceOwner);
        peer.Freeze(aliceOwner, isFrozen: false);
        await telegram.DisposeAsync();

        book.Find(Alice)!.Stopped.ShouldNotBeNull();
    }

    /// <summary>Its answer is on its way still.</summary>
    private async Task GiveUpALookUpAsync(int code, string message)
    {
        peer.Next("searchPublicChat", new PeerTurn.RefusedLate(Late, code, message));
        (await RunAsync(telegram.LookUpAsync(Durov, Cancellation))).Failure.ShouldBe(new Outcome.Refused(TelegramError.NoAnswer));
    }
}
