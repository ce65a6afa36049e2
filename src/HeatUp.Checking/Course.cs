using System.Globalization;

namespace HeatUp.Checking;

/// <summary>
/// What happens in a check from outside: requests, stops, crashes with new processes after them, jumps of the clock;
/// then the quiet in which everything must come to its end.
/// </summary>
internal sealed class Course
{
    private static readonly TimeSpan CancelWithin = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan AbandonWithin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan JumpMax = TimeSpan.FromHours(3);
    private static readonly TimeSpan PauseMax = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongPauseMax = TimeSpan.FromHours(3);

    /// <summary>More than a sitting takes in which everything is slow, with the time until it is taken up.</summary>
    private static readonly TimeSpan EndsWithin = TimeSpan.FromHours(1);

    private readonly World world;
    private readonly Circumstances circumstances;
    private readonly PathParts parts;
    private readonly SessionId[] sessions;
    private Service? service;
    private int processes;
    private bool isOver;

    public Course(World world, PathParts parts)
    {
        (this.world, this.parts) = (world, parts);
        circumstances = world.Circumstances;
        sessions = [.. Enumerable.Range(1, circumstances.Sessions).Select(NameOf)];
    }

    /// <summary>Plans all of it.</summary>
    public void Plan()
    {
        world.At(Circumstances.Start, StartProcess);
        foreach (var session in sessions)
            for (var i = 0; i < circumstances.SittingsPerSession; i++) PlanRequest(session);
        for (var i = 0; i < circumstances.Stops; i++) world.At(SomeTime(), Stop);
        for (var i = 0; i < circumstances.ClockJumps; i++) world.At(SomeTime(), JumpClock);
        var quiet = circumstances.QuietFrom;
        world.At(quiet, BeQuiet);
        world.At(quiet + EndsWithin, () => LookAtEnds(probe: true));
        world.At(quiet + 2 * EndsWithin, () => LookAtEnds(probe: false));
        world.At(quiet + 3 * EndsWithin, LookAtStop);
    }

    private static SessionId NameOf(int number) =>
        SessionId.Parse(string.Create(CultureInfo.InvariantCulture, $"s{number}"));

    private DateTimeOffset SomeTime() =>
        Circumstances.Start + world.Between(TimeSpan.Zero, circumstances.Length);

    private void StartProcess()
    {
        if (isOver || service is { Life.IsOver: false }) return;
        var life = new Life(++processes, LengthOfLife(), Crashed);
        world.Journal.Tell($"process {life.Number} starts");
        service = new Service(world, life, parts);
        world.Detach(service.TakeUpAsync);
    }

    /// <summary>Mostly some sittings long; often so short that it ends as the process takes up what was left.</summary>
    private long LengthOfLife()
    {
        if (!circumstances.HasCrashes || world.IsQuiet || world.Chance(0.2)) return long.MaxValue;
        if (world.Memory.HasOrphans && world.Chance(0.3)) return world.Whole(1, 8);
        return (long)world.Whole(20, 60) << world.Whole(0, 5);
    }

    private void Crashed(Life life, Exercised where)
    {
        world.Journal.Count(where);
        if (life.IsResuming) world.Journal.Count(Exercised.CrashInResumption);
        world.Journal.Tell($"process {life.Number} dies: {where}");
        StartAnotherSoon();
    }

    private void StartAnotherSoon()
    {
        var longest = world.Chance(0.15) ? LongPauseMax : PauseMax;
        world.After(world.Between(TimeSpan.Zero, longest), StartProcess);
    }

    private void PlanRequest(SessionId session)
    {
        var at = SomeTime();
        var isTwin = world.Chance(0.1);
        world.At(at, () => Request(session));
        if (!isTwin) return;
        world.At(at, () =>
        {
            world.Journal.Count(Exercised.TwinRequest);
            Request(session);
        });
    }

    private void Request(SessionId session)
    {
        if (service is not { Life.IsOver: false } asked) return;
        var giveUp = new CancellationTokenSource();
        if (world.Chance(0.1)) world.After(world.Between(TimeSpan.Zero, AbandonWithin), giveUp.Cancel);
        var cancelAfter = world.Chance(0.1) ? world.Between(TimeSpan.Zero, CancelWithin) : default(TimeSpan?);
        world.Detach(async () =>
        {
            var sitting = await asked.RequestAsync(session, giveUp.Token);
            if (sitting is not null && cancelAfter is { } wait) world.After(wait, () => Cancel(asked, sitting));
        });
    }

    private void Cancel(Service asked, Sitting sitting)
    {
        if (asked.Life.IsOver || sitting.Completion.IsCompleted) return;
        world.Journal.Count(Exercised.CancelledSitting);
        world.Journal.Tell($"{sitting.Session} is cancelled");
        sitting.Cancel();
    }

    private void Stop()
    {
        if (service is not { Life.IsOver: false, IsStopping: false } stopping) return;
        world.Detach(async () =>
        {
            await stopping.StopAsync();
            StartAnotherSoon();
        });
    }

    private void JumpClock()
    {
        var before = world.Machine.Offset;
        world.Machine.Offset = -world.Between(TimeSpan.Zero, JumpMax);
        world.Journal.Count(Exercised.ClockJump);
        world.Journal.Tell($"the clock jumps by {world.Machine.Offset - before}");
    }

    private void BeQuiet()
    {
        world.Journal.Tell("quiet");
        world.BeQuiet();
        service?.Life.Spare();
        StartProcess();
    }

    private void LookAtEnds(bool probe)
    {
        // A stop that began before the quiet has had its time, too.
        if (service is { Life.IsOver: true }) StartProcess();
        foreach (var run in world.Memory.Open)
            Missing(Invariant.SittingsEnd, run.Session,
                $"A sitting of {run.Session} that began at {run.StartedAt:O} has not ended: {run.Id}.");
        if (service!.Waiting > 0)
            Missing(Invariant.RequestsAnswered, null, $"{service.Waiting} requests have no answer.");
        if (probe)
        {
            foreach (var session in sessions) world.Detach(() => ProbeAsync(session));
            return;
        }
        isOver = true;
        world.Detach(service.StopAsync);
    }

    private async Task ProbeAsync(SessionId session)
    {
        if (await service!.RequestAsync(session, CancellationToken.None) is null)
            Missing(Invariant.SessionsFree, session, $"{session} gets no sitting although nothing is in its way.");
    }

    private void LookAtStop()
    {
        if (service is not { Life.IsOver: true }) Missing(Invariant.StopsEnd, null, "The service does not stop.");
    }

    private void Missing(string invariant, SessionId? session, string sentence) =>
        world.Journal.Broken(ViolationKind.Liveness, invariant, session, sentence);
}
