using System.Globalization;
using System.Text.Json;
using Heat.Reports;
using Parquet;
using Parquet.Schema;

namespace Heat.Exports;

/// <summary>A column of an exported table, in every format.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it holds: <c>text</c>, <c>int64</c> or <c>timestamp</c>.</param>
/// <param name="IsNullable">Whether a row may have no value.</param>
/// <param name="Meaning">What a value says, for the documentation.</param>
internal abstract record Column<TRow>(string Name, string Type, bool IsNullable, string Meaning)
{
    /// <summary>The column in a Parquet file.</summary>
    public abstract DataField Field { get; }

    /// <summary>Writes these rows' values into a group of a Parquet file.</summary>
    public abstract Task WriteAsync(ParquetRowGroupWriter group, DataField field, List<TRow> rows);

    /// <summary>Writes a row's value as JSON.</summary>
    public abstract void Write(Utf8JsonWriter json, TRow row);

    /// <summary>A row's value as a cell of CSV; nothing for no value, <c>""</c> for an empty text.</summary>
    public abstract string Cell(TRow row);
}

/// <summary>A column of texts.</summary>
internal sealed record TextColumn<TRow>(string Name, string Meaning, Func<TRow, string?> Value, bool IsNullable = false)
    : Column<TRow>(Name, "text", IsNullable, Meaning)
{
    public override DataField Field => new(Name, typeof(string), IsNullable);

    public override Task WriteAsync(ParquetRowGroupWriter group, DataField field, List<TRow> rows) =>
        group.WriteAsync(field, rows.ConvertAll(row => Value(row)!));

    public override void Write(Utf8JsonWriter json, TRow row) => json.WriteString(Name, Value(row));

    public override string Cell(TRow row) => Value(row) switch
    {
        null => "",
        "" => "\"\"",
        var text => CsvReport.Quoted(text),
    };
}

/// <summary>A column of whole numbers.</summary>
internal sealed record NumberColumn<TRow>(string Name, string Meaning, Func<TRow, long?> Value, bool IsNullable = false)
    : Column<TRow>(Name, "int64", IsNullable, Meaning)
{
    public override DataField Field => new(Name, typeof(long), IsNullable);

    public override Task WriteAsync(ParquetRowGroupWriter group, DataField field, List<TRow> rows) => IsNullable
        ? group.WriteAsync<long>(field, new ReadOnlyMemory<long?>([.. rows.Select(Value)]))
        : group.WriteAsync<long>(field, new ReadOnlyMemory<long>([.. rows.Select(row => Value(row)!.Value)]));

    public override void Write(Utf8JsonWriter json, TRow row)
    {
        if (Value(row) is { } number) json.WriteNumber(Name, number);
        else json.WriteNull(Name);
    }

    public override string Cell(TRow row) => Value(row)?.ToString(CultureInfo.InvariantCulture) ?? "";
}

/// <summary>A column of times: UTC, to the microsecond.</summary>
internal sealed record TimeColumn<TRow>(
    string Name, string Meaning, Func<TRow, DateTimeOffset?> Value, bool IsNullable = false)
    : Column<TRow>(Name, "timestamp", IsNullable, Meaning)
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    public override DataField Field => new DateTimeDataField(
        Name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, DateTimeTimeUnit.Micros, IsNullable);

    public override Task WriteAsync(ParquetRowGroupWriter group, DataField field, List<TRow> rows) => IsNullable
        ? group.WriteAsync<DateTime>(
            field, new ReadOnlyMemory<DateTime?>([.. rows.Select(row => Value(row)?.UtcDateTime)]))
        : group.WriteAsync<DateTime>(
            field, new ReadOnlyMemory<DateTime>([.. rows.Select(row => Value(row)!.Value.UtcDateTime)]));

    public override void Write(Utf8JsonWriter json, TRow row) => json.WriteString(Name, Text(row));

    public override string Cell(TRow row) => Text(row) ?? "";

    private string? Text(TRow row) => Value(row)?.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);
}
