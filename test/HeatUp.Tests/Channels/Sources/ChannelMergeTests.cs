using HeatUp.Channels;
using HeatUp.Channels.Sources;

namespace HeatUp.Tests.Channels.Sources;

public sealed class ChannelMergeTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Before = Noon.AddDays(-40);

    [Fact]
    public void ANewChannelSaysWhereItCameFromAndWhen()
    {
        var merge = Merge([], Part("News", Ch("@nytimes", "News")));

        merge.Entries.ShouldBe([new(Ch("@nytimes", "News")) { Source = "tgstat", AddedAt = Noon }]);
        merge.Parts.Single().New.Select(name => name.Value).ShouldBe(["@nytimes"]);
    }

    [Fact]
    public void WhatCameFromTheSourceIsBroughtUpToDateAndKeepsTheRest()
    {
        var old = Own(Ch("@nytimes", "News", "old", 1)) with { Check = new(Before), OtherFields = "\"mine\": 1" };

        var merge = Merge([old], Part("News", Ch("@NYTIMES", "News", "new", 2)));

        merge.Entries.ShouldBe([old with { Channel = Ch("@nytimes", "News", "new", 2) }]);
        merge.Entries[0].Channel.Name.Value.ShouldBe("@nytimes");
        merge.Parts.Single().Changed.Single().Fields.ShouldBe(["description", "subscribers"]);
    }

    [Fact]
    public void WhatIsNotKnownNowDoesNotReplaceWhatWas()
    {
        var old = Own(Ch("@nytimes", "News", "old", 1));

        var merge = Merge([old], Part("News", Ch("@nytimes", "News", "", null)));

        merge.Entries.ShouldBe([old]);
        merge.Parts.Single().Changed.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("import:mine.csv")]
    public void OfWhatOthersWroteOnlyGapsAreFilled(string? source)
    {
        var written = new ListedChannel(Ch("@nytimes", "Papers", "mine")) { Source = source };
        var empty = new ListedChannel(Ch("@guardian", null, "", 5)) { Source = source };

        var merge = Merge([written, empty], Part("News", Ch("@nytimes", "News", "other", 7), Ch("@guardian", "News", "The G", 6)));

        merge.Entries.Select(entry => entry.Channel)
            .ShouldBe([Ch("@nytimes", "Papers", "mine", 7), Ch("@guardian", "News", "The G", 5)]);
        merge.Entries.ShouldAllBe(entry => entry.Source == source);
    }

    [Fact]
    public void WhatIsNotFoundAnyMoreIsToldAndStays()
    {
        var mine = new ListedChannel(Ch("@by_hand", "News"));
        var (gone, other) = (Own(Ch("@gone_one", "News")), Own(Ch("@other_one", "Music")));

        var merge = Merge([mine, gone, other], Part("News", Ch("@nytimes", "News")));

        merge.Entries.Take(3).ShouldBe([mine, gone, other]);
        merge.Parts.Single().NotFound.Select(name => name.Value).ShouldBe(["@gone_one"]);
    }

    [Fact]
    public void APartThatFailedChangesNothingAndMissesNobody()
    {
        var entry = Own(Ch("@nytimes", "News"));

        var merge = Merge([entry], new SourcePart("News", [], [], "It failed."));

        merge.Entries.ShouldBe([entry]);
        merge.Parts.Single().NotFound.ShouldBeEmpty();
    }

    [Fact]
    public void AChannelOfTwoCategoriesStaysInTheFirstThatItHad()
    {
        var (news, music) = (Ch("@both_of", "News"), Ch("@both_of", "Music"));
        var first = Merge([], Part("News", news), Part("Music", music)).Entries;
        first.Single().Channel.Category.ShouldBe("News");

        Merge(first, Part("Music", music)).Entries.ShouldBe(first);
        Merge(first, Part("Music", music), Part("News", news)).Entries.ShouldBe(first);

        var left = Merge(first, Part("News"), Part("Music", music));
        left.Entries.Single().Channel.Category.ShouldBe("Music");
        left.Parts[1].Changed.Single().Fields.ShouldBe(["category"]);
    }

    private static ChannelMerge Merge(IReadOnlyList<ListedChannel> entries, params SourcePart[] parts) =>
        ChannelMerge.Of(entries, "tgstat", parts, Noon);

    private static SourcePart Part(string title, params Channel[] channels) => new(title, channels, []);

    private static ListedChannel Own(Channel channel) => new(channel) { Source = "tgstat", AddedAt = Before };

    private static Channel Ch(string name, string? category, string about = "About it.", long? subscribers = null) =>
        new(ChannelName.Parse(name), about, category, subscribers, null);
}
