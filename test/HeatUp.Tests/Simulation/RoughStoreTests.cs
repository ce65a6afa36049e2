using HeatUp.Sessions;
using HeatUp.Checking;
using HeatUp.Tests.Sessions;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Simulation;

/// <summary>The path's contract over the checker's store, in a world in which nothing goes wrong.</summary>
public sealed class RoughStoreTests : SittingStoreContract, IDisposable
{
    private readonly World world = new(new Seed(3));
    private readonly Dictionary<ISittingStore, Life> lives = [];

    public RoughStoreTests() => world.BeQuiet();

    public void Dispose() => world.Dispose();

    protected override Task<ISittingStore> StartAsync()
    {
        var life = new Life(lives.Count + 1, long.MaxValue, (_, _) => { });
        var store = new RoughStore(world, life, new ImpatientTime(Remembered.Noon, TimeSpan.FromMinutes(1)));
        lives[store] = life;
        return Task.FromResult<ISittingStore>(store);
    }

    protected override Task KillAsync(ISittingStore process)
    {
        lives[process].End();
        return Task.CompletedTask;
    }

    protected override Task PutToSleepAsync(ISittingStore process)
    {
        lives[process].IsAsleep = true;
        return Task.CompletedTask;
    }
}
