using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Simulations;

namespace HeatUp.Tests.Simulation;

public sealed class RememberedTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    private static readonly SessionId Session = Population.NameOf(1);
    private static readonly ChannelName Durov = ChannelName.Parse("@durov");

    private readonly ChannelNumbers channels = new(ChannelPool.Of([]));
    private readonly Remembered memory = new();

    [Fact]
    public void ARecollectionTellsTheNewestFirst()
    {
        Do(new JoinChannel(Durov, "New."), At);
        Do(new ReadMessages(Durov, TimeSpan.FromSeconds(30), "Catching up."), At.AddMinutes(1));

        var past = memory.Recall(Session, channels);

        past.Joined.ShouldBe([new Membership(Durov, At, At.AddMinutes(1))]);
        past.Recent.Select(action => action.Kind).ShouldBe(["read_messages", "join_channel"]);
    }

    [Fact]
    public void ARecollectionFromBeforeAnActionIsRefusedAndNotMixedWithIt()
    {
        Do(new JoinChannel(Durov, "New."), At);
        var past = memory.Recall(Session, channels);

        Do(new ReadMessages(Durov, TimeSpan.FromSeconds(30), "Catching up."), At.AddMinutes(1));

        Should.Throw<InvalidOperationException>(() => past.Joined[0]);
        Should.Throw<InvalidOperationException>(() => past.Recent[0]);
    }

    private void Do(PlannedAction action, DateTimeOffset at) =>
        memory.Remember(new Step(1, action, Outcome.Done.Plain, at, at), channels, new JoinCount());
}
