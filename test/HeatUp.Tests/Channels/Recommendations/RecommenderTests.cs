using HeatUp.Channels;
using HeatUp.Channels.Recommendations;
using HeatUp.Tests.Plans;

namespace HeatUp.Tests.Channels.Recommendations;

public sealed class RecommenderTests
{
    private static readonly ChannelPool Pool = ChannelPool.Of(
    [
        Some.Channel("@stars", "Science", subscribers: 900_000),
        Some.Channel("@atoms", "Science", subscribers: 10_000),
        Some.Channel("@cells", "Science", subscribers: 10_000),
        Some.Channel("@goals", "Sports", subscribers: 800_000),
        Some.Channel("@races", "Sports"),
    ]);

    [Fact]
    public void WhatOthersFollowTooComesFirstAndSaysWhy()
    {
        var recommender = Knowing(("a", "@stars @atoms @races"), ("b", "@stars @atoms @races"), ("c", "@goals @cells"),
            ("d", "@goals @durov"));

        var best = recommender.Recommend(Follows("@stars", "@atoms"), Pool, 3);

        best[0].Channel.ShouldBe(ChannelName.Parse("@races"));
        best[0].Reason.ShouldBe("Sessions that follow @atoms and @stars also follow it.");
        best.Select(one => one.Score).ShouldBeInOrder(SortDirection.Descending);
    }

    [Fact]
    public void ANewSessionGetsTheBestKnown()
    {
        var best = new Recommender().Recommend(Taste.Unknown, Pool, 2);

        best.Select(one => one.Channel.Value).ShouldBe(["@stars", "@goals"]);
        best[0].Reason.ShouldBe("One of the best known in Science, for a session of which little is known.");
    }

    [Fact]
    public void WithoutAModelItsCategoriesDecide()
    {
        var best = new Recommender().Recommend(Follows("@races"), Pool, 1);

        best[0].Channel.Value.ShouldBe("@goals");
        best[0].Reason.ShouldBe("One of the best known in Sports, which this session reads most.");
    }

    [Fact]
    public void WhatItReadCountsAsTasteAndMayBeRecommended()
    {
        var taste = new Taste([], [ChannelName.Parse("@goals")]);

        var best = new Recommender().Recommend(taste, Pool, 1);

        best[0].Channel.Value.ShouldBe("@goals");
    }

    [Fact]
    public void NothingJoinedAndNothingOutsideThePoolIsRecommended()
    {
        var recommender = Knowing(("a", "@stars @elsewhere"), ("b", "@stars @elsewhere @Atoms"));

        var best = recommender.Recommend(Follows("@STARS", "@outside_too"), Pool, 100);

        best.Select(one => one.Channel.Value).Order(StringComparer.Ordinal)
            .ShouldBe(["@atoms", "@cells", "@durov", "@goals", "@races", "@telegram"]);
    }

    [Fact]
    public void EqualsComeInCanonicalOrder()
    {
        var pool = Some.PoolOf(30, "News");

        new Recommender().Recommend(Taste.Unknown, pool, 100).Select(one => one.Channel)
            .ShouldBe(pool.All.Select(channel => channel.Name));
    }

    [Fact]
    public void WhoFollowsAllGetsNothing() =>
        new Recommender().Recommend(new Taste([.. Pool.All.Select(channel => channel.Name)], []), Pool, 10)
            .ShouldBeEmpty();

    [Fact]
    public void TheSameInteractionsInAnyOrderAndOnAnyThreadsMakeTheSameModel()
    {
        var pairs = (from session in Enumerable.Range(0, 120)
                     from channel in Enumerable.Range(0, 200)
                     where new Seed(5).Fork(session).Fork(channel).ToRng().Chance(channel % 5 == session % 5 ? 0.3 : 0.02)
                     select ($"s{session}", ChannelName.Parse($"@channel{channel:0000}"))).ToList();
        var pool = Some.PoolOf(220, "News", "Science");
        var (one, other) = (new Interactions(), new Interactions());
        foreach (var (session, channel) in pairs) one.Add(session, channel);
        foreach (var (session, channel) in pairs.AsEnumerable().Reverse().Concat(pairs)) other.Add(session, channel);
        var models = new[] { RecommendationModel.Of(one, 1), RecommendationModel.Of(other, 5) };
        var taste = Follows("@channel0005", "@channel0010", "@channel0015");

        var answers = models.Select(model => new Recommender { Model = model }.Recommend(taste, pool, 50)).ToList();

        answers[1].ShouldBe(answers[0]);
        models[1].Lambda.ShouldBe(models[0].Lambda);
        answers[0].Take(10).Count(best => int.Parse(best.Channel.Value[^4..]) % 5 == 0).ShouldBeGreaterThan(6);
    }

    [Fact]
    public void ANewModelAnswersFromTheNextQuestionOn()
    {
        var recommender = new Recommender();
        recommender.Recommend(Follows("@cells"), Pool, 1)[0].Channel.Value.ShouldBe("@stars");

        recommender.Model = Knowing(("a", "@cells @races"), ("b", "@cells @races"), ("c", "@cells @races"),
            ("d", "@stars"), ("e", "@stars")).Model;

        recommender.Recommend(Follows("@cells"), Pool, 1)[0].Channel.Value.ShouldBe("@races");
    }

    private static Taste Follows(params string[] names) => new([.. names.Select(ChannelName.Parse)], []);

    private static Recommender Knowing(params (string Session, string Channels)[] sessions)
    {
        var interactions = new Interactions();
        foreach (var (session, channels) in sessions)
            foreach (var channel in channels.Split(' '))
                interactions.Add(session, ChannelName.Parse(channel));
        return new Recommender { Model = RecommendationModel.Of(interactions, 1) };
    }
}
