using CsCheck;
using HeatUp.Channels;
using HeatUp.Plans;

namespace HeatUp.Tests.Plans;

public sealed class BuiltinPlannerTests
{
    private readonly BuiltinPlanner planner = new(Some.Seed);

    [Fact]
    public void TheSameSeedAndPastGiveTheSamePlan()
    {
        var again = new BuiltinPlanner(Some.Seed);

        var another = new BuiltinPlanner(new Seed(43));

        var plan = Some.Text(Plan(Some.New()));

        Some.Text(again.Make(Some.New(), PlanOrigin.Builtin)).ShouldBe(plan);
        Some.Text(another.Make(Some.New(), PlanOrigin.Builtin)).ShouldNotBe(plan);
    }

    [Fact]
    public void OfTenThousandNewSessionsHardlyTwoGetTheSamePlanAndEveryCategoryIsVisited()
    {
        var plans = Enumerable.Range(0, 10_000).Select(i => Plan(Some.New(session: $"session{i}"))).ToList();

        plans.Select(Some.Text).Distinct().Count().ShouldBeGreaterThanOrEqualTo(9_990);
        plans.SelectMany(ChannelsOf).Select(name => Some.ShippedPool.Find(name)!.Category)
            .Distinct().Order(StringComparer.Ordinal)
            .ShouldBe(Some.ShippedPool.Categories);
    }

    [Fact]
    public void ANewSessionJoinsFirstAndMostlyReadsWhatItJoined()
    {
        var plans = Enumerable.Range(0, 500).Select(i => Plan(Some.New(session: $"session{i}"))).ToList();

        plans.ShouldAllBe(plan => plan.Actions[0] is JoinChannel);
        plans.ShouldAllBe(plan => plan.Actions.OfType<ReadMessages>().All(read => Joins(plan).Contains(read.Channel)));
        plans.Count(plan => plan.Actions[1] is ReadMessages).ShouldBeInRange(380, 470);
        plans.Average(plan => Joins(plan).Count()).ShouldBeInRange(1.5, 2.7);
    }

    [Fact]
    public void AReturningSessionReadsWhatItFollowsAndNowAndThenJoinsSomethingNew()
    {
        string[] follows = ["@durov", "@telegram", "@nytimes"];
        var plans = Enumerable.Range(0, 1000).Select(i => Plan(Some.Returning(null, follows) with
        {
            Past = Some.Returning(null, follows).Past with { Session = SessionId.Parse($"session{i}") },
        })).ToList();

        plans.Count(plan => Joins(plan).Any()).ShouldBeInRange(150, 500);
        plans.ShouldAllBe(plan => Joins(plan).Count() <= 1);
        plans.SelectMany(plan => plan.Actions.OfType<ReadMessages>().Select(read => read.Channel).Except(Joins(plan)))
            .Distinct().Select(name => name.Value).Order(StringComparer.Ordinal)
            .ShouldBe(follows.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void InASmallWorldNoChannelIsReadMoreThanTwiceAndASittingIsShortAndCalm() =>
        (from channels in Gen.Int[1, 10]
         from follows in Gen.Int[0, channels]
         from sittings in Gen.Int[0, 1_000]
         select (Pool: Some.PoolOf(channels, "News"), Follows: follows, Sittings: sittings)).Sample(world =>
        {
            var past = Some.Returning(world.Pool, [.. Enumerable.Range(1, world.Follows).Select(i => $"@channel{i:0000}")]).Past;
            var request = new PlanRequest(past with { Sittings = world.Sittings }, world.Pool, Some.Now);
            var plan = Plan(request);
            var reads = plan.Actions.OfType<ReadMessages>().ToList();

            PlanCheck.DefectsOf(plan.Actions, request).ShouldBeEmpty();
            reads.ShouldAllBe(read => reads.Count(other => other.Channel == read.Channel) <= 2);
            var channels = world.Pool.All.Length;
            if (channels <= 2) plan.Actions.Count.ShouldBeLessThanOrEqualTo(2 + channels);
            if (channels == 1 && world.Follows == 1)
                plan.Actions.Select(action => action.Kind).ShouldBe(["read_messages", "idle", "read_messages"]);
        }, iter: 2_000);

    [Fact]
    public void APlanThatReadsAChannelAThirdTimeIsBad()
    {
        var read = new ReadMessages(ChannelName.Parse("@durov"), TimeSpan.FromSeconds(5), "news");

        PlanCheck.DefectsOf([read, read, read], Some.Returning(null, "@durov")).ShouldHaveSingleItem()
            .ShouldBe("Action 3 (read_messages) reads @durov once more; a plan reads a channel 2 times at most.");
        PlanCheck.DefectsOf([read, read, new Idle(TimeSpan.FromSeconds(5), "tea")], Some.Returning(null, "@durov")).ShouldBeEmpty();
    }

    [Fact]
    public void WhatIsLongUnreadComesFirst()
    {
        var past = Some.Returning(Some.PoolOf(4, "News")).Past with
        {
            Joined =
            [
                Some.Follows("@channel0001", 0.01),
                Some.Follows("@channel0002", 20),
                Some.Follows("@channel0003", 0.01),
            ],
        };
        var first = Enumerable.Range(0, 300).Select(i => Plan(new PlanRequest(
                past with { Sittings = i }, Some.PoolOf(4, "News"), Some.Now)))
            .Where(plan => !Joins(plan).Any())
            .Select(plan => plan.Actions.OfType<ReadMessages>().First().Channel.Value).ToList();

        // Four of the three that it follows are compared, so that the longest unread is there in 80 % of the sittings.
        ((double)first.Count(name => name == "@channel0002") / first.Count).ShouldBeInRange(0.72, 0.88);
    }

    [Fact]
    public void TheNextSittingIsAnotherOne()
    {
        var request = Some.Returning(null, "@durov", "@nytimes");
        var plans = Enumerable.Range(1, 100)
            .Select(sittings => Plan(request with { Past = request.Past with { Sittings = sittings } }));

        plans.Select(Some.Text).Distinct().Count().ShouldBeGreaterThan(95);
    }

    [Fact]
    public void WhenEverythingIsJoinedItReads()
    {
        var plan = Plan(Some.Returning(null, [.. Some.ShippedPool.All.Select(channel => channel.Name.Value)]));

        Joins(plan).ShouldBeEmpty();
        plan.Actions.ShouldContain(action => action is ReadMessages);
    }

    [Fact]
    public void APlanIsGoodWhateverTheSeedThePoolAndThePast() =>
        Gen.Select(Gen.ULong, Gen.Int[0, 600], Gen.Int[1, 12], Gen.Int[0, 500], Gen.Int[0, 40])
            .Sample((seed, channels, categories, follows, absent) =>
            {
                var pool = Some.PoolOf(channels, [.. Enumerable.Range(0, categories).Select(i => $"Category {i}")]);
                var joined = pool.All.Take(follows).Select(channel => Some.Follows(channel.Name.Value))
                    .Concat(Enumerable.Range(0, absent).Select(i => Some.Follows($"@absent{i}"))).ToList();
                var past = new Recollection(Some.Session, follows, follows, null, joined, []);

                // The check inside would throw.
                new BuiltinPlanner(new Seed(seed)).Make(new PlanRequest(past, pool, Some.Now), PlanOrigin.Builtin);
            }, iter: 1_000);

    [Fact]
    public void AChangedPoolIsUsedAtOnce()
    {
        Plan(Some.New(Some.PoolOf(50, "News")));

        ChannelsOf(Plan(Some.New(ChannelPool.VerifiedOnly)))
            .ShouldAllBe(name => ChannelPool.VerifiedOnly.Contains(name));
    }

    [Fact]
    public void APlanCostsLittleMemory()
    {
        var request = Some.Returning(null, "@durov", "@telegram");
        Plan(request);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Plan(request);

        ((GC.GetAllocatedBytesForCurrentThread() - before) / 1000).ShouldBeLessThan(600);
    }

    private Plan Plan(PlanRequest request) => planner.Make(request, PlanOrigin.Builtin);

    private static IEnumerable<ChannelName> Joins(Plan plan) =>
        plan.Actions.OfType<JoinChannel>().Select(join => join.Channel);

    private static IEnumerable<ChannelName> ChannelsOf(Plan plan) =>
        plan.Actions.Select(ActionJson.ChannelOf).OfType<ChannelName>();
}
