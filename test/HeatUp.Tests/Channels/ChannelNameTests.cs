using CsCheck;
using HeatUp.Channels;

namespace HeatUp.Tests.Channels;

public sealed class ChannelNameTests
{
    /// <summary>Good names: letters and digits in groups that single underscores join.</summary>
    private static readonly Gen<string> Good =
        from first in Gen.Char['a', 'z']
        from groups in Gen.String[Gen.Char.AlphaNumeric, 3, 7].Array[1, 4]
        select $"{first}{string.Join('_', groups)}";

    [Theory]
    [InlineData("durov")]
    [InlineData("@durov")]
    [InlineData("  @durov\t")]
    [InlineData("t.me/durov")]
    [InlineData("https://t.me/durov")]
    [InlineData("http://t.me/durov/")]
    [InlineData("HTTPS://T.ME/durov")]
    [InlineData("https://t.me/s/durov")]
    [InlineData("https://telegram.me/durov")]
    public void ANameIsReadInEveryWayThatPeopleWriteIt(string text) =>
        ChannelName.Parse(text).Value.ShouldBe("@durov");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("@abc")]
    [InlineData("@a23456789012345678901234567890123")]
    [InlineData("@1durov")]
    [InlineData("@_durov")]
    [InlineData("@durov_")]
    [InlineData("@du__rov")]
    [InlineData("@@durov")]
    [InlineData("@du rov")]
    [InlineData("@du-rov")]
    [InlineData("@dur\u200bov")]
    [InlineData("@дуров")]
    [InlineData("@durоv")] // the second o is Cyrillic
    [InlineData("https://durov")]
    [InlineData("https://example.com/durov")]
    [InlineData("https://t.me/durov/15")]
    [InlineData("https://t.me/+AbCdEfGhIjKlMnOp")]
    [InlineData("https://t.me/joinchat/AbCdEf")]
    [InlineData("t.me/@durov")]
    [InlineData("@t.me/durov")]
    public void WhatNamesNoChannelIsRefused(string? text) => ChannelName.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("@abcd")]
    [InlineData("@a2345678901234567890123456789012")]
    public void TheShortestAndTheLongestNameAreNames(string text) => ChannelName.Parse(text).Value.ShouldBe(text);

    [Fact]
    public void ParseSaysWhatIsNoName() =>
        Should.Throw<FormatException>(() => ChannelName.Parse("no name")).Message.ShouldContain("'no name'");

    [Fact]
    public void NamesThatDifferInCaseAreOneChannel() => Good.Sample(name =>
    {
        var (lower, upper) = (ChannelName.Parse(name.ToLowerInvariant()), ChannelName.Parse(name.ToUpperInvariant()));
        return lower == upper && lower.GetHashCode() == upper.GetHashCode() && lower.CompareTo(upper) == 0
            && !(lower < upper) && lower >= upper;
    });

    [Fact]
    public void TheCaseIsKeptForPeople() => ChannelName.Parse("MinisteroSalute").Value.ShouldBe("@MinisteroSalute");

    [Fact]
    public void WhatIsReadReadsTheSameAgain() => Good.Sample(name =>
        ChannelName.Parse(ChannelName.Parse(name).Value) == ChannelName.Parse($"https://t.me/{name}"));

    [Fact]
    public void TheOrderAgreesWithEquality() => Gen.Select(Good, Good).Sample(pair =>
    {
        var (a, b) = (ChannelName.Parse(pair.Item1), ChannelName.Parse(pair.Item2));
        return (a.CompareTo(b) == 0) == (a == b) && Math.Sign(a.CompareTo(b)) == -Math.Sign(b.CompareTo(a));
    });

    [Fact]
    public void AnUnderscoreComesAfterTheLetters() =>
        new[] { "b_aa", "bzaa", "B9aa", "baaa" }.Select(ChannelName.Parse).Order().Select(name => name.Value)
            .ShouldBe(["@B9aa", "@baaa", "@bzaa", "@b_aa"]);

    [Fact]
    public void AnyTextIsANameOrNot() => Gen.String.Sample(text =>
        ChannelName.TryParse(text, out var name) == (name.ToString().Length > 0));

    [Fact]
    public void TheDefaultNamesNoChannel()
    {
        default(ChannelName).ToString().ShouldBeEmpty();
        Should.Throw<InvalidOperationException>(() => default(ChannelName).Value);
    }
}
