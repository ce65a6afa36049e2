using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Runs.Conduct;
using HeatUp.Tests.Support;
using static HeatUp.Tests.Runs.Conduct.ConductWorld;

namespace HeatUp.Tests.Runs.Conduct;

/// <summary>Rule 5: a flood wait is obeyed to the second and ends the sitting; a limited account stops.</summary>
public sealed class FloodRuleTests : IDisposable
{
    private static readonly TelegramError Flood = new(429, "Too Many Requests: retry after 7");

    private readonly ConductWorld world = new();

    public FloodRuleTests() => world.Follow(Alice, Durov, News);

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task AWaitThatWasMetWhileTheClockWasBackHolds()
    {
        world.Follow(Alice, Durov);
        world.SetClockTo(FakeTime.Noon.AddDays(-1));
        world.Telegram.Answer(new TelegramError(420, "FLOOD_WAIT_3600").ToOutcome(FakeTime.Noon.AddDays(-1)));
        (await world.ReadAsync(Durov)).ShouldBeOfType<Outcome.MustWait>();
        world.SetClockTo(FakeTime.Noon.AddMinutes(1));
        (await world.AdmitAsync()).Reason.ShouldNotBeNull();
    }

    [Fact]
    public async Task AWaitHoldsWithoutTheHistoryWhenTheClockWasAheadOnce()
    {
        world.Follow(Alice, Durov);
        world.SetClockTo(FakeTime.Noon.AddDays(1));
        await (await world.ConnectAsync()).Session.ShouldNotBeNull().DisposeAsync();
        world.SetClockTo(FakeTime.Noon);
        world.Telegram.Answer(new TelegramError(420, "FLOOD_WAIT_3600").ToOutcome(FakeTime.Noon));
        (await world.ReadAsync(Durov)).ShouldBeOfType<Outcome.MustWait>();
        world.Store.Wipe();
        (await world.AdmitAsync()).Reason.ShouldNotBeNull();
    }

    [Fact]
    public async Task AShortWaitEndsTheSittingAndIsNotSatOut()
    {
        world.Telegram.Answer(Flood.ToOutcome(FakeTime.Noon));
        var sittings = world.Sittings(new ScriptedPlanner(_ =>
        [
            new ReadMessages(Durov, TimeSpan.FromSeconds(3), "?"), new ReadMessages(News, TimeSpan.FromSeconds(3), "?"),
            new Idle(TimeSpan.FromSeconds(2), "?"),
        ]), Pace.None);
        var sitting = (await sittings.StartAsync(Alice, Cancellation)).ShouldBeOfType<SittingStart.Started>().Sitting;

        var end = await world.Clock.RunAsync(sittings.RunAsync(sitting));

        end.Code.ShouldBe(EndCode.MustWait);
        world.Reached.Count.ShouldBe(1, "nothing was asked again");
    }

    [Fact]
    public async Task AWaitIsObeyedToTheSecondByTheNextSitting()
    {
        world.Telegram.Answer(Flood.ToOutcome(FakeTime.Noon));
        await world.ReadAsync(Durov);
        world.Store.Wipe();

        world.Clock.Advance(TimeSpan.FromSeconds(6.9));
        (await world.ConnectAsync()).Failure.ShouldBeRefused().ShouldContain("12:00:07");
        (await world.AdmitAsync()).Until.ShouldBe(FakeTime.Noon.AddSeconds(7));

        world.Clock.Advance(TimeSpan.FromSeconds(0.1));
        (await world.AdmitAsync()).Reason.ShouldBeNull();
    }

    [Fact]
    public async Task NothingIsAskedAfterAWaitInTheSameSitting()
    {
        await using var online = (await world.ConnectAsync()).Session.ShouldNotBeNull();
        world.Telegram.Answer(Flood.ToOutcome(FakeTime.Noon));
        var first = await online.ReadAsync(Durov, TimeSpan.Zero, Cancellation);
        first.ShouldBeOfType<Outcome.MustWait>().EndsSitting.ShouldBeTrue();
        world.Clock.Advance(TimeSpan.FromHours(1));

        (await online.ReadAsync(Durov, TimeSpan.Zero, Cancellation)).ShouldBe(first);

        world.Reached.Count.ShouldBe(1);
    }

    [Fact]
    public async Task AClockThatIsSetBackOrAResumptionDoesNotEndAWait()
    {
        world.Telegram.Answer(new TelegramError(420, "FLOOD_WAIT_3600").ToOutcome(FakeTime.Noon));
        await world.ReadAsync(Durov);

        world.Book.Resume(Alice).ShouldBeNull();

        (await world.AdmitAsync()).Reason.ShouldNotBeNull();
        world.SetClockTo(FakeTime.Noon.AddDays(-1));
        (await world.AdmitAsync()).Reason.ShouldNotBeNull();
    }

    [Fact]
    public async Task AWaitOfAClockThatWasYearsAheadBeginsAnew()
    {
        world.SetClockTo(FakeTime.Noon.AddYears(5));
        world.Telegram.Answer(new TelegramError(420, "FLOOD_WAIT_172800").ToOutcome(FakeTime.Noon.AddYears(5)));
        await world.ReadAsync(Durov);
        world.Store.Wipe();
        world.SetClockTo(FakeTime.Noon);

        world.Book.ResumptionOf(Alice).ShouldNotBeNull().ShouldEndWith("ends at 2025-06-04 12:00:00 UTC.");
        world.Book.Resume(Alice).ShouldBeNull();

        (await world.AdmitAsync()).Until.ShouldBe(FakeTime.Noon.AddDays(2));
        world.Clock.Advance(TimeSpan.FromDays(2));
        (await world.AdmitAsync()).Reason.ShouldBeNull();
    }

    [Fact]
    public async Task AClockThatIsSetFarBackForAResumptionDoesNotEndAWait()
    {
        world.Telegram.Answer(new TelegramError(420, "FLOOD_WAIT_3600").ToOutcome(FakeTime.Noon));
        await world.ReadAsync(Durov);
        world.SetClockTo(FakeTime.Noon.AddYears(-1));

        world.Book.Resume(Alice).ShouldBeNull();

        (await world.AdmitAsync()).Reason.ShouldNotBeNull();
        world.SetClockTo(FakeTime.Noon.AddMinutes(59));
        (await world.AdmitAsync()).Until.ShouldBe(FakeTime.Noon.AddHours(1));
    }

    [Theory]
    [InlineData(400, "PEER_FLOOD")]
    [InlineData(420, "FROZEN_METHOD_INVALID")]
    public async Task ALimitedAccountStopsUntilItsOwnerLooks(int code, string message)
    {
        world.Telegram.Answer(new TelegramError(code, message).ToOutcome(FakeTime.Noon));
        (await world.ReadAsync(Durov)).ShouldBeOfType<Outcome.AccountLost>();
        world.Store.Wipe();
        world.Clock.Advance(TimeSpan.FromDays(30));

        (await world.AdmitAsync()).Reason.ShouldNotBeNull().ShouldContain("heat account resume alice");
        (await world.ConnectAsync()).Failure.ShouldBeRefused().ShouldContain(message);
        world.Book.Find(Alice)!.Stopped!.At.ShouldBe(FakeTime.Noon);

        world.Book.Resume(Alice).ShouldBeNull();
        (await world.AdmitAsync()).Reason.ShouldBeNull();
    }

    [Fact]
    public async Task AnAccountThatIsFrozenUnaskedStopsAndIsAskedNothingMore()
    {
        var sittings = world.Sittings(new ScriptedPlanner(_ =>
        [
            new ReadMessages(Durov, TimeSpan.FromSeconds(3), "?"), new ReadMessages(News, TimeSpan.FromSeconds(3), "?"),
            new Idle(TimeSpan.FromSeconds(2), "?"),
        ]), Pace.None);
        var sitting = (await sittings.StartAsync(Alice, Cancellation)).ShouldBeOfType<SittingStart.Started>().Sitting;
        world.Telegram.OnAsked = asked =>
        {
            world.Reached.Add(asked);
            world.Accounts.News.Enqueue(new([], [new Outcome.AccountLost(TelegramError.AccountFrozen)]));
        };

        var end = await world.Clock.RunAsync(sittings.RunAsync(sitting));

        end.Code.ShouldBe(EndCode.AccountLost);
        end.Detail.ShouldNotBeNull().ShouldContain("The account is frozen");
        world.Reached.Count.ShouldBe(1);
        (await world.AdmitAsync()).Reason.ShouldNotBeNull().ShouldContain("heat account resume alice");
        world.Book.Resume(Alice).ShouldBeNull();
        (await world.AdmitAsync()).Reason.ShouldBeNull();
    }

    [Fact]
    public async Task AnAccountThatIsFrozenAtTheEndOfASittingStopsToo()
    {
        await using (var online = (await world.ConnectAsync()).Session.ShouldNotBeNull())
            world.Accounts.News.Enqueue(new([], [new Outcome.AccountLost(TelegramError.AccountFrozen)]));

        (await world.ConnectAsync()).Failure.ShouldBeRefused().ShouldContain("The account is frozen");
    }
}
