using HeatUp.Tests.Support;

namespace HeatUp.Tests.House;

/// <summary>What the library promises to its callers changes only on purpose.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public void ThePublicApiIsWhatWasApproved() =>
        Approved.Match("public-api.txt", ApiText.Of(typeof(Sittings).Assembly));
}
