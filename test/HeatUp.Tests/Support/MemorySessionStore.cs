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
    private readonly Dictionary<RunId, Hold> holds = [];
    private long owner = 1;

    /// <summary>Says before each call, by its name, whether it fails.</summary>
    public Func<string, bool> Fails { get; set; } = _ => false;

    /// <summary>Says after each call, by its name, whether its answer is a failure although it was carried out.</summary>
    public Func<string, bool> FailsAfterwards { get; set; } = _ => false;

    public IReadOnlyList<RunRecord> Runs { get { lock (gate) return [.. runs]; } }

    /// <summary>The process is gone; what was open waits to be taken over.</summary>
    public void Restart()
    {
        lock (gate) owner++;
    }

    /// <summary>The hold of an open run, as its owner has it.</summary>
    public Hold HoldOf(RunId run)
    {
        lock (gate) return holds[run];
    }

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
                return new(Beginning.AlreadyRunning(open.Id));
            if (own.Count + 1 != run.Sitting) return new(Beginning.Stale);
            runs.Add(run);
            var hold = holds[run.Id] = new Hold(run.Id, run.Session, owner, 1);
            MayFail("begin", FailsAfterwards);
            return new(Beginning.Begun(hold));
        }
    }

    public ValueTask<bool> RememberAsync(Hold hold, Step step)
    {
        MayFail("remember");
        return new(Change(hold, record => record with { Steps = [.. record.Steps, step] }));
    }

    public ValueTask<bool> EndAsync(Hold hold, RunEnd end, DateTimeOffset at)
    {
        MayFail("end");
        return new(Change(hold, record => record.End is null ? record with { End = end, EndedAt = at } : record));
    }

    public ValueTask<IReadOnlyList<TakenRun>> TakeOverAsync(TakeOver which, CancellationToken cancellation)
    {
        MayFail("take over");
        lock (gate)
        {
            var taken = runs.Where(run => run.End is null && (which.Session is null || run.Session == which.Session))
                .Where(run => holds[run.Id].Owner != owner || !which.IsHeld(run.Id)).Take(which.Most).ToList();
            foreach (var run in taken)
                holds[run.Id] = holds[run.Id] with { Owner = owner, Epoch = holds[run.Id].Epoch + 1 };
            MayFail("take over", FailsAfterwards);
            return new(taken.ConvertAll(run => new TakenRun(run, holds[run.Id])));
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
        if (Fails("count")) throw new IOException("What was done can't be counted.");
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

    private bool Change(Hold hold, Func<RunRecord, RunRecord> change)
    {
        lock (gate)
        {
            var index = runs.FindIndex(record => record.Id == hold.Run);
            if (index < 0 || holds[hold.Run] != hold) return false;
            runs[index] = change(runs[index]);
            return true;
        }
    }

    private void MayFail(string call) => MayFail(call, Fails);

    private static void MayFail(string call, Func<string, bool> fails)
    {
        if (fails(call)) throw new StoreException($"The disk is full ({call}).");
    }
}
