using HeatUp.Runs;
using HeatUp.Sessions;
using HeatUp.Tests.Sessions;
using static HeatUp.Tests.Sessions.Remembered;

namespace HeatUp.Tests.SittingTests;

/// <summary>What everybody keeps who finds runs, whoever runs them. A subclass says where they run.</summary>
public abstract class RunControlContract
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract IRunControl Runs { get; }

    /// <summary>A sitting that goes on in reach of the control, after its first step.</summary>
    protected abstract Task<RunId> RunningAsync();

    /// <summary>Lets time pass until the run is over.</summary>
    protected abstract Task FinishAsync(RunId run);

    /// <summary>Lets time pass until something is done.</summary>
    protected abstract Task PassAsync(Task done);

    [Fact]
    public async Task ARunIsFoundWhileItGoesOnAndAfterItsEnd()
    {
        var run = await RunningAsync();

        var running = (await Runs.FindAsync(run, Cancellation)).ShouldNotBeNull();
        await FinishAsync(run);
        var ended = (await Runs.FindAsync(run, Cancellation)).ShouldNotBeNull();

        (running.Status, running.Steps.Count).ShouldBe((RunStatus.Running, 1));
        (ended.Status, ended.Steps.Count).ShouldBe((RunStatus.Completed, 4));
    }

    [Fact]
    public async Task WhoWatchesHearsOfEachStepOnceAndOfTheEnd()
    {
        var run = await RunningAsync();
        var watching = WatchAsync(run, 0);
        var watchingTheRest = WatchAsync(run, 1);

        await FinishAsync(run);
        await PassAsync(watching);
        await PassAsync(watchingTheRest);

        (await watching).ShouldBe(["1", "2", "3", "4", "Completed"]);
        (await watchingTheRest).ShouldBe(["2", "3", "4", "Completed"]);
        (await WatchAsync(run, 2)).ShouldBe(["3", "4", "Completed"], "also when it is over");
    }

    [Fact]
    public async Task AnUnknownRunIsNeitherFoundNorWatchedNorCancelled()
    {
        var unknown = RunId.For(new Seed(99), Alice, 1, Noon);

        (await Runs.FindAsync(unknown, Cancellation)).ShouldBeNull();
        (await WatchAsync(unknown, 0)).ShouldBeEmpty();
        (await Runs.CancelAsync(unknown, Cancellation)).ShouldBe(new CancelResult(CancelStatus.NotFound, null));
    }

    [Fact]
    public async Task ARunThatIsOverCannotBeCancelled()
    {
        var run = await RunningAsync();
        await FinishAsync(run);

        var answer = await Runs.CancelAsync(run, Cancellation);

        answer.Kind.ShouldBe(CancelStatus.EndedBefore);
        answer.Run.ShouldNotBeNull().Status.ShouldBe(RunStatus.Completed);
    }

    protected async Task<List<string>> WatchAsync(RunId run, int afterStep)
    {
        var heard = new List<string>();
        await foreach (var happening in Runs.WatchAsync(run, afterStep, Cancellation))
        {
            if (happening is RunEvent.StepEnded(var step)) heard.Add($"{step.Number}");
            if (happening is RunEvent.RunEnded(var end)) heard.Add($"{end.Status}");
        }
        return heard;
    }
}
