using System.Buffers;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;

namespace HeatUp.Simulations;

/// <summary>
/// What happened in a shard, as the rows that it comes to. The JSON is written here, on the shard's thread, so that the
/// one that writes the database has nothing to do but that; and nothing of the happenings is kept.
/// </summary>
internal sealed class RowBatch : IWitness
{
    /// <summary>In place of a run's index: it began in an earlier batch.</summary>
    public const int EarlierRun = -1;

    private readonly ArrayBufferWriter<byte> text = new(1 << 16);
    private readonly Dictionary<int, int> runsOpen = [];
    private readonly List<Range> actions = [];

    public List<RunRow> Runs { get; } = [];

    public List<StepRow> Steps { get; } = [];

    /// <summary>The ends of runs that began in an earlier batch.</summary>
    public List<(int Session, RunEnd End, long At)> Ends { get; } = [];

    public ReadOnlySpan<byte> this[Range part] => text.WrittenSpan[part];

    /// <inheritdoc/>
    public void Saw(in Happening happening)
    {
        if (happening.What is Step step) Saw(step, happening);
        else if (happening.What is RunRecord run) Saw(run, happening);
        else if (happening.What is RunEnd end) Saw(end, happening);
    }

    /// <summary>Empties it for the next time.</summary>
    public void Clear()
    {
        text.ResetWrittenCount();
        Runs.Clear();
        Steps.Clear();
        Ends.Clear();
        actions.Clear();
        runsOpen.Clear();
    }

    private void Saw(RunRecord run, in Happening happening)
    {
        var (at, firstAction) = (text.WrittenCount, actions.Count);
        PythonJson.Write(text, run.Plan.Actions, actions);
        runsOpen[happening.Session] = Runs.Count;
        Runs.Add(new RunRow(
            run.Id, happening.Session, run.Sitting, run.Plan.Origin, at..text.WrittenCount, firstAction,
            run.StartedAt.UtcTicks, null, 0));
    }

    private void Saw(Step step, in Happening happening)
    {
        var run = runsOpen.GetValueOrDefault(happening.Session, EarlierRun);
        Steps.Add(new StepRow(
            happening.Session, run, step.Number, step.Action.Kind, step.Outcome,
            step.Outcome is Outcome.Done ? TextOf(step, run) : default, step.StartedAt.UtcTicks,
            step.EndedAt.UtcTicks));
    }

    /// <summary>The action's JSON: that in its plan's, if the plan is in this batch.</summary>
    private Range TextOf(Step step, int run)
    {
        if (run != EarlierRun) return actions[Runs[run].FirstAction + step.Number - 1];
        var at = text.WrittenCount;
        PythonJson.Write(text, step.Action);
        return at..text.WrittenCount;
    }

    private void Saw(RunEnd end, in Happening happening)
    {
        // Most runs end in the batch in which they began: then one row says all.
        if (runsOpen.Remove(happening.Session, out var index))
            Runs[index] = Runs[index] with { End = end, EndedAt = happening.At };
        else
            Ends.Add((happening.Session, end, happening.At));
    }

    /// <summary>A row of the table <c>runs</c>.</summary>
    public readonly record struct RunRow(
        RunId Id, int Session, int Sitting, PlanOrigin Origin, Range Plan, int FirstAction, long StartedAt, RunEnd? End,
        long EndedAt);

    /// <summary>A row of the table <c>steps</c> and, if it was done, of the history, where its action is.</summary>
    public readonly record struct StepRow(
        int Session, int RunIndex, int Number, string Kind, Outcome Outcome, Range Action, long StartedAt,
        long EndedAt);
}
