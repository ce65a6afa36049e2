using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;

namespace HeatUp.Simulation.Checking;

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

    /// <summary>Whether there are open runs whose process is over.</summary>
    public bool HasOrphans => open.Exists(row => row.Owner.IsOver);

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
        if (memory.Open is { } other) return new Beginning(BeginningKind.AlreadyRunning, other);
        if (memory.Sittings + 1 != run.Sitting) return new Beginning(BeginningKind.Stale, default);
        memory.Sittings++;
        memory.Open = run.Id;
        open.Add(rows[run.Id] = new Row(run, owner));
        return new Beginning(BeginningKind.Begun, default);
    }

    public void Remember(RunId run, SessionId session, Step step)
    {
        var row = rows[run];
        if (step.Number <= row.Steps.Count)
            throw new StoreException($"Step {step.Number} of the run {run} is remembered already.");
        row.Steps.Add(step);
        if (step.IsDone) sessions[session].Remember(step, channels, joins);
    }

    public void End(RunId run, RunEnd end, DateTimeOffset at)
    {
        if (!rows.TryGetValue(run, out var row) || row.End is not null) return;
        (row.End, row.EndedAt) = (end, at);
        sessions[row.Run.Session].Open = null;
        open.Remove(row);
    }

    public IReadOnlyList<RunRecord> TakeOver(SessionId? session, Life taker)
    {
        var taken = open.FindAll(row => row.Owner.IsOver && (session is null || row.Run.Session == session));
        foreach (var row in taken) row.Owner = taker;
        return [.. taken.Select(row => row.ToRecord()).OrderBy(run => run.StartedAt)];
    }

    private sealed class Row(RunRecord run, Life owner)
    {
        public RunRecord Run => run;

        public Life Owner { get; set; } = owner;

        public List<Step> Steps { get; } = [];

        public RunEnd? End { get; set; }

        public DateTimeOffset? EndedAt { get; set; }

        public RunRecord ToRecord() => run with { Steps = [.. Steps], End = End, EndedAt = EndedAt };
    }
}
