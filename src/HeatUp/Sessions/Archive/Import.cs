using HeatUp.Primitives;
using System.Text.Json;

namespace HeatUp.Sessions.Archive;

/// <summary>An import that goes on.</summary>
internal sealed class Import(IArchivable store, Occurrences occurrences, TimeProvider clock)
{
    private readonly List<Archived> batch = new(SessionArchive.BatchMax);
    private readonly List<RefusedLine> refused = [];
    private bool isArchive;
    private long lineNumber;
    private long read;
    private long added;
    private long refusedCount;

    public async ValueTask TakeAsync(Line line, CancellationToken cancellation)
    {
        lineNumber++;
        if (line.IsBlank) return;
        if (line.IsTooLong) Refuse($"The line is longer than {LineReader.LengthMax} bytes.");
        else Take(line.Text);
        if (batch.Count == SessionArchive.BatchMax) await AddAsync(cancellation);
    }

    public async ValueTask<ImportReport> EndAsync(CancellationToken cancellation)
    {
        await AddAsync(cancellation);
        return new ImportReport(read, added, read - refusedCount - added, refusedCount, refused);
    }

    private void Take(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var json = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = ActionData.DepthMax });
            if (lineNumber == 1 && ArchiveLine.IsHeader(json.RootElement))
            {
                isArchive = true;
                return;
            }
            var record = ArchiveLine.Read(json.RootElement, isArchive);
            var now = clock.GetUtcNow();
            if (record.Newest is { } newest && newest > now + ClockLimits.AheadMax)
                throw new FormatException(
                    $"Its time, {newest.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, lies ahead of the clock, "
                    + $"{now.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.");
            batch.Add(new Archived(record, record is ArchiveRecord.Action action ? occurrences.Count(action) : 1));
            read++;
        }
        catch (JsonException broken)
        {
            // Of the place it tells the byte only: a line is all that was read.
            var what = broken.Message.Split(" LineNumber:")[0];
            Refuse($"It is not JSON at byte {broken.BytePositionInLine + 1}: {what}");
        }
        catch (Exception odd) when (odd is FormatException or InvalidOperationException or KeyNotFoundException)
        {
            Refuse(odd.Message);
        }
    }

    private async ValueTask AddAsync(CancellationToken cancellation)
    {
        if (batch.Count > 0) added += await store.AddAsync(batch, cancellation);
        batch.Clear();
    }

    private void Refuse(string reason)
    {
        read++;
        refusedCount++;
        if (refused.Count < SessionArchive.RefusedMax) refused.Add(new RefusedLine(lineNumber, reason));
    }
}
