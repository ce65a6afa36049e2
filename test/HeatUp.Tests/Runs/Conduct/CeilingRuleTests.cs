using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Runs.Conduct;
using HeatUp.Tests.Support;
using static HeatUp.Tests.Runs.Conduct.ConductWorld;

namespace HeatUp.Tests.Runs.Conduct;

/// <summary>Rule 5: four sittings, three joins and forty readings in any 24 hours, whatever anybody does.</summary>
public sealed class CeilingRuleTests : IDisposable
{
    private readonly ConductWorld world = new();

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task AJoinThatEndsWithItsQuestionIsNoJoin()
    {
        world.Book.Allow(Alice, Durov).ShouldBeNull();
        await using var online = (await world.ConnectAsync()).Session.ShouldNotBeNull();
        world.Accounts.FollowsFailure = new Outcome.Refused(TelegramError.NoAnswer);
        for (var i = 0; i <= ConductLimits.JoinsMax; i++)
            (await online.JoinAsync(Durov, Cancellation)).ShouldBe(world.Accounts.FollowsFailure);

        world.Accounts.FollowsFailure = null;

        world.Book.Find(Alice)!.Joined.ShouldBeEmpty();
        (await online.JoinAsync(Durov, Cancellation)).ShouldBe(Outcome.Done.Plain);
    }

    [Fact]
    public void TheCeilingsAreConstants()
    {
        (ConductLimits.SittingsMax, ConductLimits.JoinsMax, ConductLimits.ReadsMax).ShouldBe((4, 3, 40));
        ConductLimits.Period.ShouldBe(TimeSpan.FromHours(24));
        typeof(ConductLimits).GetFields().ShouldAllBe(field => field.IsLiteral || field.IsInitOnly);
        typeof(LiveConduct).GetConstructors().Single().GetParameters().Select(parameter => parameter.ParameterType)
            .ShouldBe([typeof(IAccountTelegram), typeof(AccountBook), typeof(IActionCounts), typeof(TimeProvider)]);
    }

    [Fact]
    public async Task AFifthSittingWaitsUntilTheFirstIsADayOld()
    {
        world.Follow(Alice, Durov);
        await world.UseUpSittingsAsync();

        var (pool, reason, until) = await world.AdmitAsync();

        pool.ShouldBeNull();
        reason.ShouldNotBeNull().ShouldContain("at most 4 sittings");
        until.ShouldBe(FakeTime.Noon + ConductLimits.Period);
        (await world.ConnectAsync()).Failure.ShouldBeRefused();
        world.Clock.Advance(ConductLimits.Period);
        (await world.AdmitAsync()).Reason.ShouldBeNull();
        await (await world.ConnectAsync()).Session.ShouldNotBeNull().DisposeAsync();
    }

    [Fact]
    public async Task LookUpsAreCountedToo()
    {
        var conduct = world.Conduct();
        for (var i = 0; i < ConductLimits.LookUpsMax; i++) await conduct.LookUpAsync(Durov, Cancellation);

        (await world.Conduct().LookUpAsync(Durov, Cancellation)).Failure.ShouldBeRefused()
            .ShouldContain($"at most {ConductLimits.LookUpsMax} look-ups");

        world.Telegram.Asked.Count.ShouldBe(ConductLimits.LookUpsMax);
    }

    [Fact]
    public async Task AFourthJoinIsRefused()
    {
        await using var online = (await world.ConnectAsync()).Session.ShouldNotBeNull();
        for (var i = 0; i <= ConductLimits.JoinsMax; i++)
        {
            var channel = ChannelName.Parse($"@channel{i}");
            world.Book.Allow(Alice, channel);
            var outcome = await online.JoinAsync(channel, Cancellation);
            if (i < ConductLimits.JoinsMax) outcome.ShouldBeOfType<Outcome.Done>();
            else outcome.ShouldBeRefused().ShouldContain("at most 3 joins");
        }
        world.Reached.Count.ShouldBe(ConductLimits.JoinsMax);
        (await world.AdmitAsync()).Reason.ShouldNotBeNull();
    }

    [Fact]
    public async Task AJoinOfWhichNobodyKnowsWhatBecameCounts()
    {
        await using var online = (await world.ConnectAsync()).Session.ShouldNotBeNull();
        for (var i = 0; i <= ConductLimits.JoinsMax; i++)
        {
            world.Telegram.Answer(new Outcome.Refused(TelegramError.NoAnswer));
            world.Book.Allow(Alice, ChannelName.Parse($"@channel{i}"));
            var outcome = await online.JoinAsync(ChannelName.Parse($"@channel{i}"), Cancellation);
            if (i == ConductLimits.JoinsMax) outcome.ShouldBeRefused().ShouldContain("at most 3 joins");
        }
        world.Reached.Count.ShouldBe(ConductLimits.JoinsMax);
        world.Book.Add(Bob);
        world.Book.Allow(Bob, ChannelName.Parse("@channel0")).ShouldNotBeNull().ShouldContain("'alice'");
    }

    [Fact]
    public async Task AFortyFirstReadingIsRefused()
    {
        world.Follow(Alice, Durov);
        await using var online = (await world.ConnectAsync()).Session.ShouldNotBeNull();
        for (var i = 0; i < ConductLimits.ReadsMax; i++)
            (await online.ReadAsync(Durov, TimeSpan.Zero, Cancellation)).ShouldBeOfType<Outcome.Done>();

        (await online.ReadAsync(Durov, TimeSpan.Zero, Cancellation)).ShouldBeRefused().ShouldContain("at most 40 reads");

        world.Reached.Count.ShouldBe(ConductLimits.ReadsMax);
    }

    [Fact]
    public async Task ForgettingTheSessionAndWipingTheDatabaseGiveNothingFree()
    {
        await world.UseUpSittingsAsync();

        world.Store.Wipe();

        (await world.ConnectAsync()).Failure.ShouldBeRefused();
    }

    [Fact]
    public async Task LoggingOutAndInAgainGivesNothingFree()
    {
        await world.UseUpSittingsAsync();

        world.Book.Remove(Alice);
        world.Book.Add(Alice).ShouldBeNull();

        (await world.ConnectAsync()).Failure.ShouldBeRefused();
    }

    [Fact]
    public async Task WhatOnlyTheHistoryKnowsCountsToo()
    {
        world.Follow(Alice, Durov);
        for (var i = 1; i <= ConductLimits.SittingsMax; i++)
        {
            var run = Remembered(i);
            await world.Store.BeginAsync(run, Cancellation);
            await world.Store.EndAsync(world.Store.HoldOf(run.Id), RunEnd.Completed, FakeTime.Noon);
        }

        (await world.AdmitAsync()).Reason.ShouldNotBeNull().ShouldContain("at most 4 sittings");
    }

    [Fact]
    public async Task AClockThatIsSetBackGivesNothingFree()
    {
        await world.UseUpSittingsAsync();

        world.SetClockTo(FakeTime.Noon.AddDays(-30));

        (await world.ConnectAsync()).Failure.ShouldBeRefused();
    }

    [Fact]
    public async Task WhatWasDoneOnAClockThatWasSetBackCountsWhenItIsRightAgain()
    {
        await (await world.ConnectAsync()).Session.ShouldNotBeNull().DisposeAsync();
        world.SetClockTo(FakeTime.Noon.AddDays(-30));
        for (var i = 1; i < ConductLimits.SittingsMax; i++)
            await (await world.ConnectAsync()).Session.ShouldNotBeNull().DisposeAsync();

        world.SetClockTo(FakeTime.Noon.AddMinutes(1));

        (await world.ConnectAsync()).Failure.ShouldBeRefused();
    }

    [Fact]
    public async Task ALedgerThatIsDeletedBetweenLogOutAndLogInIsMissed()
    {
        await world.UseUpSittingsAsync();
        world.Book.Remove(Alice);
        Touch("delete");
        world.Book.Add(Alice).ShouldBeNull();

        (await world.ConnectAsync()).Failure.ShouldBeRefused().ShouldContain("stopped");
    }

    [Theory]
    [InlineData("delete")]
    [InlineData("cut the last line")]
    [InlineData("cut the first line")]
    [InlineData("cut a line")]
    [InlineData("older times")]
    [InlineData("one older time")]
    [InlineData("no time")]
    [InlineData("another kind")]
    [InlineData("one that was put back")]
    [InlineData("another's")]
    public async Task ALedgerThatSomebodyTouchedStopsTheAccountAndNeverCountsAsEmpty(string way)
    {
        await world.UseUpSittingsAsync();
        Touch(way);

        (await world.ConnectAsync()).Failure.ShouldBeRefused().ShouldContain("stopped");

        world.Book.Find(Alice)!.Stopped.ShouldNotBeNull().Reason.ShouldContain("ledger");
        world.Book.Resume(Alice).ShouldBeNull();
        (await world.ConnectAsync()).Failure.ShouldBeRefused().ShouldContain("at most 4 sittings");
        world.Clock.Advance(ConductLimits.Period + TimeSpan.FromSeconds(1));
        await (await world.ConnectAsync()).Session.ShouldNotBeNull().DisposeAsync();
    }

    [Theory]
    [InlineData("delete")]
    [InlineData("older times")]
    [InlineData("nothing")]
    public async Task AClockThatIsSetBackForAResumptionFreesNothing(string way)
    {
        await world.UseUpSittingsAsync();
        if (way != "nothing") Touch(way);
        world.SetClockTo(FakeTime.Noon.AddDays(-2));
        await world.ConnectAsync();

        world.Book.Resume(Alice).ShouldBeNull();
        world.SetClockTo(FakeTime.Noon.AddHours(1));

        (await world.ConnectAsync()).Failure.ShouldBeRefused().ShouldContain("at most 4 sittings");
        world.SetClockTo(FakeTime.Noon + ConductLimits.Period + TimeSpan.FromSeconds(1));
        await (await world.ConnectAsync()).Session.ShouldNotBeNull().DisposeAsync();
    }

    [Fact]
    public async Task AClockThatWasYearsAheadLocksAnAccountNoLongerThanADay()
    {
        world.SetClockTo(FakeTime.Noon.AddYears(5));
        await world.UseUpSittingsAsync();
        world.SetClockTo(FakeTime.Noon);
        (await world.ConnectAsync()).Failure.ShouldBeRefused()
            .ShouldContain("lies ahead of the clock, 2025-06-02 12:00:00 UTC. If the clock is right: heat account resume alice");

        world.Book.ResumptionOf(Alice).ShouldNotBeNull().ShouldContain("it goes on at 2025-06-03 12:00:00 UTC.");
        world.Book.Resume(Alice).ShouldBeNull();

        (await world.ConnectAsync()).Failure.ShouldBeRefused()
            .ShouldEndWith("at most 4 sittings in 24 hours. The next may be at 2025-06-03 12:00:00 UTC.");
        world.Clock.Advance(ConductLimits.Period + TimeSpan.FromSeconds(1));
        await world.UseUpSittingsAsync();
        (await world.ConnectAsync()).Failure.ShouldBeRefused();
        // What the wrong clock wrote counts again when that time comes.
        world.SetClockTo(FakeTime.Noon.AddYears(5).AddHours(-1));
        (await world.ConnectAsync()).Failure.ShouldBeRefused();
    }

    [Fact]
    public async Task AClockThatIsALittleAheadIsNoReasonForAResumptionToChangeAnything()
    {
        await world.UseUpSittingsAsync();
        var lines = world.Ledger;
        world.SetClockTo(FakeTime.Noon.AddHours(-23));

        world.Book.ResumptionOf(Alice).ShouldBe("'alice' goes on at once.");
        world.Book.Resume(Alice).ShouldBeNull();

        world.Ledger.ShouldBe(lines);
    }

    [Fact]
    public async Task ARestartDoesNotCostASittingOfTheFour()
    {
        var runs = Enumerable.Range(1, ConductLimits.SittingsMax).Select(i => Remembered(i).Id).ToList();
        foreach (var run in runs)
            for (var starts = 0; starts < 3; starts++)
                await (await world.ConnectAsync(Alice, run)).Session.ShouldNotBeNull().DisposeAsync();

        (await world.ConnectAsync(Alice, Remembered(5).Id)).Failure.ShouldBeRefused().ShouldContain("at most 4 sittings");
        (await world.ConnectAsync(Alice, runs[0])).Failure.ShouldBeRefused();
        await (await world.ConnectAsync(Alice, runs[^1])).Session.ShouldNotBeNull().DisposeAsync();
        world.Ledger.Count.ShouldBe(ConductLimits.SittingsMax);
        world.Book.Stop(Alice, "its owner looks");
        (await world.ConnectAsync(Alice, runs[^1])).Failure.ShouldBeRefused().ShouldContain("stopped");
    }

    [Fact]
    public async Task ARunThatStoodStillForADayCountsAnew()
    {
        var run = Remembered(1).Id;
        await (await world.ConnectAsync(Alice, run)).Session.ShouldNotBeNull().DisposeAsync();
        world.Clock.Advance(ConductLimits.Period + TimeSpan.FromSeconds(1));

        await (await world.ConnectAsync(Alice, run)).Session.ShouldNotBeNull().DisposeAsync();

        world.Ledger.Count.ShouldBe(2);
    }

    [Fact]
    public void AQuestionCostsTheSameAfterAYear()
    {
        world.Follow(Alice, Durov);
        for (var day = 0; day < 366; day++)
        {
            for (var i = 0; i < ConductLimits.SittingsMax; i++)
                world.Book.Spend(Alice, AccountLedger.Sitting, 0, ConductLimits.SittingsMax).ShouldBeNull();
            world.Clock.Advance(ConductLimits.Period + TimeSpan.FromSeconds(1));
        }

        world.Ledger.Count.ShouldBeLessThanOrEqualTo(3 * ConductLimits.SittingsMax);
        world.Ledger[^1].ShouldStartWith($"{366 * ConductLimits.SittingsMax} ");
        world.OpenBook().RefusalOf(Alice).ShouldBeNull();
    }

    [Fact]
    public async Task ASecondProcessCantUseAnAccountThatSits()
    {
        world.Follow(Alice, Durov);
        await using var online = (await world.ConnectAsync()).Session.ShouldNotBeNull();

        (await world.ConnectAsync()).Failure.ShouldBeRefused().ShouldContain("another process");
        (await world.AdmitAsync()).Reason.ShouldNotBeNull().ShouldContain("another process");
    }

    [Fact]
    public async Task ProcessesAtOnceDontSitMoreOften()
    {
        var sat = 0;
        await Parallel.ForAsync(0, 40, Cancellation, async (_, _) =>
        {
            if ((await world.ConnectAsync()).Session is not { } online) return;
            Interlocked.Increment(ref sat);
            await online.DisposeAsync();
        });

        sat.ShouldBeLessThanOrEqualTo(ConductLimits.SittingsMax);
    }

    [Fact]
    public async Task NoPaceMakesRoomForMoreSittings()
    {
        world.Follow(Alice, Durov);
        var sittings = world.Sittings(new BuiltinPlanner(new Seed(7)), Pace.None);
        for (var i = 0; i < ConductLimits.SittingsMax; i++)
            await world.Clock.RunAsync(sittings.RunAsync(
                (await sittings.StartAsync(Alice, Cancellation)).ShouldBeOfType<SittingStart.Started>().Sitting));

        var refused = (await sittings.StartAsync(Alice, Cancellation)).ShouldBeOfType<SittingStart.Refused>();

        refused.Reason.ShouldContain("at most 4 sittings");
        refused.Until.ShouldNotBeNull();
    }

    private void Touch(string way)
    {
        if (way == "another's")
        {
            world.Book.Add(Bob);
            (world.ConnectAsync(Bob).Result.Session!).DisposeAsync().AsTask().Wait();
            world.Edit("DELETE FROM did WHERE account = 'alice'");
        }
        world.Edit(way switch
        {
            "delete" => "DELETE FROM did WHERE account = 'alice'",
            "cut the last line" => "DELETE FROM did WHERE number = (SELECT max(number) FROM did)",
            "cut the first line" => "DELETE FROM did WHERE number = 1",
            "cut a line" => "DELETE FROM did WHERE number = 2",
            "older times" => "UPDATE did SET at = replace(at, '2025', '2024')",
            "one older time" => "UPDATE did SET at = replace(at, '2025', '2024') WHERE number = 3",
            "no time" => "UPDATE did SET at = 'yesterday' WHERE number = 3",
            "another kind" => $"UPDATE did SET kind = '{AccountLedger.Look}' WHERE number = 4",
            "one that was put back" => "INSERT INTO did SELECT account, 5, at, kind, seal FROM did WHERE number = 4",
            "another's" => "UPDATE did SET account = 'alice' WHERE account = 'bob'",
            _ => throw new ArgumentOutOfRangeException(nameof(way), way, null),
        }).ShouldBeGreaterThan(0);
    }

    private static HeatUp.Sessions.RunRecord Remembered(int number) => new(
        RunId.For(new Seed(9), Alice, number, FakeTime.Noon), Alice, number,
        ScriptedPlanner.Of(new Idle(TimeSpan.FromSeconds(2), "?")), FakeTime.Noon, [], null, null);
}
