using CsCheck;
using HeatUp.Channels;

namespace HeatUp.Tests.Channels;

public sealed class ChannelPoolTests
{
    [Fact]
    public void TheVerifiedChannelsAreAlwaysThere() =>
        ChannelPool.VerifiedOnly.All.Select(channel => channel.Name.Value).ShouldBe(["@durov", "@telegram"]);

    [Fact]
    public void EachChannelIsThereOnceWhateverItsCase()
    {
        var pool = ChannelPool.Of([Of("@News_one", "first"), Of("@news_ONE", "second"), Of("@DUROV", "by the file")]);

        pool.All.Select(channel => channel.Name.Value).ShouldBe(["@DUROV", "@News_one", "@telegram"]);
        pool.Find(ChannelName.Parse("NEWS_one"))!.Description.ShouldBe("first");
        pool.Find(ChannelName.Parse("durov"))!.Description.ShouldBe("by the file");
    }

    [Fact]
    public void TheOrderOfTheSourceMakesNoDifference()
    {
        var channels = Enumerable.Range(0, 50).Select(i => Of($"@channel{i}", "")).ToArray();
        var hash = ChannelPool.Of(channels).Hash;

        Gen.Shuffle(channels).Sample(shuffled => ChannelPool.Of(shuffled).Hash == hash);
    }

    [Fact]
    public void PoolsThatSayDifferentThingsHaveDifferentHashes()
    {
        Channel plain = new(ChannelName.Parse("@channel"), "d", "News", 5, null);
        Channel[] others =
        [
            plain, new(plain.Name, "e", "News", 5, null), new(plain.Name, "d", "Music", 5, null),
            new(plain.Name, "d", "News", null, null), new(plain.Name, "d", "News", 5, "https://t.me/channel"),
            new(ChannelName.Parse("@Channel"), "d", "News", 5, null),
        ];

        others.Select(channel => ChannelPool.Of([channel]).Hash).Distinct().Count().ShouldBe(others.Length);
    }

    [Fact]
    public void AChannelThatIsNotInItIsNotFound()
    {
        ChannelPool.VerifiedOnly.Contains(ChannelName.Parse("@elsewhere")).ShouldBeFalse();
        ChannelPool.VerifiedOnly.Find(ChannelName.Parse("@elsewhere")).ShouldBeNull();
        ChannelPool.VerifiedOnly.Contains(default).ShouldBeFalse();
    }

    [Fact]
    public void ItsCategoriesAreThoseThatOccur() =>
        ChannelPool.Of([Of("@sports", "", "Sports"), Of("@music", "", "Music"), Of("@music2", "", "Music")])
            .Categories.ShouldBe(["Music", "Sports", "Technology"]);

    private static Channel Of(string name, string description, string category = "News") =>
        new(ChannelName.Parse(name), description, category, null, null);
}
