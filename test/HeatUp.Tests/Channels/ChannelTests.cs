using HeatUp.Channels;

namespace HeatUp.Tests.Channels;

public sealed class ChannelTests
{
    private static readonly ChannelName Name = ChannelName.Parse("@durov");

    [Fact]
    public void ItsTextsAreCleanWhereverTheyComeFrom()
    {
        var channel = new Channel(Name, $"a\u202eb\n{new string('c', 500)}", "Ne\u200bws", 5, null);

        channel.Description.ShouldStartWith("ab ccc");
        channel.Description.Length.ShouldBe(Channel.DescriptionLengthMax);
        channel.Category.ShouldBe("News");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \u200b ")]
    public void WithoutACategoryItIsOfNone(string? category) =>
        new Channel(Name, null, category, null, null).Category.ShouldBe(Channel.NoCategory);

    [Theory]
    [InlineData(-1L, null)]
    [InlineData(0L, 0L)]
    [InlineData(null, null)]
    public void ANegativeCountIsUnknown(long? said, long? kept) =>
        new Channel(Name, "", "News", said, null).Subscribers.ShouldBe(kept);

    [Theory]
    [InlineData("https://t.me/durov")]
    [InlineData("http://tgstat.example/channel/@durov?lang=en")]
    public void ALinkToTheWebIsKept(string url) => LinkOf(url).ShouldBe(url);

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,hello")]
    [InlineData("file:///etc/passwd")]
    [InlineData("tg://resolve?domain=durov")]
    [InlineData("t.me/durov")]
    [InlineData("https://user:secret@t.me/durov")]
    [InlineData("https://t.me/du rov")]
    [InlineData("https://t.me/\u202edurov")]
    [InlineData("https://")]
    [InlineData("")]
    public void AnythingElseIsNoLink(string url) => LinkOf(url).ShouldBeNull();

    [Fact]
    public void AVeryLongLinkIsNoLink() =>
        LinkOf($"https://t.me/{new string('a', Channel.UrlLengthMax)}").ShouldBeNull();

    [Fact]
    public void WhatHtmlWouldMisreadIsEscapedInALink() =>
        LinkOf("https://t.me/\"><script>").ShouldBe("https://t.me/%22%3E%3Cscript%3E");

    private static string? LinkOf(string url) => new Channel(Name, "", "News", null, url).TgstatUrl;
}
