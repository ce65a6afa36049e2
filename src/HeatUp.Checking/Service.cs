using HeatUp.Plans;
using HeatUp.Plans.Llm;
using HeatUp.Runs;
using HeatUp.Sessions;
using Microsoft.Extensions.Logging.Abstractions;

namespace HeatUp.Checking;

/// <summary>
/// One process of the service: the path as it ships on the seams that are watched, what takes up the runs that earlier
/// processes left, and the answers to requests.
/// </summary>
internal sealed class Service
{
    private readonly World world;
    private readonly Life life;
    private readonly LifeClock clock;
    private readonly PathParts parts;
    private readonly Sittings sittings;
    private readonly RunWriter runs;
    private readonly LeftOpenRuns leftOpen;

    public Service(World world, Life life, PathParts parts)
    {
        (this.world, this.life, this.parts) = (world, life, parts);
        clock = new LifeClock(life, world.Machine);
        var store = new WatchedStore(world, life, parts.Store(new RoughStore(world, life, clock)));
        var telegram = new WatchedTelegram(world, life, new RoughTelegram(world, life));
        var (asking, claims, log) = (parts.Asking(store), parts.Claims(), NullLogger<Sittings>.Instance);
        var planner = new WatchedPlanner(world, life, parts.Planner(Planner()));
        runs = new RunWriter(asking, claims, clock, log);
        leftOpen = new LeftOpenRuns(asking, claims, runs, clock, log);
        sittings = new Sittings(
            asking,
            new Planning(planner, () => world.Circumstances.Pool, clock),
            new Runner(parts.Telegram(telegram), clock, Pace.Real, world.Seed),
            claims,
            runs,
            clock,
            world.Seed,
            log);
    }

    /// <summary>How many requests wait for their answer.</summary>
    public int Waiting { get; private set; }

    /// <summary>Whether a stop has been asked for.</summary>
    public bool IsStopping { get; private set; }

    public Life Life => life;

    /// <summary>
    /// Takes up at once, and every so often, what others left: as the service does it in the background.
    /// </summary>
    public async Task TakeUpAsync()
    {
        while (parts.Resumes && !life.IsOver)
        {
            try
            {
                foreach (var (run, sitting) in await leftOpen.ResumeAsync()) TakeUp(run, sitting);
            }
            catch (StoreException failure)
            {
                // Tried again next time.
                world.Journal.Tell($"nothing taken up: {failure.Message}");
            }
            life.IsResuming = false;
            await Task.Delay(world.Circumstances.ResumeEvery, clock);
        }
    }

    /// <summary>Answers a request for a sitting, and lets it run. The sitting if it has begun, else null.</summary>
    public async Task<Sitting?> RequestAsync(SessionId session, CancellationToken cancellation)
    {
        if (life.IsOver) return null;
        world.Journal.Count(Exercised.Request);
        Waiting++;
        var sitting = await StartAsync(session, cancellation);
        Waiting--;
        if (sitting is not null) Run(sitting);
        return sitting;
    }

    /// <summary>Stops in order: what runs goes on in the next process.</summary>
    public async Task StopAsync()
    {
        if (life.IsOver || IsStopping) return;
        IsStopping = true;
        world.Journal.Count(Exercised.Stop);
        world.Journal.Tell($"process {life.Number} stops");
        await runs.StopAsync();
        world.Journal.Tell($"process {life.Number} has stopped");
        life.End();
    }

    private IPlanner Planner()
    {
        var builtin = new BuiltinPlanner(world.Seed);
        if (!world.Circumstances.HasModel) return builtin;
        var options = new LlmOptions { BaseUrl = new Uri("http://model.invalid/v1"), Model = "odd" };
        var server = new LlmServer(options, clock, new OddModel(world, clock));
        return new LlmPlanner(
            server, options.PlanTimeout, builtin, new TokenBudget(null, 0, clock), world.Seed, clock,
            NullLogger<LlmPlanner>.Instance);
    }

    private async Task<Sitting?> StartAsync(SessionId session, CancellationToken cancellation)
    {
        try
        {
            var start = await sittings.StartAsync(session, cancellation);
            if (start is SittingStart.AlreadyRunning) world.Journal.Count(Exercised.BusyRequest);
            world.Journal.Tell($"{session} asked: {start.GetType().Name}");
            return (start as SittingStart.Started)?.Sitting;
        }
        catch (StoreException failure)
        {
            world.Journal.Count(Exercised.FailedRequest);
            world.Journal.Tell($"{session} asked: {failure.Message}");
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            world.Journal.Count(Exercised.AbandonedRequest);
            world.Journal.Tell($"{session} gave up asking");
        }
        return null;
    }

    private void TakeUp(RunRecord run, Sitting? sitting)
    {
        if (sitting is null) return;
        world.Journal.Count(Exercised.ResumedRun);
        world.Journal.Tell($"{run.Session} goes on with {run.Id} after {run.Steps.Count} steps");
        Run(sitting);
    }

    private void Run(Sitting sitting)
    {
        world.Detach(() => RunAsync(sitting));
        world.Detach(() => WatchAsync(sitting));
    }

    private async Task RunAsync(Sitting sitting)
    {
        var end = await sittings.RunAsync(sitting);
        if (life.IsOver) return;
        world.Journal.Tell($"{sitting.Session} is over: {end.Status} {end.Code}");
        if (end.Code == EndCode.Fault)
            world.Seen.Bad(Invariant.NoFault, sitting.Session, $"A sitting of {sitting.Session} ended: {end.Detail}");
        foreach (var step in sitting.Snapshot().Steps) LookAtTold(sitting, step);
    }

    /// <summary>Watches a sitting as those do who follow it live.</summary>
    private async Task WatchAsync(Sitting sitting)
    {
        await foreach (var happening in sitting.WatchAsync(0))
            if (!life.IsOver && happening is RunEvent.StepEnded(var step))
                LookAtTold(sitting, step);
    }

    private void LookAtTold(Sitting sitting, Step step)
    {
        if (!world.Memory.HasStep(sitting.Id, step))
            world.Seen.Bad(Invariant.ToldIsStored, sitting.Session,
                $"Step {step.Number} of {sitting.Session} is told as over and is not in the store.");
    }
}
