using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Plans;

public sealed class RecollectionTests
{
    private static readonly ChannelName Old = ChannelName.Parse("@old_one");
    private static readonly ChannelName Left = ChannelName.Parse("@left_one");
    private static readonly ChannelName New = ChannelName.Parse("@new_one");

    [Fact]
    public void WhatIsFollowedIsWhatTheAccountSaysWithWhatIsRememberedOfIt()
    {
        var since = FakeTime.Noon.AddDays(-9);
        var past = Recollection.OfNobody(SessionId.Parse("alice")) with
        {
            Joined = [new(Left, since, null), new(Old, since, FakeTime.Noon.AddDays(-1))],
        };

        past.WithFollowed([New, Old], FakeTime.Noon).Joined.ShouldBe(
            [new(Old, since, FakeTime.Noon.AddDays(-1)), new(New, FakeTime.Noon, null)]);
    }
}
