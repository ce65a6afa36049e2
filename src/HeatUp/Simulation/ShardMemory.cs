using HeatUp.Channels;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;

namespace HeatUp.Simulation;

/// <summary>
/// What the sessions of a shard remember, in as little memory as it takes to recall it, and the happenings that were
/// not yet told on. As little as any store it forgets nothing that it has answered. Not thread-safe: it belongs to the
/// virtual time of its shard.
/// </summary>
internal sealed class ShardMemory(ChannelPool pool, TimeProvider time) : ISittingStore
{
    private readonly Dictionary<int, Remembered> sessions = [];
    private readonly Dictionary<RunId, int> open = [];
    private readonly ChannelNumbers channels = new(pool);

    /// <summary>The memory of every session that had a sitting, in the order of their numbers.</summary>
    public IEnumerable<(int Session, Remembered Memory)> All =>
        sessions.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value));

    /// <summary>What became of the joins.</summary>
    public JoinCount Joins { get; } = new();

    public ChannelNumbers Channels => channels;

    /// <summary>
    /// What happened and was not yet told on, in the order in which it came; whoever tells it on takes it out.
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
        if (!sessions.TryGetValue(number, out var memory)) sessions[number] = memory = new Remembered();
        if (memory.Open is { } other) return new(new Beginning(BeginningKind.AlreadyRunning, other));
        if (memory.Sittings + 1 != run.Sitting) return new(new Beginning(BeginningKind.Stale, default));
        memory.Sittings++;
        memory.Open = run.Id;
        open[run.Id] = number;
        Add(number, run);
        return new(new Beginning(BeginningKind.Begun, default));
    }

    /// <inheritdoc/>
    public ValueTask RememberAsync(RunId run, SessionId session, Step step)
    {
        var number = Population.NumberOf(session);
        if (step.IsDone) sessions[number].Remember(step, channels, Joins);
        Add(number, step);
        return default;
    }

    /// <inheritdoc/>
    public ValueTask EndAsync(RunId run, RunEnd end, DateTimeOffset at)
    {
        if (!open.Remove(run, out var number)) return default;
        sessions[number].Open = null;
        Add(number, end);
        return default;
    }

    /// <summary>None: a simulation's process isn't followed by another.</summary>
    public ValueTask<IReadOnlyList<RunRecord>> TakeOverAsync(SessionId? session, CancellationToken cancellation) =>
        new(Array.Empty<RunRecord>());

    private void Add(int session, object what) =>
        Happenings.Add(new Happening(time.GetUtcNow().UtcTicks, session, what));
}
