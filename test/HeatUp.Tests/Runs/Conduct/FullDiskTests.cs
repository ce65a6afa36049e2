using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Tests.Support;
using static HeatUp.Tests.Runs.Conduct.ConductWorld;

namespace HeatUp.Tests.Runs.Conduct;

/// <summary>What can't be written down beforehand is not done, and the owner hears why.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly ConductWorld world = new();

    public FullDiskTests() => world.Follow(Alice, Durov, News);

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task ASittingThatCannotBeWrittenDownDoesNotGoOnline()
    {
        world.FillDisk();

        (await world.ConnectAsync()).Failure.ShouldBeRefused().ShouldContain("disk is full");

        world.Telegram.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task AStepIsNotDoneWhenWhatWasDoneBeforeCannotBeCountedAndTheReasonSaysSo()
    {
        world.Telegram.OnAsked = asked =>
        {
            world.Reached.Add(asked);
            world.Store.Fails = call => call == "count";
        };
        var sittings = world.Sittings(new ScriptedPlanner(_ =>
        [
            new ReadMessages(Durov, TimeSpan.FromSeconds(3), "?"), new ReadMessages(News, TimeSpan.FromSeconds(3), "?"),
            new Idle(TimeSpan.FromSeconds(2), "?"),
        ]), Pace.None);
        var sitting = (await sittings.StartAsync(Alice, Cancellation)).ShouldBeOfType<SittingStart.Started>().Sitting;

        var end = await world.Clock.RunAsync(sittings.RunAsync(sitting));

        world.Reached.ShouldHaveSingleItem().ShouldStartWith("read @durov");
        sitting.Snapshot().Steps[1].Outcome.ShouldBeRefused().ShouldContain("can't be counted");
        end.Code.ShouldNotBe(EndCode.NotRemembered);
        world.Store.Runs.ShouldHaveSingleItem().End.ShouldBe(end);
    }

    [Fact]
    public async Task ADiskThatFillsUpInMidSittingLeavesTheNextStepsUndone()
    {
        world.Telegram.OnAsked = asked =>
        {
            world.Reached.Add(asked);
            if (world.Reached.Count == 1) world.FillDisk();
        };
        var sittings = world.Sittings(new ScriptedPlanner(_ =>
        [
            new ReadMessages(Durov, TimeSpan.FromSeconds(3), "?"), new ReadMessages(News, TimeSpan.FromSeconds(3), "?"),
            new Idle(TimeSpan.FromSeconds(2), "?"),
        ]), Pace.None);
        var sitting = (await sittings.StartAsync(Alice, Cancellation)).ShouldBeOfType<SittingStart.Started>().Sitting;

        await world.Clock.RunAsync(sittings.RunAsync(sitting));

        world.Reached.ShouldHaveSingleItem().ShouldStartWith("read @durov");
        sitting.Snapshot().Steps[1].Outcome.ShouldBeRefused().ShouldContain("disk is full");
    }
}
