using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;

namespace HeatUp.Simulations;

/// <summary>
/// Writes what happened in a shard as bytes for another process, where <see cref="HappeningReader"/> reads it. Texts
/// are written once and then named by their number; a step's action is its plan's.
/// </summary>
internal sealed class HappeningWriter : IWitness, IDisposable
{
    private readonly MemoryStream bytes = new();
    private readonly BinaryWriter writer;
    private readonly Dictionary<string, int> texts = [];
    private long lastAt;

    public HappeningWriter() => writer = new BinaryWriter(bytes);

    /// <inheritdoc/>
    public void Saw(in Happening happening)
    {
        writer.Write((byte)HappeningKinds.Of(happening.What));
        writer.Write7BitEncodedInt64(happening.At - lastAt);
        writer.Write7BitEncodedInt(happening.Session);
        lastAt = happening.At;
        if (happening.What is Step step) Write(step, happening.At);
        else if (happening.What is RunRecord run) Write(run, happening.At);
        else if (happening.What is RunEnd end) Write(end);
    }

    /// <summary>All that was written since the last time, and a hash of all that ever was.</summary>
    public byte[] Take(ReadOnlySpan<byte> transcript)
    {
        writer.Write((byte)HappeningKind.EndOfPart);
        writer.Write(transcript);
        writer.Flush();
        var part = bytes.ToArray();
        bytes.SetLength(0);
        texts.Clear();
        lastAt = 0;
        return part;
    }

    public void Dispose() => writer.Dispose();

    private void Write(RunRecord run, long at)
    {
        writer.Write(run.Id.ToString());
        writer.Write7BitEncodedInt(run.Sitting);
        writer.Write7BitEncodedInt64(at - run.StartedAt.UtcTicks);
        writer.Write((byte)run.Plan.Origin.Planner);
        Write(run.Plan.Origin.FallbackReason);
        writer.Write7BitEncodedInt(run.Plan.Actions.Count);
        foreach (var action in run.Plan.Actions)
        {
            Write(action.Kind);
            Write(ActionJson.ChannelOf(action)?.Value);
            writer.Write7BitEncodedInt64(ActionJson.DurationOf(action)?.Ticks ?? 0);
            Write(action.Reason);
        }
    }

    private void Write(Step step, long at)
    {
        writer.Write7BitEncodedInt(step.Number);
        writer.Write7BitEncodedInt64(at - step.StartedAt.UtcTicks);
        writer.Write7BitEncodedInt64(at - step.EndedAt.UtcTicks);
        Write(step.Outcome.Word);
        if (step.Outcome is Outcome.Done done) writer.Write7BitEncodedInt(done.PostsRead);
        if (step.Outcome is Outcome.MustWait wait)
        {
            writer.Write7BitEncodedInt64(wait.Until.UtcTicks);
            writer.Write(wait.EndsSitting);
        }
        if (step.Outcome.Error is not { } error) return;
        writer.Write7BitEncodedInt(error.Code);
        Write(error.Message);
    }

    private void Write(RunEnd end)
    {
        writer.Write((byte)end.Status);
        Write(end.Code);
        Write(end.Detail);
    }

    private void Write(string? text)
    {
        if (text is null)
        {
            writer.Write7BitEncodedInt(HappeningKinds.NoText);
            return;
        }
        if (texts.TryGetValue(text, out var number))
        {
            writer.Write7BitEncodedInt(number);
            return;
        }
        texts[text] = HappeningKinds.FirstText + texts.Count;
        writer.Write7BitEncodedInt(HappeningKinds.NewText);
        writer.Write(text);
    }
}

/// <summary>What a happening's bytes tell of.</summary>
internal enum HappeningKind : byte
{
    Begin,
    Step,
    End,
    EndOfPart,
}

/// <summary>What both sides of the bytes agree on.</summary>
internal static class HappeningKinds
{
    public const int NoText = 0;
    public const int NewText = 1;
    public const int FirstText = 2;

    public static HappeningKind Of(object what) => what switch
    {
        RunRecord => HappeningKind.Begin,
        Step => HappeningKind.Step,
        RunEnd => HappeningKind.End,
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, "Nothing that can happen."),
    };
}
