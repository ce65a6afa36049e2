using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Runs.Conduct;
using HeatUp.Sessions;

namespace HeatUp.Tests.Support;

/// <summary>A store for tests of what stands above it: in memory, failing on demand, with restarts.</summary>
internal sealed class MemorySessionStore : ISittingStore, IActionCounts
{
    private readonly Lock gate = new();
    private readonly List<RunRecord> runs = [];
    private readonly HashSet<RunId> owned = [];

    /// <summary>Says before each call, by its name, whether it fails.</summary>
    public Func<string, bool> Fails { get; set; } = _ => false;

    /// <summary>Says after each call, by its name, whether its answer is a failure although it was carried out.</summary>
    public Func<string, bool> FailsAfterwards { get; set; } = _ => false;

    public IReadOnlyList<RunRecord> Runs { get { lock (gate) return [.. runs]; } }

    /// <summary>The process is gone; what was open waits to be taken over.</summary>
    public void Restart() => owned.Clear();

    public ValueTask<Recollection> RecallAsync(SessionId session, CancellationToken cancellation)
    {
        MayFail("recall");
        lock (gate)
        {
            var own = runs.Where(run => run.Session == session).ToList();
            var done = own.SelectMany(run => run.Steps).Where(step => step.IsDone).Reverse().ToList();
            var recent = done.Take(Recollection.RecentMax)
                .Select(step => new RecentAction(step.Action.Kind, ActionJson.ChannelOf(step.Action), step.EndedAt));
            return new(new Recollection(
                session, own.Count, done.Count, done.FirstOrDefault()?.EndedAt, MembershipsOf(done), [.. recent]));
        }
    }

    public ValueTask<Beginning> BeginAsync(RunRecord run, CancellationToken cancellation)
    {
        MayFail("begin");
        lock (gate)
        {
            var own = runs.Where(other => other.Session == run.Session).ToList();
            if (own.Find(other => other.End is null) is { } open)
                return new(new Beginning(BeginningKind.AlreadyRunning, open.Id));
            if (own.Count + 1 != run.Sitting) return new(new Beginning(BeginningKind.Stale, default));
            runs.Add(run);
            owned.Add(run.Id);
            MayFail("begin", FailsAfterwards);
            return new(new Beginning(BeginningKind.Begun, default));
        }
    }

    public ValueTask RememberAsync(RunId run, SessionId session, Step step)
    {
        MayFail("remember");
        Change(run, record => record with { Steps = [.. record.Steps, step] });
        return default;
    }

    public ValueTask EndAsync(RunId run, RunEnd end, DateTimeOffset at)
    {
        MayFail("end");
        Change(run, record => record.End is null ? record with { End = end, EndedAt = at } : record);
        return default;
    }

    public ValueTask<IReadOnlyList<RunRecord>> TakeOverAsync(SessionId? session, CancellationToken cancellation)
    {
        lock (gate)
        {
            var orphans = runs.Where(
                run => run.End is null && (session is null || run.Session == session) && owned.Add(run.Id));
            return new(orphans.ToList());
        }
    }

    /// <summary>Somebody edits the database: nothing was ever done.</summary>
    public void Wipe()
    {
        lock (gate) runs.Clear();
    }

    public ValueTask<ActionCounts> CountAsync(
        SessionId session, DateTimeOffset since, CancellationToken cancellation)
    {
        lock (gate)
        {
            var own = runs.Where(run => run.Session == session).ToList();
            var steps = own.SelectMany(run => run.Steps).ToList();
            var done = steps.Where(
                step => step.EndedAt >= since && step.Outcome.Error?.Kind != TelegramErrorKind.Conduct).ToList();
            return new(new ActionCounts(
                own.Count(run => run.StartedAt >= since),
                done.Count(step => step.Action is JoinChannel), done.Count(step => step.Action is ReadMessages),
                steps.Max(step => (step.Outcome as Outcome.MustWait)?.Until)));
        }
    }

    private static List<Membership> MembershipsOf(List<Step> newestFirst)
    {
        return [.. newestFirst.Where(step => step.Action is JoinChannel).Select(Of)];

        Membership Of(Step join)
        {
            var channel = ((JoinChannel)join.Action).Channel;
            var read = newestFirst.Find(step => step.Action is ReadMessages read && read.Channel == channel);
            return new Membership(channel, join.EndedAt, read?.EndedAt);
        }
    }

    private void Change(RunId run, Func<RunRecord, RunRecord> change)
    {
        lock (gate)
        {
            var index = runs.FindIndex(record => record.Id == run);
            if (index >= 0) runs[index] = change(runs[index]);
        }
    }

    private void MayFail(string call) => MayFail(call, Fails);

    private static void MayFail(string call, Func<string, bool> fails)
    {
        if (fails(call)) throw new StoreException($"The disk is full ({call}).");
    }
}
