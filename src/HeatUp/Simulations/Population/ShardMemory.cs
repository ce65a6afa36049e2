using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;

namespace HeatUp.Simulations;

/// <summary>
/// What the sessions of a shard remember, in as little memory as it takes to recall it, and the happenings that were
/// not yet published. As little as any store it forgets nothing that it has answered. Not thread-safe: it belongs to
/// the virtual time of its shard.
/// </summary>
internal sealed class ShardMemory(ChannelPool pool, TimeProvider time) : ISittingStore
{
    private const long Owner = 1;

    private readonly Dictionary<int, Remembered> sessions = [];
    private readonly Dictionary<RunId, OpenRun> open = [];
    private readonly ChannelNumbers channels = new(pool);

    /// <summary>The memory of every session that had a sitting, in the order of their numbers.</summary>
    public IEnumerable<(int Session, Remembered Memory)> All =>
        sessions.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value));

    /// <summary>Whether a sitting of a session goes on.</summary>
    public bool IsSitting(int session) => sessions.TryGetValue(session, out var memory) && memory.Open is not null;

    /// <summary>What became of the joins.</summary>
    public JoinCount Joins { get; } = new();

    public ChannelNumbers Channels => channels;

    /// <summary>
    /// What happened and was not yet published, in the order in which it came; whoever publishes it takes it out.
    /// </summary>
    public List<Happening> Happenings { get; set; } = [];

    /// <inheritdoc/>
    public ValueTask<Recollection> RecallAsync(SessionId session, CancellationToken cancellation) =>
        new(sessions.TryGetValue(Population.NumberOf(session), out var memory)
            ? memory.Recall(session, channels)
            : Recollection.OfNobody(session));

    /// <inheritdoc/>
    public ValueTask<Beginning> BeginAsync(RunRecord run, CancellationToken cancellation)
    {
        var number = Population.NumberOf(run.Session);
        var memory = MemoryOf(number);
        if (memory.Open is { } other) return new(Beginning.AlreadyRunning(other));
        if (memory.Sittings + 1 != run.Sitting) return new(Beginning.Stale);
        Begin(run, number, memory);
        Add(number, run);
        return new(Beginning.Begun(HoldOf(run, 1)));
    }

    /// <inheritdoc/>
    public ValueTask<bool> RememberAsync(Hold hold, Step step)
    {
        if (Find(hold) is not { } run) return new(false);
        if (step.Number <= run.Steps.Count)
            throw new StoreException($"Step {step.Number} of the run {hold.Run} is remembered already.");
        Remember(run, step);
        Add(run.Session, step);
        return new(true);
    }

    /// <inheritdoc/>
    public ValueTask<bool> EndAsync(Hold hold, RunEnd end, DateTimeOffset at)
    {
        if (Find(hold) is not { } run) return new(false);
        End(run);
        Add(run.Session, end);
        return new(true);
    }

    /// <summary>Remembers what happened in a memory like this in another process.</summary>
    public void Hear(in Happening happening)
    {
        var memory = MemoryOf(happening.Session);
        if (happening.What is RunRecord begun) Begin(begun, happening.Session, memory);
        else if (happening.What is Step step) Remember(open[memory.Open!.Value], step);
        else if (happening.What is RunEnd) End(open[memory.Open!.Value]);
        Happenings.Add(happening);
    }

    /// <summary>The plan that a session follows now.</summary>
    public Plan PlanOf(int session) => open[sessions[session].Open!.Value].Record.Plan;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<TakenRun>> TakeOverAsync(TakeOver which, CancellationToken cancellation)
    {
        var orphans = open.Values.Where(run => which.Session is not { } session || run.Record.Session == session)
            .Where(run => !which.IsHeld(run.Record.Id))
            .OrderBy(run => run.Record.StartedAt).ThenBy(run => run.Session).Take(which.Most).ToList();
        return new(orphans.ConvertAll(run => new TakenRun(
            run.Record with { Steps = [.. run.Steps] }, HoldOf(run.Record, ++run.Epoch))));
    }

    private Remembered MemoryOf(int session)
    {
        if (!sessions.TryGetValue(session, out var memory)) sessions[session] = memory = new Remembered();
        return memory;
    }

    private void Begin(RunRecord run, int session, Remembered memory)
    {
        memory.Sittings++;
        memory.Open = run.Id;
        open[run.Id] = new OpenRun(run, session);
    }

    private void Remember(OpenRun run, Step step)
    {
        run.Steps.Add(step);
        if (step.IsDone) sessions[run.Session].Remember(step, channels, Joins);
    }

    private void End(OpenRun run)
    {
        open.Remove(run.Record.Id);
        sessions[run.Session].Open = null;
    }

    private static Hold HoldOf(RunRecord run, long epoch) => new(run.Id, run.Session, Owner, epoch);

    private OpenRun? Find(Hold hold) =>
        open.TryGetValue(hold.Run, out var run) && run.Epoch == hold.Epoch ? run : null;

    private void Add(int session, object what) =>
        Happenings.Add(new Happening(time.GetUtcNow().UtcTicks, session, what));

    private sealed class OpenRun(RunRecord record, int session)
    {
        public RunRecord Record => record;

        public int Session => session;

        public List<Step> Steps { get; } = new(record.Plan.Actions.Count);

        public long Epoch { get; set; } = 1;
    }
}
