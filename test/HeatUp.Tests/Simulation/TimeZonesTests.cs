using HeatUp.Simulations;

namespace HeatUp.Tests.Simulation;

public sealed class TimeZonesTests
{
    private static readonly DateTimeOffset Winter = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("UTC", "00:00")]
    [InlineData("UTC+0", "00:00")]
    [InlineData("UTC+3", "03:00")]
    [InlineData("UTC+03:00", "03:00")]
    [InlineData("UTC-03:30", "-03:30")]
    [InlineData("UTC+5:45", "05:45")]
    [InlineData("UTC+14", "14:00")]
    [InlineData("UTC-14:00", "-14:00")]
    [InlineData("Europe/Moscow", "03:00")]
    [InlineData("Europe/Berlin", "01:00")]
    [InlineData("America/Argentina/Buenos_Aires", "-03:00")]
    [InlineData("Etc/GMT+3", "-03:00")]
    public void AZoneIsFoundByItsName(string name, string offset)
    {
        TimeZones.TryFind(name, out var zone).ShouldBeTrue();

        zone.GetUtcOffset(Winter).ShouldBe(TimeSpan.Parse(offset));
    }

    [Fact]
    public void AnIanaZoneHasItsSummerTime()
    {
        TimeZones.TryFind("Europe/Berlin", out var zone).ShouldBeTrue();

        zone.GetUtcOffset(Winter.AddMonths(6)).ShouldBe(TimeSpan.FromHours(2));
    }

    [Theory]
    [InlineData("")]
    [InlineData("utc")]
    [InlineData("UTC3")]
    [InlineData("UTC+")]
    [InlineData("UTC+15")]
    [InlineData("UTC-14:01")]
    [InlineData("UTC+3:5")]
    [InlineData("UTC+03:60")]
    [InlineData("UTC+003")]
    [InlineData("UTC++3")]
    [InlineData("UTC +3")]
    [InlineData("UTC+1.05")]
    [InlineData("Europe/Moskow")]
    [InlineData("Europe/")]
    [InlineData("Europe")]
    [InlineData("europe/berlin")]
    [InlineData("Russian Standard Time")]
    [InlineData("localtime")]
    [InlineData("posix/Europe/Berlin")]
    [InlineData("../../../etc/localtime")]
    [InlineData("/etc/localtime")]
    [InlineData("Europe\0Berlin")]
    public void WhatIsNoneIsNotFound(string name)
    {
        TimeZones.TryFind("Europe/Berlin", out _).ShouldBeTrue(); // what was found before must not matter

        TimeZones.TryFind(name, out var zone).ShouldBeFalse();

        zone.ShouldBeNull();
    }

    [Fact]
    public void WhereSessionsLiveUnlessItIsSaidNeedsNoTimeZoneData() =>
        Population.ZonesDefault.ShouldAllBe(zone => zone.Zone.StartsWith("UTC") && Exists(zone.Zone));

    private static bool Exists(string zone) => TimeZones.TryFind(zone, out _);
}
