using System.Buffers;
using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace Heat.Exports;

/// <summary>How tables are written; the word is also the end of a file's name.</summary>
internal enum ExportFormat
{
    /// <summary>Apache Parquet, compressed with Zstandard.</summary>
    Parquet,

    /// <summary>CSV as RFC 4180 has it, but with line feeds alone.</summary>
    Csv,

    /// <summary>A JSON object a line.</summary>
    Ndjson,
}

/// <summary>A file of a table that is being written; its rows are kept until there are enough to be written.</summary>
internal abstract class TableFile<TRow>(WholeFile file, Table<TRow> table) : IAsyncDisposable
{
    /// <summary>So many rows are a group of a Parquet file, and are in memory at once.</summary>
    public const int GroupRows = 32_768;

    /// <summary>So much text is written at once.</summary>
    protected const int TextMin = 65_536;

    private readonly List<TRow> rows = [];

    protected FileStream To { get; } = File.Create(file.Unfinished);

    protected Column<TRow>[] Columns => table.Columns;

    /// <summary>How many rows were added.</summary>
    public long Count { get; private set; }

    /// <summary>Begins a file.</summary>
    public static async Task<TableFile<TRow>> CreateAsync(WholeFile file, Table<TRow> table, ExportFormat format)
    {
        TableFile<TRow> made = format switch
        {
            ExportFormat.Parquet => new ParquetFile<TRow>(file, table),
            ExportFormat.Csv => new CsvFile<TRow>(file, table),
            _ => new NdjsonFile<TRow>(file, table),
        };
        await made.BeginAsync();
        return made;
    }

    /// <summary>Adds a row.</summary>
    public ValueTask AddAsync(TRow row)
    {
        rows.Add(row);
        Count++;
        return rows.Count < GroupRows ? ValueTask.CompletedTask : new ValueTask(FlushAsync());
    }

    /// <summary>Writes what isn't yet, to the disk; answers how many bytes it has.</summary>
    public async Task<long> EndAsync()
    {
        if (rows.Count > 0) await FlushAsync();
        await CloseAsync();
        To.Flush(flushToDisk: true);
        return To.Length;
    }

    public virtual ValueTask DisposeAsync() => To.DisposeAsync();

    /// <summary>Writes what comes before all rows.</summary>
    protected abstract Task BeginAsync();

    /// <summary>Writes rows.</summary>
    protected abstract Task WriteAsync(List<TRow> rows);

    /// <summary>Writes what comes after all rows.</summary>
    protected virtual Task CloseAsync() => Task.CompletedTask;

    private async Task FlushAsync()
    {
        await WriteAsync(rows);
        rows.Clear();
    }
}

/// <summary>A table as Parquet.</summary>
internal sealed class ParquetFile<TRow>(WholeFile file, Table<TRow> table) : TableFile<TRow>(file, table)
{
    // The library's usual level takes ten times as long, for files that are hardly smaller.
    private static readonly ParquetOptions Options = new()
    {
        CompressionMethod = CompressionMethod.Zstd,
        CompressionLevel = CompressionLevel.Fastest,
    };

    private readonly ParquetSchema schema = new([.. table.Columns.Select(column => column.Field)]);
    private ParquetWriter? writer;

    public override async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await base.DisposeAsync();
    }

    protected override async Task BeginAsync() => writer = await ParquetWriter.CreateAsync(schema, To, Options);

    protected override async Task WriteAsync(List<TRow> rows)
    {
        using var group = writer!.CreateRowGroup();
        for (var at = 0; at < Columns.Length; at++)
            await Columns[at].WriteAsync(group, schema.DataFields[at], rows);
    }

    protected override async Task CloseAsync()
    {
        if (writer is not null) await writer.DisposeAsync();
        writer = null;
    }
}

/// <summary>A table as CSV.</summary>
internal sealed class CsvFile<TRow>(WholeFile file, Table<TRow> table) : TableFile<TRow>(file, table)
{
    private readonly StringBuilder text = new();

    protected override Task BeginAsync() => WriteAsync(Columns.Select(column => column.Name));

    protected override async Task WriteAsync(List<TRow> rows)
    {
        foreach (var row in rows) await WriteAsync(Columns.Select(column => column.Cell(row)));
    }

    protected override Task CloseAsync() => FlushTextAsync();

    private async Task WriteAsync(IEnumerable<string> cells)
    {
        text.AppendJoin(',', cells).Append('\n');
        if (text.Length >= TextMin) await FlushTextAsync();
    }

    private async Task FlushTextAsync()
    {
        await To.WriteAsync(Encoding.UTF8.GetBytes($"{text}"));
        text.Clear();
    }
}

/// <summary>A table as lines of JSON.</summary>
internal sealed class NdjsonFile<TRow>(WholeFile file, Table<TRow> table) : TableFile<TRow>(file, table)
{
    private static readonly JsonWriterOptions Readable =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> text = new(2 * TextMin);

    protected override Task BeginAsync() => Task.CompletedTask;

    protected override async Task WriteAsync(List<TRow> rows)
    {
        await using var json = new Utf8JsonWriter(text, Readable);
        foreach (var row in rows)
        {
            json.WriteStartObject();
            foreach (var column in Columns) column.Write(json, row);
            json.WriteEndObject();
            json.Flush();
            json.Reset();
            text.Write("\n"u8);
            if (text.WrittenCount >= TextMin) await FlushTextAsync();
        }
        await FlushTextAsync();
    }

    private async Task FlushTextAsync()
    {
        await To.WriteAsync(text.WrittenMemory);
        text.ResetWrittenCount();
    }
}
