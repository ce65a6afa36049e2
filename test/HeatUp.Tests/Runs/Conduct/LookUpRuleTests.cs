using HeatUp.Channels;
using HeatUp.Runs;
using HeatUp.Runs.Conduct;
using HeatUp.Tests.Support;
using static HeatUp.Tests.Runs.Conduct.ConductWorld;

namespace HeatUp.Tests.Runs.Conduct;

/// <summary>Rule 5, of look-ups: always one account's, but what bounds one bounds all.</summary>
public sealed class LookUpRuleTests : IDisposable
{
    private static readonly Outcome Flood = new TelegramError(429, "Too Many Requests: retry after 7").ToOutcome(FakeTime.Noon);
    private static readonly Outcome Limited = new TelegramError(400, "PEER_FLOOD").ToOutcome(FakeTime.Noon);
    private static readonly Outcome LoggedOut = new TelegramError(401, "SESSION_REVOKED").ToOutcome(FakeTime.Noon);

    private readonly ConductWorld world = new();

    public LookUpRuleTests() => world.Book.Add(Bob).ShouldBeNull();

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task TheAccountThatLookedUpLeastIsNext()
    {
        for (var i = 0; i < 3; i++) (await LookUpAsync()).ShouldBeNull();
        (await world.Conduct().SimilarAsync(Durov, Cancellation)).Failure.ShouldBeNull();

        world.Accounts.Used.ShouldBe([Alice, Bob, Alice, Bob]);
    }

    [Fact]
    public async Task AccountsInTurnAreNoWayRoundTheCeiling()
    {
        for (var i = 0; i < ConductLimits.LookUpsMax; i++) (await LookUpAsync()).ShouldBeNull();

        (await LookUpAsync()).ShouldBeRefused().ShouldContain($"An installation has at most {ConductLimits.LookUpsMax} look-ups");
        world.Book.Remove(Alice).ShouldBeTrue();
        (await LookUpAsync()).ShouldBeRefused().ShouldContain("The next may be at 2025-06-03 12:00:00 UTC.");

        world.Accounts.Used.Count.ShouldBe(ConductLimits.LookUpsMax);
    }

    [Fact]
    public async Task NobodyIsAskedInTheSteadOfOneThatMustWait()
    {
        world.Accounts.Meets[Alice] = Flood;
        (await LookUpAsync()).ShouldBeOfType<Outcome.MustWait>().EndsSitting.ShouldBeTrue();

        (await LookUpAsync()).ShouldBeRefused().ShouldBe("Conduct: Telegram asked 'alice' to wait until 2025-06-02 12:00:07 UTC.");
        (await world.ConnectAsync(Alice)).Failure.ShouldBeRefused().ShouldContain("12:00:07");
        // What isn't asked for in another's stead goes on.
        await (await world.ConnectAsync(Bob)).Session.ShouldNotBeNull().DisposeAsync();

        world.Clock.Advance(TimeSpan.FromSeconds(7));
        (await LookUpAsync()).ShouldBeNull();
        world.Accounts.Used.ShouldBe([Alice, Bob, Bob]);
    }

    [Fact]
    public async Task NobodyIsAskedInTheSteadOfOneThatIsLimited()
    {
        world.Accounts.Meets[Alice] = Limited;
        (await LookUpAsync()).ShouldBe(Limited);

        (await LookUpAsync()).ShouldBeRefused().ShouldContain("heat account resume alice");

        world.Book.Find(Alice)!.Stopped.ShouldNotBeNull().Reason.ShouldContain("PEER_FLOOD");
        world.Book.Find(Bob)!.Stopped.ShouldBeNull();
        world.Book.Resume(Alice).ShouldBeNull();
        (await LookUpAsync()).ShouldBeNull();
        world.Accounts.Used.ShouldBe([Alice, Bob]);
    }

    [Fact]
    public async Task AnAccountWithASittingElsewhereIsPassedOver()
    {
        await using (var online = (await world.ConnectAsync(Alice)).Session.ShouldNotBeNull())
        {
            for (var i = 0; i < 2; i++) (await LookUpAsync()).ShouldBeNull();
            world.Accounts.Used.ShouldBe([Alice, Bob, Bob]);
        }

        (await LookUpAsync()).ShouldBeNull();
        world.Accounts.Used[^1].ShouldBe(Alice);
    }

    [Fact]
    public async Task WhenAllHaveSittingsElsewhereNothingIsSpent()
    {
        await using (var alice = (await world.ConnectAsync(Alice)).Session.ShouldNotBeNull())
        await using (var bob = (await world.ConnectAsync(Bob)).Session.ShouldNotBeNull())
        {
            var before = world.Ledger;
            (await LookUpAsync()).ShouldBeRefused().ShouldContain("have 'alice' and 'bob'. Wait for their end.");
            world.Ledger.ShouldBe(before);
        }

        world.Accounts.Used.ShouldBe([Alice, Bob]);
        (await LookUpAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task ALookUpGoesOnBesideASittingOfItsOwn()
    {
        world.Book.Remove(Bob);
        var conduct = world.Conduct();
        await using var online = (await conduct.ConnectAsync(Alice, [], default, Cancellation)).Session.ShouldNotBeNull();

        (await conduct.LookUpAsync(Durov, Cancellation)).Failure.ShouldBeNull();

        (await LookUpAsync()).ShouldBeRefused().ShouldContain("elsewhere");
    }

    [Fact]
    public async Task AWaitOfOneThatIsBusyHoldsForTheOthers()
    {
        await using var online = (await world.ConnectAsync(Alice)).Session.ShouldNotBeNull();
        world.Book.Wait(Alice, FakeTime.Noon.AddHours(1));

        (await LookUpAsync()).ShouldBeRefused().ShouldContain("asked 'alice' to wait");
    }

    [Fact]
    public async Task AnAccountThatIsLoggedOutIsPassedOver()
    {
        world.Accounts.Meets[Alice] = LoggedOut;
        (await LookUpAsync()).ShouldBeNull();
        world.Accounts.Used.ShouldBe([Alice, Bob]);

        world.Accounts.Meets[Bob] = LoggedOut;
        (await LookUpAsync()).ShouldBe(LoggedOut);
    }

    [Fact]
    public async Task OfSeveralWaitsTheLongestIsTheReason()
    {
        world.Book.Wait(Alice, FakeTime.Noon.AddHours(1));
        world.Book.Wait(Bob, FakeTime.Noon.AddSeconds(7));

        (await LookUpAsync()).ShouldBeRefused().ShouldBe("Conduct: Telegram asked 'alice' to wait until 2025-06-02 13:00:00 UTC.");

        world.Accounts.Used.ShouldBeEmpty();
    }

    [Fact]
    public async Task ALogoutEndsNoWaitForTheOthers()
    {
        world.Accounts.Meets[Alice] = new TelegramError(429, "Too Many Requests: retry after 40000").ToOutcome(FakeTime.Noon);
        (await LookUpAsync()).ShouldBeOfType<Outcome.MustWait>();
        world.Book.Remove(Alice);
        (await LookUpAsync()).ShouldBeRefused();
    }

    [Fact]
    public async Task ALogoutEndsNoStopForTheOthers()
    {
        world.Accounts.Meets[Alice] = new TelegramError(400, "PEER_FLOOD").ToOutcome(FakeTime.Noon);
        await LookUpAsync();
        world.Book.Remove(Alice);
        (await LookUpAsync()).ShouldBeRefused();
    }

    [Fact]
    public async Task ALedgerThatIsDeletedAfterALogoutFreesNoLookUp()
    {
        for (var i = 0; i < ConductLimits.LookUpsMax; i++) (await LookUpAsync()).ShouldBeNull();
        world.Book.Remove(Alice);
        (await LookUpAsync()).ShouldBeRefused();
        world.Edit("DELETE FROM did WHERE account = 'alice'");
        (await LookUpAsync()).ShouldBeRefused();
    }

    [Fact]
    public async Task AWaitHoldsForLookUpsAlsoWhenTheClockWasAheadOnce()
    {
        world.SetClockTo(FakeTime.Noon.AddDays(1));
        (await LookUpAsync()).ShouldBeNull();
        (await LookUpAsync()).ShouldBeNull();
        world.SetClockTo(FakeTime.Noon);
        var wait = new TelegramError(429, "Too Many Requests: retry after 3600").ToOutcome(FakeTime.Noon);
        world.Accounts.Meets[Alice] = wait;
        world.Accounts.Meets[Bob] = wait;
        (await LookUpAsync()).ShouldBeOfType<Outcome.MustWait>();
        (await LookUpAsync()).ShouldBeRefused();
    }

    [Fact]
    public async Task WithoutAnAccountTheReasonSaysHowToLogIn()
    {
        world.Book.Remove(Alice);
        world.Book.Remove(Bob);

        (await LookUpAsync()).ShouldBeRefused().ShouldContain("heat account login");
    }

    [Fact]
    public async Task WhenAllAreStoppedNothingIsAsked()
    {
        world.Book.Stop(Alice, "Why.");
        world.Book.Stop(Bob, "Why.");

        (await LookUpAsync()).ShouldBeRefused().ShouldContain("heat account resume alice");
        world.Accounts.Used.ShouldBeEmpty();
    }

    [Fact]
    public async Task WhatIsOpenIsClosedWithTheRules()
    {
        await world.Conduct().DisposeAsync();

        world.Accounts.IsDisposed.ShouldBeTrue();
    }

    private async Task<Outcome?> LookUpAsync() => (await world.Conduct().LookUpAsync(Durov, Cancellation)).Failure;
}
