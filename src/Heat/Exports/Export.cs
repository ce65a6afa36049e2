using HeatUp.Sessions;

namespace Heat.Exports;

/// <summary>A table that was exported.</summary>
/// <param name="Table">Its name.</param>
/// <param name="File">Where it is.</param>
/// <param name="Rows">How many rows it has.</param>
/// <param name="Bytes">How large the file is.</param>
internal sealed record ExportedTable(string Table, string File, long Rows, long Bytes);

/// <summary>
/// Writes what is remembered as tables, each into a file of a folder: all of them or none, as of one moment, and with
/// the same memory for any length. One caller.
/// </summary>
internal sealed class Export : IAsyncDisposable
{
    private readonly string folder;
    private readonly ExportFormat format;
    private readonly List<(WholeFile File, IAsyncDisposable Table)> begun = [];
    private readonly List<ExportedTable> ended = [];
    private long rowsRead;

    private Export(string folder, ExportFormat format) => (this.folder, this.format) = (folder, format);

    /// <summary>How many rows have been read; may be asked by another thread.</summary>
    public long RowsRead => Volatile.Read(ref rowsRead);

    /// <summary>Begins one; the folder is made if it isn't there.</summary>
    /// <param name="folder">Where the files go.</param>
    /// <param name="format">How they are written.</param>
    /// <param name="force">Whether files that are there may be replaced.</param>
    /// <exception cref="IOException">Nothing can be written there, or something would be lost.</exception>
    public static Export Begin(string folder, ExportFormat format, bool force)
    {
        if (File.Exists(folder)) throw new IOException($"{folder} is a file. Name a folder.");
        var export = new Export(folder, format);
        if (!force && Tables.All.Select(export.PathOf).FirstOrDefault(File.Exists) is { } there)
            throw new IOException($"{there} exists. Name another folder, or add --force.");
        Directory.CreateDirectory(folder);
        return export;
    }

    /// <summary>Writes all tables.</summary>
    /// <param name="reader">What is remembered.</param>
    /// <param name="onUnreadable">Told of each run that can't be read and is left out.</param>
    /// <param name="cancellation">Gives up: nothing is left.</param>
    /// <exception cref="StoreException">The rows can't be read: nothing is left.</exception>
    public async Task<IReadOnlyList<ExportedTable>> WriteAsync(
        IHistoryReader reader, Action<string> onUnreadable, CancellationToken cancellation)
    {
        await WriteAsync(Tables.Sessions, reader.Sessions(), cancellation);
        var sittings = await BeginAsync(Tables.Sittings);
        var steps = await BeginAsync(Tables.Steps);
        foreach (var run in Counting(reader.RunsSince(DateTimeOffset.MinValue, onUnreadable), cancellation))
        {
            await sittings.AddAsync(SittingRow.Of(run));
            foreach (var step in run.Steps) await steps.AddAsync(new(run.Id, run.Session, run.Sitting, step));
        }
        await EndAsync(Tables.Sittings, sittings);
        await EndAsync(Tables.Steps, steps);
        await WriteAsync(Tables.History, Counting(reader.History(), cancellation), cancellation);
        await WriteAsync(Tables.Memberships, Counting(reader.Memberships(), cancellation), cancellation);
        foreach (var (file, table) in begun)
        {
            await table.DisposeAsync();
            file.Place();
        }
        return ended;
    }

    /// <summary>Removes what isn't whole.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var (file, table) in begun)
        {
            await table.DisposeAsync();
            file.Dispose();
        }
    }

    private string PathOf(ITable table) => Path.Combine(folder, $"{table.Name}.{format.Word()}");

    private async Task WriteAsync<TRow>(Table<TRow> table, IEnumerable<TRow> rows, CancellationToken cancellation)
    {
        var file = await BeginAsync(table);
        foreach (var row in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            await file.AddAsync(row);
        }
        await EndAsync(table, file);
    }

    private async Task<TableFile<TRow>> BeginAsync<TRow>(Table<TRow> table)
    {
        var file = new WholeFile(PathOf(table));
        var made = await TableFile<TRow>.CreateAsync(file, table, format);
        begun.Add((file, made));
        return made;
    }

    private async Task EndAsync<TRow>(Table<TRow> table, TableFile<TRow> file) =>
        ended.Add(new(table.Name, PathOf(table), file.Count, await file.EndAsync()));

    private IEnumerable<T> Counting<T>(IEnumerable<T> rows, CancellationToken cancellation)
    {
        foreach (var row in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return row;
            Volatile.Write(ref rowsRead, rowsRead + 1);
        }
    }
}
