using HeatUp.Testing.Lists;

namespace HeatUp.Tests.Channels.Sources.Lists;

/// <summary>Lists that were damaged on the way.</summary>
public sealed class DamagedListsTests
{
    private const int Count = 3_000;

    [Fact]
    public async Task NoDamageMakesAnExceptionOrAWrongName()
    {
        for (var i = 0; i < Count; i++)
            (await ListTrial.RunAsync(new Seed(7).Fork(i))).Fault.ShouldBeNull($"list {i}");
    }

    [Fact]
    public void DamageIsTheSameForTheSameSeed() =>
        ListMutations.Of(new Seed(7)).Bytes.ShouldBe(ListMutations.Of(new Seed(7)).Bytes);
}
