namespace HeatUp.Channels.Sources.Lists;

/// <summary>
/// Reads tables: of a text, with commas, semicolons, tabs or bars between the columns; of a page; of JSON. Which row
/// names the columns is found out.
/// </summary>
internal sealed class TableList(EntryReader reader, Remarks remarks)
{
    private readonly List<Row> first = [];
    private string[]? names;
    private FieldMeaning[] meanings = [];

    /// <summary>What may stand between the columns of a table.</summary>
    public static readonly char[] Separators = [',', ';', '\t', '|'];

    /// <summary>A row.</summary>
    /// <param name="Line">The line that it begins in, or its number in a page, from 1.</param>
    /// <param name="Cells">What stands in it.</param>
    internal readonly record struct Row(long Line, IReadOnlyList<string> Cells);

    /// <summary>The separator by the first lines: the one that parts most of them alike.</summary>
    public static char SeparatorOf(string head)
    {
        if (head.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && head.Length > 4) return head[4];
        var lines = LinesOf(head).Take(ListLimits.SampleMax).ToList();
        return Separators.MaxBy(separator => ScoreOf(lines, separator));
    }

    /// <summary>Whether the first line names columns, one of which holds the channels.</summary>
    public static bool IsHeader(IReadOnlyList<string> cells) =>
        cells.Any(cell => FieldNames.MayName(FieldNames.Of(cell))) && !HasRef(cells);

    /// <summary>The first lines that say anything.</summary>
    public static IEnumerable<string> LinesOf(string head) =>
        head.Split('\n', '\r').Where(line => !string.IsNullOrWhiteSpace(line));

    /// <summary>Whether a row names the columns.</summary>
    public bool HasColumns { get; private set; }

    /// <summary>Takes a row.</summary>
    public void Add(Row row)
    {
        if (IsRule(row.Cells)) return;
        if (names is not null)
        {
            Read(row);
            return;
        }
        first.Add(row);
        if (first.Count == ListLimits.SampleMax) Begin();
    }

    /// <summary>Reads what has waited.</summary>
    /// <exception cref="ImportException">None of the first rows tells which column holds the channels.</exception>
    public void Complete()
    {
        if (names is null) Begin();
        reader.Complete();
    }

    /// <summary>Reads what has waited; a table that holds no channels costs a remark.</summary>
    /// <returns>Whether it holds channels.</returns>
    public bool TryComplete()
    {
        try
        {
            Complete();
            return true;
        }
        catch (ImportException failure)
        {
            remarks.Add($"A table is left out: {failure.Message}");
            return false;
        }
    }

    /// <summary>Reads the rows of a text.</summary>
    public async Task ReadAsync(ListLines lines, char separator, CancellationToken cancellation)
    {
        var splitter = new RowSplitter(separator);
        var ahead = new Queue<ListLine>();
        while ((ahead.Count > 0 ? ahead.Dequeue() : await lines.ReadAsync(cancellation)) is { } line)
        {
            if (string.IsNullOrWhiteSpace(line.Text)) continue;
            if (line.IsCut)
                remarks.Add($"line {line.Number} has more than {ListLimits.LineLengthMax} characters: the rest of it "
                    + "is not read.");
            var state = line.IsCut ? RowState.Broken : splitter.Begin(line.Text);
            var count = 0;
            // Lines that the row goes on in are taken only if its marks fit in the end.
            while (state == RowState.Open && count < ListLimits.RowLinesMax)
            {
                if (count == ahead.Count && await lines.ReadAsync(cancellation) is { } next) ahead.Enqueue(next);
                if (count == ahead.Count || ahead.ElementAt(count).IsCut) break;
                state = splitter.Continue(ahead.ElementAt(count++).Text);
            }
            var isWhole = state == RowState.Whole
                && (count == 0 || !ahead.Take(count).All(next => IsRow(next.Text, separator, splitter.Cells.Count)));
            Add(new(line.Number, isWhole ? [.. splitter.Cells] : RowSplitter.SplitLoosely(line.Text, separator)));
            if (isWhole) for (; count > 0; count--) ahead.Dequeue();
        }
        Complete();
    }

    private void Begin()
    {
        if (first.Count == 0) throw new ImportException("it is empty.");
        var (header, bare) = HeaderIn(first);
        HasColumns = header >= 0;
        names = header >= 0 ? [.. first[header].Cells]
            : bare is { } column ? [.. Enumerable.Repeat("", column), "username"] : [];
        meanings = [.. names.Select(FieldNames.Of)];
        if (header < 0) remarks.Add("its first line names no columns: of each line, only the channel is taken.");
        foreach (var row in first.Skip(header + 1)) Read(row);
    }

    private void Read(Row row) => reader.Add(new($"line {row.Line}", [.. row.Cells.Select((cell, column) =>
        column < names!.Length
            ? new ListField(names[column], meanings[column], cell)
            : new ListField($"column {column + 1}", FieldMeaning.None, cell))]));

    /// <summary>Whether a line is a row by itself: then a mark that seems to close in it was never opened.</summary>
    private static bool IsRow(string line, char separator, int width)
    {
        var cells = RowSplitter.SplitLoosely(line, separator);
        return cells.Count == width
            && (HasRef(cells) || cells[0].Contains('_') && EntryReader.NameOf(cells[0]) is not null);
    }

    /// <summary>
    /// Which of the first rows names the columns; -1 if none does, because they hold channels, and the column of those
    /// if nothing but their place tells them.
    /// </summary>
    private static (int Header, int? Bare) HeaderIn(List<Row> first)
    {
        var scope = first.Take(ListLimits.HeaderLinesMax).ToList();
        if (IsHeader(scope[0].Cells)) return (0, null);
        var later = scope.FindIndex(row =>
            IsHeader(row.Cells) && row.Cells.Count(cell => FieldNames.Of(cell) != FieldMeaning.None) > 1);
        if (later >= 0) return (later, null);
        if (!first.Exists(row => HasRef(row.Cells)))
            return BareColumn(first) is { } bare ? (-1, bare) : throw new ImportException(
                "no column of it holds the channels. Its first line must name the columns: "
                + "username (or link), description, category, subscribers. It is: "
                + ForeignText.Clean(string.Join(", ", first[0].Cells), 80));
        return scope[0].Cells.Any(cell => TelegramRefs.In(cell).Any()) ? (-1, null) : (0, null);
    }

    /// <summary>The column of rows without a head whose cells are bare names of channels; null if none is.</summary>
    public static int? BareColumn(List<Row> rows)
    {
        for (var column = 0; column < rows.Max(row => row.Cells.Count); column++)
            if (EntryReader.AreNames(
                    [.. rows.Where(row => row.Cells.Count > column).Select(row => row.Cells[column])]))
                return column;
        return null;
    }

    private static bool HasRef(IReadOnlyList<string> cells) =>
        cells.Any(cell => TelegramRefs.Whole(cell)?.Name is not null);

    /// <summary>Whether a row is but a line under the others.</summary>
    private static bool IsRule(IReadOnlyList<string> cells) =>
        cells.All(cell => cell.AsSpan().IndexOfAnyExcept(" -:=+") < 0);

    private static int ScoreOf(List<string> lines, char separator)
    {
        var counts = lines.Select(line => RowSplitter.SplitLoosely(line, separator)).ToList();
        if (counts.Count == 0) return 0;
        var width = counts[0].Count;
        var known = counts[0].Count(cell => FieldNames.Of(cell) != FieldMeaning.None);
        var alike = counts.Count(cells => cells.Count == width);
        return width < 2 ? 0 : (1000 * known) + (1000 * alike / counts.Count) + Math.Min(width, 100);
    }
}
