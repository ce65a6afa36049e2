using System.Text;
using HeatUp.Channels.Recommendations;

namespace HeatUp.Tests.Channels.Recommendations;

public sealed class RatingsFileTests
{
    [Theory]
    [InlineData("7\t42\t4.5\t881250949\n")]
    [InlineData("user_id:token\titem_id:token\trating:float\ttimestamp:float\n7\t42\t4.5\t881250949")]
    [InlineData("\uFEFFuser\titem\trating\ttime\r\n7\t42\t4.5\t881250949\r\n\r\n")]
    [InlineData("\uFEFF7\t42\t4.5\t8.81250949e8\n")]
    public void AFileIsReadWithOrWithoutAHeaderOrAMark(string text) =>
        Read(text).ShouldBe([new Rating("7", "42", 4.5, 881_250_949)]);

    [Theory]
    [InlineData("", "no rating")]
    [InlineData("\n\n", "no rating")]
    [InlineData("user\titem\trating\ttime\n", "no rating")]
    [InlineData("1\t2\t3\t4\n1 2 3 4\n", "Line 2: it has 1 column, not 4")]
    [InlineData("1\t2\t3\n", "Line 1: it has 3 columns, not 4")]
    [InlineData("1\t2\t3\t4\t5\n", "Line 1: it has 5 columns")]
    [InlineData("1\t2\tNaN\t4\n", "Line 1: the rating must be a number, not 'NaN'")]
    [InlineData("1\t2\t5\t4\n\n1\t2\tgood\t4\n", "Line 3: the rating must be a number, not 'good'")]
    [InlineData("1\t2\t5\t-Infinity\n", "Line 1: the unix time must be a number")]
    [InlineData("1\t2\t5\tyesterday\n", "Line 1: the unix time must be a number, not 'yesterday'")]
    [InlineData("\t2\t5\t4\n", "Line 1: the user is missing")]
    [InlineData("1\t \t5\t4\n", "Line 1: the item is missing")]
    [InlineData("a\tb\tc\td\na\tb\tc\td\n", "Line 2: the rating must be a number")]
    public void WhatIsWrongIsSaidWithItsLine(string text, string said) =>
        Should.Throw<RatingsException>(() => Read(text)).Message.ShouldContain(said);

    [Fact]
    public void WhatIsNoTextIsRefused() =>
        Should.Throw<RatingsException>(() => RatingsFile.Read(new MemoryStream([0x31, 0xFF, 0xFE, 0x0A])))
            .Message.ShouldContain("UTF-8");

    private static IReadOnlyList<Rating> Read(string text) =>
        RatingsFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)));
}
