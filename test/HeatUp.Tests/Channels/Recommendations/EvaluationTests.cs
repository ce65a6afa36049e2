using HeatUp.Channels.Recommendations;

namespace HeatUp.Tests.Channels.Recommendations;

public sealed class EvaluationTests
{
    [Fact]
    public void ItAgreesWithASlowAndPlainReckoning()
    {
        var ratings = Generated(users: 60, items: 140);

        var result = Evaluation.Of(ratings, lambda: 3, threadCount: 2);

        var plain = new PlainEvaluation(ratings, lambda: 3);
        result.Users.ShouldBe(plain.Users);
        result.Items.ShouldBe(plain.Items);
        (result.Training, result.Test).ShouldBe((plain.Training, plain.Test));
        foreach (var model in result.Models)
        {
            var expected = plain.QualityOf(model.Model);
            model.Recall20.ShouldBe(expected.Recall20, 1e-9, model.Model);
            model.Recall50.ShouldBe(expected.Recall50, 1e-9, model.Model);
            model.Ndcg20.ShouldBe(expected.Ndcg20, 1e-9, model.Model);
            model.Ndcg100.ShouldBe(expected.Ndcg100, 1e-9, model.Model);
            model.Covered.ShouldBe(expected.Covered, model.Model);
        }
    }

    [Fact]
    public void WhatGoesTogetherIsFoundBetterThanWhatIsPopular()
    {
        var result = Evaluation.Of(Generated(users: 200, items: 140), lambda: 10, threadCount: 1);

        result.Models.Select(model => model.Model).ShouldBe(["popularity", "item_knn", "ease"]);
        result.Models[2].Recall20.ShouldBeGreaterThan(1.5 * result.Models[0].Recall20);
        result.Models[2].Covered.ShouldBeGreaterThan(result.Models[0].Covered);
    }

    [Fact]
    public void AFifthOfEachUserIsHeldOutRoundedUp()
    {
        var ratings = from user in new[] { "a", "b" }
                      from item in Enumerable.Range(1, user == "a" ? 5 : 6)
                      select new Rating(user, $"{item}", 5, item);

        var result = Evaluation.Of([.. ratings], 1, 1);

        (result.Training, result.Test).ShouldBe((4 + 4, 1 + 2));
    }

    [Fact]
    public void OfEqualTimesTheHigherItemIsHeldOutByItsNumber()
    {
        // Item 10 is the last by its number, 9 by its text; what is left is all popular, so that 10 is found or not.
        var ratings = from user in new[] { "a", "b" }
                      from item in new[] { "10", "9", "8", "7", "2" }
                      select new Rating(user, item, 5, 0);

        var result = Evaluation.Of([.. ratings, .. Enumerable.Range(1, 5).Select(i => new Rating("c", i == 1 ? "9" : $"{i}", 5, i))], 1, 1);

        // Of a and b item 10 is held out, of c item 5; 9 is never.
        result.Test.ShouldBe(3);
        result.Models[0].Recall20.ShouldBe(1);
        result.Items.ShouldBe(8);
    }

    [Theory]
    [InlineData(0, "there is none")]
    [InlineData(1, "there is one")]
    public void TooFewUsersAreRefused(int users, string said) =>
        Should.Throw<RatingsException>(() => Evaluation.Of(
            [.. from user in Enumerable.Range(0, users)
                from item in Enumerable.Range(0, 9)
                select new Rating($"{user}", $"{item}", 5, item)], 1, 1)).Message.ShouldContain(said);

    [Fact]
    public void LowRatingsAndRepeatedOnesDoNotCount()
    {
        var ratings = Generated(users: 30, items: 40);

        var more = ratings.Concat(ratings.Select(rating => rating with { Time = rating.Time + 1e6 }))
            .Concat(Enumerable.Range(0, 40).Select(item => new Rating("0", $"low{item}", 3.5, item)));

        Evaluation.Of([.. more], 5, 1).Models.ShouldBe(Evaluation.Of(ratings, 5, 1).Models);
    }

    /// <summary>Users who like every third item of one of seven groups, and a few others, in some order.</summary>
    private static List<Rating> Generated(int users, int items)
    {
        var ratings = new List<Rating>();
        for (var user = 0; user < users; user++)
        {
            var rng = new Seed(77).Fork(user).ToRng();
            for (var item = 0; item < items; item++)
                if (rng.Chance(item % 7 == user % 7 ? 0.6 : 0.05))
                    ratings.Add(new Rating($"{user}", $"{item}", rng.Between(3, 5), rng.Next(40)));
        }
        return ratings;
    }
}
