using HeatUp.Channels;
using HeatUp.Sessions;
using HeatUp.Simulations;
using HeatUp.Tests.Sessions;

namespace HeatUp.Tests.Simulation;

/// <summary>The path's contract over the memory of a simulation, whose one process knows what it holds.</summary>
public sealed class ShardMemoryTests : SittingStoreContract
{
    private readonly ShardMemory memory = new(ChannelPool.VerifiedOnly, TimeProvider.System);

    protected override Task<ISittingStore> StartAsync() => Task.FromResult<ISittingStore>(memory);

    protected override Task KillAsync(ISittingStore process) => Task.CompletedTask;

    protected override Task PutToSleepAsync(ISittingStore process) => Task.CompletedTask;

    protected override SessionId Session(int number) => Population.NameOf(number);
}
