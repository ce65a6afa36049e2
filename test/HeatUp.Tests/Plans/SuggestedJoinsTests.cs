using HeatUp.Channels;
using HeatUp.Plans;

namespace HeatUp.Tests.Plans;

public sealed class SuggestedJoinsTests
{
    private static readonly ChannelPool Pool = Some.PoolOf(300, "News", "Science", "Sports");

    [Fact]
    public async Task MostJoinsFollowASuggestionAndSomeExplore()
    {
        var suggested = Pool.All.Take(10).Select(channel => channel.Name).ToList();

        var joins = await JoinsAsync(suggested);

        var share = (double)joins.Count(suggested.Contains) / joins.Count;
        share.ShouldBeInRange(0.6, 0.9);
    }

    [Fact]
    public async Task WithoutSuggestionsNothingIsDifferent() =>
        (await JoinsAsync([])).ShouldBe(await JoinsAsync([ChannelName.Parse("@not_there")]));

    [Fact]
    public async Task WhatIsFollowedAlreadyIsNotJoinedThoughSuggested()
    {
        var planner = new BuiltinPlanner(Some.Seed);
        for (var sitting = 0; sitting < 100; sitting++)
        {
            var request = Some.Returning(Pool, "@channel0001", "@channel0002") with
            {
                Suggested = [ChannelName.Parse("@channel0001"), ChannelName.Parse("@Channel0002")],
            };
            var plan = await planner.PlanAsync(
                request with { Past = request.Past with { Sittings = sitting } }, TestContext.Current.CancellationToken);
            plan.Actions.OfType<JoinChannel>().ShouldNotContain(join => request.Past.HasJoined(join.Channel));
        }
    }

    private static async Task<List<ChannelName>> JoinsAsync(IReadOnlyList<ChannelName> suggested)
    {
        var planner = new BuiltinPlanner(Some.Seed);
        var joins = new List<ChannelName>();
        for (var i = 0; i < 200; i++)
        {
            var plan = await planner.PlanAsync(
                Some.New(Pool, $"s{i}") with { Suggested = suggested }, TestContext.Current.CancellationToken);
            joins.AddRange(plan.Actions.OfType<JoinChannel>().Select(join => join.Channel));
        }
        return joins;
    }
}
