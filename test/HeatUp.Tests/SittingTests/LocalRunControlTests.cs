using HeatUp.Channels;
using HeatUp.Runs.Sandbox;
using HeatUp.Runs;
using HeatUp.Sessions.Sqlite;
using HeatUp.Tests.Sessions;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static HeatUp.Tests.SittingTests.SittingsWorld;

namespace HeatUp.Tests.SittingTests;

/// <summary>Runs of the very process that is asked.</summary>
public sealed class LocalRunControlTests : TwoProcessesContract
{
    protected override Process Runner => Asked;

    [Fact]
    public async Task ARunIsCancelledAtItsNextStepsEdge()
    {
        var run = await RunningAsync();

        var cancelling = Runs.CancelAsync(run, Cancellation).AsTask();
        await Clock.RunWithThreadsAsync(cancelling);
        var answer = await cancelling;

        answer.Kind.ShouldBe(CancelStatus.Cancelled);
        answer.Run.ShouldNotBeNull().Status.ShouldBe(RunStatus.Cancelled);
    }
}

/// <summary>Runs of another process on the same database.</summary>
public sealed class RunControlOfAnotherProcessTests : TwoProcessesContract
{
    protected override Process Runner => Other;

    [Fact]
    public async Task ARunCannotBeCancelledFromHere()
    {
        var run = await RunningAsync();

        (await Runs.CancelAsync(run, Cancellation)).Kind.ShouldBe(CancelStatus.Elsewhere);
    }
}

/// <summary>Two processes on one database, of which one is asked.</summary>
public abstract class TwoProcessesContract : RunControlContract, IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private readonly Dictionary<RunId, Task> running = [];

    protected internal sealed record Process(SqliteSessionStore Store, object PathOrNull)
    {
        internal SittingPath Path => (SittingPath)PathOrNull;
    }

    protected FakeTimeProvider Clock { get; } = FakeTime.AtNoon();

    protected Process Asked { get; private set; } = null!;

    protected Process Other { get; private set; } = null!;

    protected abstract Process Runner { get; }

    protected override IRunControl Runs =>
        new LocalRunControl(Asked.Path.Claims, Asked.Path.Runs, Asked.Store, Clock);

    [Fact]
    public async Task WhoWatchesAProcessThatStopsIsLetGoWithoutAnEnd()
    {
        var run = await RunningAsync();
        var watching = WatchAsync(run, 0);

        await PassAsync(Asked.Path.Runs.StopAsync());

        (await watching).ShouldAllBe(heard => heard.All(char.IsDigit), "the run goes on with whoever takes it over");
    }

    public async ValueTask InitializeAsync() => (Asked, Other) = (await StartAsync(), await StartAsync());

    public async ValueTask DisposeAsync()
    {
        await Clock.RunWithThreadsAsync(Task.WhenAll(Asked.Path.Runs.StopAsync(), Other.Path.Runs.StopAsync()));
        await Asked.Store.DisposeAsync();
        await Other.Store.DisposeAsync();
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected override async Task<RunId> RunningAsync()
    {
        var start = await Runner.Path.Sittings.StartAsync(Alice, Cancellation);
        var sitting = start.ShouldBeOfType<SittingStart.Started>().Sitting;
        running[sitting.Id] = Runner.Path.Sittings.RunAsync(sitting);
        while (sitting.Snapshot().Steps.Count == 0)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
        return sitting.Id;
    }

    protected override Task FinishAsync(RunId run) => PassAsync(running[run]);

    protected override Task PassAsync(Task done) => Clock.RunWithThreadsAsync(done);

    private async Task<Process> StartAsync()
    {
        var store = await SqliteSessionStore.OpenAsync(
            folder.File("sessions.db"), TelegramMode.Sandbox, Clock, NullLogger.Instance, Cancellation);
        var sandbox = new SandboxTelegram(
            () => ChannelPool.VerifiedOnly, Clock, Pace.Real, new Seed(7), SandboxFaults.None);
        var runner = new Runner(sandbox, Clock, Pace.Real, new Seed(7));
        return new Process(store, new SittingPath(store, new ScriptedPlanner(_ => FourActions), runner, Clock));
    }
}
