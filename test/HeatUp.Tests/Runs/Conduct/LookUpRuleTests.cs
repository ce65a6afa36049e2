using HeatUp.Channels;
using HeatUp.Runs;
using HeatUp.Runs.Conduct;
using HeatUp.Tests.Support;
using static HeatUp.Tests.Runs.Conduct.ConductWorld;

namespace HeatUp.Tests.Runs.Conduct;

/// <summary>Rule 5, of look-ups: no session's business, but always one account's, with its own ceiling and waits.</summary>
public sealed class LookUpRuleTests : IDisposable
{
    private static readonly Outcome Flood = new TelegramError(429, "Too Many Requests: retry after 7").ToOutcome(FakeTime.Noon);
    private static readonly Outcome LongFlood = new TelegramError(420, "FLOOD_WAIT_3600").ToOutcome(FakeTime.Noon);
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
    public async Task EachAccountHasItsOwnCeiling()
    {
        for (var i = 0; i < 2 * ConductLimits.LookUpsMax; i++) (await LookUpAsync()).ShouldBeNull();

        (await LookUpAsync()).ShouldBeRefused().ShouldContain($"at most {ConductLimits.LookUpsMax} look-ups");

        world.Accounts.Used.Count(account => account == Alice).ShouldBe(ConductLimits.LookUpsMax);
    }

    [Fact]
    public async Task AWaitThatOneAccountMeetsIsThatAccountsOnly()
    {
        world.Accounts.Meets[Alice] = Flood;
        (await LookUpAsync()).ShouldBeOfType<Outcome.MustWait>().EndsSitting.ShouldBeTrue();

        (await LookUpAsync()).ShouldBeNull();
        (await LookUpAsync()).ShouldBeNull();

        world.Accounts.Used.ShouldBe([Alice, Bob, Bob]);
        (await world.ConnectAsync(Alice)).Failure.ShouldBeRefused().ShouldContain("12:00:07");
        await (await world.ConnectAsync(Bob)).Session.ShouldNotBeNull().DisposeAsync();
    }

    [Fact]
    public async Task ALimitThatOneAccountMeetsStopsThatAccountOnly()
    {
        world.Accounts.Meets[Alice] = Limited;
        (await LookUpAsync()).ShouldBe(Limited);

        (await LookUpAsync()).ShouldBeNull();

        world.Book.Find(Alice)!.Stopped.ShouldNotBeNull().Reason.ShouldContain("PEER_FLOOD");
        world.Book.Find(Bob)!.Stopped.ShouldBeNull();
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
    public async Task WhenNoneMayTheRefusalThatEndsSoonestIsTheReason()
    {
        world.Accounts.Meets[Alice] = LongFlood;
        world.Accounts.Meets[Bob] = Flood;
        await LookUpAsync();
        await LookUpAsync();
        world.Accounts.Used.Clear();

        (await LookUpAsync()).ShouldBeRefused().ShouldBe("Conduct: Telegram asked 'bob' to wait until 2025-06-02 12:00:07 UTC.");

        world.Accounts.Used.ShouldBeEmpty();
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
