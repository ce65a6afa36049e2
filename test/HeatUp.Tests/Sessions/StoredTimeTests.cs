using System.Text;
using CsCheck;
using HeatUp.Sessions;

namespace HeatUp.Tests.Sessions;

public sealed class StoredTimeTests
{
    private static readonly Gen<DateTimeOffset> Time = Gen.Long[DateTimeOffset.MinValue.Ticks, DateTimeOffset.MaxValue.Ticks]
        .Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

    [Fact]
    public void WhatIsWrittenIsReadToTheMicrosecond() => Time.Sample(time =>
    {
        var text = Encoding.ASCII.GetBytes(StoredTime.Text(time));

        StoredTime.TryReadUsual(text, out var ticks).ShouldBeTrue();
        ticks.ShouldBe(StoredTime.Kept(time).Ticks);
        text.Length.ShouldBe(StoredTime.Length);
    });

    [Fact]
    public void ABoundLiesBetweenWhatIsEarlierAndWhatIsNot() => Gen.Select(Time, Time).Sample((one, other) =>
    {
        var bound = StoredTime.Bound(one);
        var isEarlier = StoredTime.Kept(other) < StoredTime.Kept(one);

        (string.CompareOrdinal(StoredTime.Text(other), bound) < 0).ShouldBe(isEarlier);
        (string.CompareOrdinal(StoredTime.TextWithoutZeros(one), bound) < 0).ShouldBeFalse();
        (string.CompareOrdinal(StoredTime.Text(one), bound) < 0).ShouldBeFalse();
    });

    [Theory]
    [InlineData("2024-01-10 12:34:56", true)]
    [InlineData("2024-01-10 12:34:56.123456", true)]
    [InlineData("2024-02-30 12:34:56", true)]
    [InlineData("2024-01-10 12:34:56.12345x", false)]
    [InlineData("2024-01-10 12:34:56,123456", false)]
    [InlineData("2024-01-10T12:34:56", false)]
    [InlineData("2024-01-1O 12:34:56", false)]
    [InlineData("", false)]
    public void TwoFormsAreUsual(string text, bool isUsual) =>
        StoredTime.TryReadUsual(Encoding.ASCII.GetBytes(text), out _).ShouldBe(isUsual);

    [Theory]
    [InlineData("2024-02-30 12:34:56")]
    [InlineData("0000-01-01 00:00:00")]
    [InlineData("12:00")]
    [InlineData("now")]
    [InlineData("1704887696")]
    public void WhatIsNoTimeIsNotRead(string text) =>
        StoredTime.TryRead(Encoding.ASCII.GetBytes(text), out _).ShouldBeFalse();
}
