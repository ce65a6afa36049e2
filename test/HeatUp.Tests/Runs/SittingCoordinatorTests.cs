using HeatUp.Runs;

namespace HeatUp.Tests.Runs;

public sealed class SittingCoordinatorTests : SittingCoordinatorContract
{
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void AHouseWithoutRoomIsRefused(int sittingsMax) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new SittingCoordinator(sittingsMax));

    protected override ValueTask<ISittingCoordinator> OpenAsync(int sittingsMax) =>
        new(new SittingCoordinator(sittingsMax));
}
