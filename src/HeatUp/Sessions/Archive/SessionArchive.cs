using HeatUp.Primitives;
using System.Buffers;

namespace HeatUp.Sessions.Archive;

/// <summary>
/// What is remembered as lines of JSON, for people to keep, look into, or carry to another store: first a line that
/// names the format, then one line for each thing.
/// </summary>
public static class SessionArchive
{
    /// <summary>The version of the format that is written, and the newest that is read.</summary>
    public const int Version = 1;

    /// <summary>The most records that are added in one transaction.</summary>
    public const int BatchMax = 500;

    /// <summary>The most refused lines that are reported; the rest is counted.</summary>
    public const int RefusedMax = 100;

    private const int BufferMin = 65_536;

    /// <summary>The most skipped records that are reported; the rest is counted.</summary>
    public const int SkippedMax = 100;

    /// <summary>
    /// Writes all that is remembered; a record that can't be read is skipped, and the rest is written.
    /// </summary>
    /// <exception cref="StoreException">The store can't be read.</exception>
    public static async Task<ExportReport> ExportAsync(
        IArchivable store, Stream to, CancellationToken cancellation = default)
    {
        var buffer = new ArrayBufferWriter<byte>(2 * BufferMin);
        using var line = new ArchiveLine(buffer);
        line.WriteHeader();
        var (lines, skippedCount, skipped) = (0L, 0L, new List<string>());
        await foreach (var record in store.ReadAllAsync(cancellation))
        {
            if (record is ArchiveRecord.Unreadable unreadable)
            {
                if (++skippedCount <= SkippedMax) skipped.Add(unreadable.Reason);
                continue;
            }
            line.Write(record);
            lines++;
            if (buffer.WrittenCount < BufferMin) continue;
            await to.WriteAsync(buffer.WrittenMemory, cancellation);
            buffer.ResetWrittenCount();
        }
        await to.WriteAsync(buffer.WrittenMemory, cancellation);
        await to.FlushAsync(cancellation);
        return new ExportReport(lines, skippedCount, skipped);
    }

    /// <summary>
    /// Adds what isn't there yet. Takes what <see cref="ExportAsync"/> wrote, or lines of a person's own with
    /// <c>session_id, action_type, action_data, timestamp</c>. Reading the same lines again changes nothing; a line
    /// that can't be read, or whose time is more than <see cref="ClockLimits.AheadMax"/> ahead of the clock, is
    /// refused, and the rest is taken. Needs the same memory for any length.
    /// </summary>
    /// <exception cref="StoreException">The store can't be written. What was added so far stays: import
    /// again.</exception>
    public static async Task<ImportReport> ImportAsync(
        IArchivable store, Stream from, TimeProvider clock, CancellationToken cancellation = default)
    {
        using var occurrences = new Occurrences();
        var import = new Import(store, occurrences, clock);
        var lines = new LineReader(from);
        while (await lines.ReadAsync(cancellation) is { } line) await import.TakeAsync(line, cancellation);
        return await import.EndAsync(cancellation);
    }
}

/// <summary>What came of an export.</summary>
/// <param name="Written">How many records were written.</param>
/// <param name="SkippedCount">How many could not be read.</param>
/// <param name="Skipped">Why, for the first <see cref="SessionArchive.SkippedMax"/> of them.</param>
public sealed record ExportReport(long Written, long SkippedCount, IReadOnlyList<string> Skipped);

/// <summary>What came of an import.</summary>
/// <param name="Read">How many records were read, the refused ones included.</param>
/// <param name="Added">How many were added.</param>
/// <param name="AlreadyThere">How many were there already.</param>
/// <param name="RefusedCount">How many could not be taken.</param>
/// <param name="Refused">Why, for the first <see cref="SessionArchive.RefusedMax"/> of them.</param>
public sealed record ImportReport(
    long Read, long Added, long AlreadyThere, long RefusedCount, IReadOnlyList<RefusedLine> Refused);

/// <summary>A line that could not be taken.</summary>
/// <param name="Line">Its number; the first is 1.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record RefusedLine(long Line, string Reason);
