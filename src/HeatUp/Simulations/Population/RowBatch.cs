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

    public List<RunRow> Runs { get; } = [];

    public List<StepRow> Steps { get; } = [];

    /// <summary>The ends of runs that began in an earlier batch.</summary>
    public List<(int Session, RunEnd End, long At)> Ends { get; } = [];

    public ReadOnlySpan<byte> this[Text part] => text.WrittenSpan.Slice(part.At, part.Length);

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
        runsOpen.Clear();
    }

    private void Saw(RunRecord run, in Happening happening)
    {
        var at = text.WrittenCount;
        PythonJson.Write(text, run.Plan.Actions);
        runsOpen[happening.Session] = Runs.Count;
        Runs.Add(new RunRow(
            run.Id, happening.Session, run.Sitting, run.Plan.Origin, new Text(at, text.WrittenCount - at),
            run.StartedAt.UtcTicks, null, 0));
    }

    private void Saw(Step step, in Happening happening)
    {
        var at = text.WrittenCount;
        if (step.Outcome is Outcome.Done) PythonJson.Write(text, step.Action);
        Steps.Add(new StepRow(
            happening.Session, runsOpen.GetValueOrDefault(happening.Session, EarlierRun), step.Number,
            step.Action.Kind, step.Outcome, new Text(at, text.WrittenCount - at), step.StartedAt.UtcTicks,
            step.EndedAt.UtcTicks));
    }

    private void Saw(RunEnd end, in Happening happening)
    {
        // Most runs end in the batch in which they began: then one row says all.
        if (runsOpen.Remove(happening.Session, out var index))
            Runs[index] = Runs[index] with { End = end, EndedAt = happening.At };
        else
            Ends.Add((happening.Session, end, happening.At));
    }

    /// <summary>A part of the batch's text.</summary>
    public readonly record struct Text(int At, int Length);

    /// <summary>A row of the table <c>runs</c>.</summary>
    public readonly record struct RunRow(
        RunId Id, int Session, int Sitting, PlanOrigin Origin, Text Plan, long StartedAt, RunEnd? End, long EndedAt);

    /// <summary>A row of the table <c>steps</c> and, if it was done, of the history, where its action is.</summary>
    public readonly record struct StepRow(
        int Session, int RunIndex, int Number, string Kind, Outcome Outcome, Text Action, long StartedAt, long EndedAt);
}
