using HeatUp.Runs;
using HeatUp.Runs.Conduct;
using HeatUp.Tests.Support;
using static HeatUp.Tests.Runs.Conduct.ConductWorld;

namespace HeatUp.Tests.Runs.Conduct;

/// <summary>A login that is over is known to be over: nothing is planned or asked until its owner logs in again.</summary>
public sealed class EndedRuleTests : IDisposable
{
    private readonly ConductWorld world = new();

    public EndedRuleTests() => world.Follow(Alice, Durov);

    public void Dispose() => world.Dispose();

    [Theory]
    [InlineData("SESSION_REVOKED", "Its login was ended", "Log it in again: heat account login alice")]
    [InlineData("Unauthorized", "Its login was ended", "Log it in again: heat account login alice")]
    [InlineData("AUTH_KEY_DUPLICATED", "two places at once", "Log it in again: heat account login alice")]
    [InlineData("USER_DEACTIVATED_BAN", "has banned it", "Only Telegram can undo that")]
    [InlineData("PHONE_NUMBER_BANNED", "has banned it", "Once that is undone: heat account login alice")]
    [InlineData("USER_DEACTIVATED", "was deleted", "heat account logout alice")]
    public async Task TheNextSittingIsRefusedBeforeItIsPlanned(string text, string why, string remedy)
    {
        await MeetAsync(text);

        var refused = (await world.AdmitAsync()).Reason.ShouldNotBeNull();

        refused.ShouldContain(why);
        refused.ShouldContain(remedy);
        refused.ShouldNotContain("resume");
        (await world.ConnectAsync()).Failure.ShouldBeRefused().ShouldEndWith(refused);
    }

    [Fact]
    public async Task ALoginLiftsIt()
    {
        await MeetAsync("SESSION_REVOKED");

        world.Book.Add(Alice).ShouldBeNull();

        world.Book.Find(Alice)!.Ended.ShouldBeNull();
        (await world.AdmitAsync()).Reason.ShouldBeNull();
    }

    [Fact]
    public async Task ALookByTheOwnerDoesnt()
    {
        await MeetAsync("SESSION_REVOKED");

        world.Book.ResumptionOf(Alice).ShouldNotBeNull().ShouldContain("heat account login alice");
        world.Book.Resume(Alice).ShouldNotBeNull().ShouldContain("heat account login alice");

        (await world.AdmitAsync()).Reason.ShouldNotBeNull();
    }

    [Fact]
    public async Task NeitherALoginNorTheEndItselfLiftsWhatElseHoldsAnAccountBack()
    {
        await MeetAsync("PEER_FLOOD");
        world.Book.Heard(Alice, new Outcome.AccountLost(new TelegramError(401, "SESSION_REVOKED")));
        (await world.AdmitAsync()).Reason.ShouldNotBeNull().ShouldContain("heat account resume alice");

        world.Book.Add(Alice).ShouldBeNull();

        (await world.AdmitAsync()).Reason.ShouldNotBeNull().ShouldContain("heat account resume alice");
    }

    [Fact]
    public void TheReasonThatComesLaterIsKept()
    {
        world.Book.Heard(Alice, new Outcome.AccountLost(TelegramError.LoggedOut));
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        world.Book.Heard(Alice, new Outcome.AccountLost(new TelegramError(401, "USER_DEACTIVATED_BAN")));
        world.Book.Heard(Alice, new Outcome.AccountLost(TelegramError.LoggedOut));

        world.OpenBook().Find(Alice)!.Ended
            .ShouldBe(new AccountEnd(new TelegramError(401, "USER_DEACTIVATED_BAN"), FakeTime.Noon));
    }

    [Fact]
    public async Task LookUpsPassItByUnlessItIsHeldBackBesides()
    {
        world.Book.Add(Bob);
        await MeetAsync("SESSION_REVOKED");
        var conduct = world.Conduct();

        (await conduct.LookUpAsync(Durov, Cancellation)).Failure.ShouldBeNull();
        world.Accounts.Used[^1].ShouldBe(Bob);

        world.Book.Heard(Alice, new Outcome.AccountLost(new TelegramError(400, "PEER_FLOOD")));
        (await conduct.LookUpAsync(Durov, Cancellation)).Failure.ShouldBeRefused().ShouldContain("alice");
    }

    [Fact]
    public async Task IfAllLoginsAreOverALookUpSaysSo()
    {
        await MeetAsync("SESSION_REVOKED");

        (await world.Conduct().LookUpAsync(Durov, Cancellation)).Failure.ShouldBeRefused().ShouldContain("heat account login alice");
    }

    /// <summary>A reading meets an error.</summary>
    private async Task MeetAsync(string text)
    {
        world.Telegram.Answer(new TelegramError(401, text).ToOutcome(FakeTime.Noon));
        (await world.ReadAsync(Durov)).ShouldBeOfType<Outcome.AccountLost>();
    }
}
