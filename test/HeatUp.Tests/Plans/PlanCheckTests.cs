using HeatUp.Channels;
using HeatUp.Plans;

namespace HeatUp.Tests.Plans;

public sealed class PlanCheckTests
{
    private static readonly ChannelName Durov = ChannelName.Parse("@durov");
    private static readonly ChannelName Telegram = ChannelName.Parse("@telegram");
    private static readonly PlannedAction ABreak = new Idle(TimeSpan.FromSeconds(5), "");

    [Fact]
    public void AGoodPlanPasses()
    {
        PlannedAction[] actions =
        [
            new JoinChannel(Durov, ""),
            new ReadMessages(Durov, TimeSpan.FromSeconds(3), ""),
            ABreak,
            new JoinChannel(Telegram, ""),
        ];

        var plan = PlanCheck.Check(actions, Some.New(), PlanOrigin.Builtin, out var defects);

        plan.ShouldNotBeNull().Actions.Count.ShouldBe(4);
        defects.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(50)]
    public void OnlyTheNumberIsNamedWhenThereAreTooFewOrTooManyActions(int count) =>
        PlanCheck.DefectsOf([.. Enumerable.Repeat(new Idle(TimeSpan.FromHours(1), ""), count)], Some.New())
            .ShouldBe([$"The plan has {count} actions; it must have 3 to 7."]);

    [Theory]
    [InlineData(2.999)]
    [InlineData(30.001)]
    [InlineData(-5)]
    public void AReadingOutsideItsBoundsIsADefect(double seconds) =>
        DefectsWith(new ReadMessages(Durov, TimeSpan.FromSeconds(seconds), ""))
            .ShouldBe([$"Action 3 (read_messages) takes {seconds} seconds; it must take 3 to 30."]);

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(0)]
    public void ABreakOutsideItsBoundsIsADefect(double seconds) =>
        DefectsWith(new Idle(TimeSpan.FromSeconds(seconds), ""))
            .ShouldBe([$"Action 3 (idle) takes {(seconds == 1 ? "1 second" : $"{seconds} seconds")}; it must take 2 to 15."]);

    [Fact]
    public void AChannelOutsideThePoolIsADefect()
    {
        var stranger = ChannelName.Parse("@stranger");
        DefectsWith(new JoinChannel(stranger, ""), new ReadMessages(stranger, TimeSpan.FromSeconds(5), "")).ShouldBe(
        [
            "Action 3 (join_channel) uses @stranger, which is not in the pool.",
            "Action 4 (read_messages) uses @stranger, which is not in the pool.",
        ]);
    }

    [Fact]
    public void AChannelThatIsFollowedIsNotJoinedAgainWhateverItsCase() =>
        PlanCheck.DefectsOf([ABreak, ABreak, Join("@DUROV")], Some.Returning(null, "@durov"))
            .ShouldBe(["Action 3 (join_channel) joins @DUROV, which is joined already."]);

    [Fact]
    public void AChannelIsNotJoinedTwiceInOnePlan() =>
        DefectsWith(Join("@durov"), Join("@telegram"), Join("@Durov"))
            .ShouldBe(["Action 5 (join_channel) joins @Durov a second time."]);

    [Fact]
    public void AnActionThatCouldNotBeReadIsCountedAndPassedOver() =>
        PlanCheck.DefectsOf([null, ABreak, new Idle(TimeSpan.Zero, "")], Some.New())
            .ShouldBe(["Action 3 (idle) takes 0 seconds; it must take 2 to 15."]);

    [Fact]
    public void AGoodPlanIsCheckedWithoutTouchingTheHeap()
    {
        PlannedAction[] actions =
            [new JoinChannel(Telegram, ""), ABreak, new ReadMessages(Durov, TimeSpan.FromSeconds(9), "")];
        var request = Some.Returning(null, "@durov");
        PlanCheck.DefectsOf(actions, request);

        var before = GC.GetAllocatedBytesForCurrentThread();
        PlanCheck.DefectsOf(actions, request);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static JoinChannel Join(string channel) => new(ChannelName.Parse(channel), "");

    private static IReadOnlyList<string> DefectsWith(params PlannedAction[] actions) =>
        PlanCheck.DefectsOf([ABreak, ABreak, .. actions], Some.New());
}
