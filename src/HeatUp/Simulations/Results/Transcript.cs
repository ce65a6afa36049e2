using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using HeatUp.Plans;
using HeatUp.Runs;
using HeatUp.Sessions;

namespace HeatUp.Simulations;

/// <summary>
/// A hash over all that happened in a shard: two runs with one hash did the same, to the letter and the tick.
/// </summary>
internal sealed class Transcript : IWitness, IDisposable
{
    private const int BufferSize = 1 << 16;

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ArrayBufferWriter<byte> buffer = new(BufferSize);

    /// <summary>The hash of all shards, in lower-case hexadecimal.</summary>
    public static string Of(IEnumerable<Transcript> shards)
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var shard in shards) whole.AppendData(shard.Now());
        return Convert.ToHexStringLower(whole.GetHashAndReset());
    }

    /// <inheritdoc/>
    public void Saw(in Happening happening)
    {
        Write(happening.At);
        Write(happening.Session);
        if (happening.What is Step step) Write(step);
        else if (happening.What is RunRecord run) Write(run);
        else if (happening.What is RunEnd end) Write(end);
        if (buffer.WrittenCount > BufferSize / 2) Flush();
    }

    public void Dispose() => hash.Dispose();

    /// <summary>The hash of all that happened so far.</summary>
    public byte[] Now()
    {
        Flush();
        return hash.GetCurrentHash();
    }

    private void Flush()
    {
        hash.AppendData(buffer.WrittenSpan);
        buffer.ResetWrittenCount();
    }

    private void Write(RunRecord run)
    {
        Write("run");
        Write(run.Sitting);
        Write(run.Plan.Origin.Planner.Word());
        Write(run.Plan.Origin.FallbackReason);
        Write(run.Plan.Actions.Count);
        foreach (var action in run.Plan.Actions) Write(action);
    }

    private void Write(Step step)
    {
        Write(step.Number);
        Write(step.Outcome.Word);
        if (step.Outcome is Outcome.Done done) Write(done.PostsRead);
        else if (step.Outcome is Outcome.MustWait wait) Write(wait.Until.UtcTicks);
        if (step.Outcome.Error is { } error)
        {
            Write(error.Code);
            Write(error.Message);
        }
        Write(step.StartedAt.UtcTicks);
        Write(step.EndedAt.UtcTicks);
    }

    private void Write(RunEnd end)
    {
        Write("end");
        Write(end.Status.Word());
        Write(end.Code);
    }

    private void Write(PlannedAction action)
    {
        Write(action.Kind);
        Write(ActionJson.ChannelOf(action)?.Value);
        Write(ActionJson.DurationOf(action)?.Ticks ?? 0);
        Write(action.Reason);
    }

    private void Write(int number)
    {
        BinaryPrimitives.WriteInt32LittleEndian(buffer.GetSpan(sizeof(int)), number);
        buffer.Advance(sizeof(int));
    }

    private void Write(long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(buffer.GetSpan(sizeof(long)), number);
        buffer.Advance(sizeof(long));
    }

    /// <summary>Texts are most of what there is: each is a hash of 64 bits here.</summary>
    private void Write(string? text) => Write(text is null ? -1L : (long)HashOf(text));

    private static ulong HashOf(ReadOnlySpan<char> text)
    {
        var hash = (ulong)text.Length;
        var words = MemoryMarshal.Cast<char, ulong>(text);
        foreach (var word in words) hash = Rng.Mix(hash ^ word) + Rng.Golden;
        foreach (var unit in text[(words.Length * 4)..]) hash = Rng.Mix(hash ^ unit) + Rng.Golden;
        return hash;
    }
}
