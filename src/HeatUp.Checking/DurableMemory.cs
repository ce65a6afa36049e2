using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;
using HeatUp.Simulations;

namespace HeatUp.Checking;

/// <summary>
/// What stays when processes die: the runs with their steps and their owners, and what is recalled of each session.
/// Each change is all or nothing.
/// </summary>
internal sealed class DurableMemory(ChannelPool pool)
{
    private readonly Dictionary<RunId, Row> rows = [];
    private readonly Dictionary<SessionId, Remembered> sessions = [];
    private readonly List<Row> open = [];
    private readonly ChannelNumbers channels = new(pool);
    private readonly JoinCount joins = new();

    /// <summary>Whether there are open runs whose process is gone.</summary>
    public bool HasOrphans => open.Exists(row => row.Owner.IsGone);

    /// <summary>The runs that are open, in the order of their beginning.</summary>
    public IEnumerable<RunRecord> Open => open.Select(row => row.Run);

    public bool HasStep(RunId run, Step step) =>
        rows.TryGetValue(run, out var row) && row.Steps.Count >= step.Number && row.Steps[step.Number - 1] == step;

    public Recollection Recall(SessionId session) => sessions.TryGetValue(session, out var memory)
        ? memory.Recall(session, channels)
        : Recollection.OfNobody(session);

    public Beginning Begin(RunRecord run, Life owner)
    {
        if (!sessions.TryGetValue(run.Session, out var memory)) sessions[run.Session] = memory = new Remembered();
        if (memory.Open is { } other) return Beginning.AlreadyRunning(other);
        if (memory.Sittings + 1 != run.Sitting) return Beginning.Stale;
        owner.IsAsleep = false;
        memory.Sittings++;
        memory.Open = run.Id;
        var row = rows[run.Id] = new Row(run, owner);
        open.Add(row);
        return Beginning.Begun(row.Hold);
    }

    public bool Remember(Hold hold, Step step)
    {
        if (Find(hold) is not { End: null } row) return false;
        if (step.Number <= row.Steps.Count)
            throw new StoreException($"Step {step.Number} of the run {hold.Run} is remembered already.");
        row.Steps.Add(step);
        if (step.IsDone) sessions[hold.Session].Remember(step, channels, joins);
        return true;
    }

    public bool End(Hold hold, RunEnd end, DateTimeOffset at)
    {
        if (Find(hold) is not { } row) return false;
        if (row.End is not null) return true;
        (row.End, row.EndedAt) = (end, at);
        sessions[hold.Session].Open = null;
        open.Remove(row);
        return true;
    }

    /// <summary>Whether a process would take over something.</summary>
    public bool HasOrphansFor(Life taker, TakeOver which) => open.Exists(row => IsOrphan(row, taker, which));

    public IReadOnlyList<TakenRun> TakeOver(Life taker, TakeOver which)
    {
        var taken = open.FindAll(row => IsOrphan(row, taker, which))
            .OrderBy(row => row.Run.StartedAt).Take(which.Most).ToList();
        foreach (var row in taken) row.GiveTo(taker);
        return taken.ConvertAll(row => new TakenRun(row.ToRecord(), row.Hold));
    }

    private static bool IsOrphan(Row row, Life taker, TakeOver which) =>
        (which.Session is not { } session || row.Run.Session == session)
        && (row.Owner == taker ? !which.IsHeld(row.Run.Id) : row.Owner.IsGone);

    private Row? Find(Hold hold) => rows.TryGetValue(hold.Run, out var row) && row.Hold == hold ? row : null;

    private sealed class Row(RunRecord run, Life owner)
    {
        public RunRecord Run => run;

        public Life Owner { get; private set; } = owner;

        public Hold Hold { get; private set; } = new(run.Id, run.Session, owner.Number, 1);

        public List<Step> Steps { get; } = [];

        public RunEnd? End { get; set; }

        public DateTimeOffset? EndedAt { get; set; }

        public void GiveTo(Life taker)
        {
            Owner = taker;
            Hold = Hold with { Owner = taker.Number, Epoch = Hold.Epoch + 1 };
        }

        public RunRecord ToRecord() => run with { Steps = [.. Steps], End = End, EndedAt = EndedAt };
    }
}
