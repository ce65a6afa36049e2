using System.Buffers;

namespace HeatUp.Channels.Sources.Lists;

/// <summary>
/// Reads tables: of a text, with commas, semicolons, tabs or bars between the columns; of a page; of JSON. Which row
/// names the columns is found out.
/// </summary>
internal sealed class TableList(Func<EntryReader> newReader, Remarks remarks)
{
    private readonly List<Row> first = [];
    private EntryReader reader = newReader();
    private string[]? names;
    private FieldMeaning[] meanings = [];

    /// <summary>After how many columns they come again, as in tables that stand side by side.</summary>
    private int period;

    /// <summary>Whether most rows are as wide as the head, so that a wider one has a separator in a text.</summary>
    private bool isEven;

    /// <summary>What may stand between the columns of a table.</summary>
    public static readonly char[] Separators = [',', ';', '\t', '|', '│', ' '];

    private static readonly SearchValues<char> Frames = SearchValues.Create(" +-=|:─━┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝═╟╫╢\t");

    /// <summary>A row.</summary>
    /// <param name="Line">The line that it begins in, or its number in a page, from 1.</param>
    /// <param name="Cells">What stands in it.</param>
    internal readonly record struct Row(long Line, IReadOnlyList<string> Cells);

    /// <summary>The separator by the first lines: the one that parts most of them alike.</summary>
    public static char SeparatorOf(string head)
    {
        if (head.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && head.Length > 4)
            return head[4..].StartsWith("\\t", StringComparison.Ordinal) ? '\t' : head[4];
        var lines = LinesOf(head).Take(ListLimits.SampleMax).ToList();
        return Separators.MaxBy(separator => ScoreOf(lines, separator));
    }

    /// <summary>Whether the first line names columns, one of which holds the channels.</summary>
    public static bool IsHeader(IReadOnlyList<string> cells) =>
        cells.Any(cell => FieldNames.MayName(FieldNames.Of(cell))) && !HasRef(cells);

    /// <summary>The first lines that say anything, but for frames of tables.</summary>
    public static IEnumerable<string> LinesOf(string head) => head.Split('\n', '\r')
        .Where(line => !string.IsNullOrWhiteSpace(line) && line.AsSpan().IndexOfAnyExcept(Frames) >= 0);

    /// <summary>The first rows of a text, as its separator parts them.</summary>
    /// <param name="head">The beginning of the text.</param>
    /// <param name="most">How many rows.</param>
    public static List<Row> RowsOf(string head, int most)
    {
        var separator = SeparatorOf(head);
        return
        [
            .. LinesOf(head).Take(most).Select((line, at) => new Row(at, RowSplitter.SplitLoosely(line, separator))),
        ];
    }

    /// <summary>Whether a row names the columns.</summary>
    public bool HasColumns { get; private set; }

    /// <summary>Takes a row.</summary>
    public void Add(Row row)
    {
        if (IsRule(row.Cells)) return;
        if (row.Cells.Count > ListLimits.CellsMax) row = row with { Cells = [.. row.Cells.Take(ListLimits.CellsMax)] };
        if (names is not null)
        {
            Take(row);
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
        BeginColumns(header >= 0 ? [.. first[header].Cells]
            : bare is { } column ? [.. Enumerable.Repeat("", column), "username"] : []);
        if (header < 0) remarks.Add("its first line names no columns: of each line, only the channel is taken.");
        isEven = header >= 0 && first.Count(row => row.Cells.Count <= names!.Length) * 2 > first.Count;
        // The column of the rows' numbers may have no head.
        if (header >= 0 && first.Skip(header + 1).All(row =>
                row.Cells.Count == names!.Length + 1 && row.Cells[0].All(char.IsAsciiDigit)))
            BeginColumns(["", .. names!]);
        foreach (var row in first.Skip(header + 1)) Take(row);
    }

    private void BeginColumns(string[] columns)
    {
        names = columns;
        meanings = [.. names.Select(FieldNames.Of)];
        period = Enumerable.Range(1, Math.Max(1, names.Length)).First(width => width >= names.Length
            || width > 1 && meanings[..width].Any(FieldNames.MayName) && Enumerable.Range(0, names.Length - width)
                .All(at => names[at] == names[at + width]));
    }

    /// <summary>Reads a row; one that names columns begins a new table, or the same again.</summary>
    private void Take(Row row)
    {
        if (!HasColumns || !IsHeaderAgain(row.Cells)) Read(row);
        else if (!row.Cells.SequenceEqual(names!))
        {
            reader.Complete();
            reader = newReader();
            BeginColumns([.. row.Cells]);
        }
    }

    private static bool IsHeaderAgain(IReadOnlyList<string> cells)
    {
        var filled = cells.Where(cell => cell.Length > 0).ToList();
        return filled.Count > 1 && Exact(filled) == filled.Count && IsHeader(cells);
    }

    private void Read(Row row)
    {
        var cells = isEven && row.Cells.Count > names!.Length ? Even(row.Cells) : row.Cells;
        if (period >= names!.Length || cells.Count == 0) ReadEntry(row.Line, cells);
        else
            foreach (var (at, part) in cells.Chunk(period).Index())
                if (at == 0 || Array.Exists(part, cell => cell.Length > 0))
                    ReadEntry(row.Line, part);
    }

    private void ReadEntry(long line, IReadOnlyList<string> cells) =>
        reader.Add(new($"line {line}", [.. cells.Select((cell, column) => column < names!.Length
            ? new ListField(names[column], meanings[column], cell)
            : new ListField($"column {column + 1}", FieldMeaning.None, cell))]));

    /// <summary>
    /// The cells of a row in which a text before the channel was parted by the separator, so that the channel stands
    /// too far to the right: with that text in one.
    /// </summary>
    private IReadOnlyList<string> Even(IReadOnlyList<string> cells)
    {
        var naming = Array.FindIndex(meanings, FieldNames.MayName);
        var at = cells.ToList().FindIndex(cell => TelegramRefs.Whole(cell)?.Name is not null);
        var extra = cells.Count - names!.Length;
        if (naming <= 0 || cells[^1].Length == 0 || at >= 0 && at <= naming) return cells;
        var shift = Math.Min(at < 0 ? extra : at - naming, extra);
        return [.. cells.Take(naming - 1), string.Join(", ", cells.Skip(naming - 1).Take(shift + 1)),
            .. cells.Skip(naming + shift)];
    }

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
        var scope = first.TakeWhile(row => !HasRef(row.Cells)).ToList();
        var isFirst = IsHeader(first[0].Cells);
        var best = Enumerable.Range(0, scope.Count).Where(at => IsHeader(scope[at].Cells))
            .Select(at => (At: at, Known: isFirst && at > 0 ? Exact(scope[at].Cells) : Known(scope[at].Cells)))
            .OrderByDescending(row => row.Known).FirstOrDefault();
        if (isFirst || best.Known > 1) return (best.At, null);
        if (!first.Exists(row => HasRef(row.Cells)) && !first.Exists(row => row.Cells.Any(EntryReader.IsJson)))
            return BareColumn(first) is { } bare ? (-1, bare) : throw new ImportException(
                "no column of it holds the channels. Its first line must name the columns: "
                + "username (or link), description, category, subscribers. It is: "
                + ForeignText.Clean(string.Join(", ", first[0].Cells), 80));
        return first[0].Cells.Any(cell => TelegramRefs.In(cell).Any()) ? (-1, null) : (0, null);
    }

    /// <summary>How many cells say what a column is about.</summary>
    public static int Known(IReadOnlyList<string> cells) =>
        cells.Count(cell => FieldNames.Of(cell) != FieldMeaning.None);

    /// <summary>How many cells are what columns are called, and nothing more.</summary>
    public static int Exact(IReadOnlyList<string> cells) => cells.Count(FieldNames.IsExact);

    /// <summary>
    /// The column of rows without a head whose cells are bare names of channels; null if none is, or if a head says
    /// that they are something else.
    /// </summary>
    public static int? BareColumn(List<Row> rows)
    {
        if (Known(rows[0].Cells) is var known && (known > 1 || known == rows[0].Cells.Count)) return null;
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
        cells.All(cell => cell.AsSpan().IndexOfAnyExcept(Frames) < 0);

    private static int ScoreOf(List<string> lines, char separator)
    {
        var counts = lines.Select(line => RowSplitter.SplitLoosely(line, separator)).ToList();
        if (counts.Count == 0) return 0;
        var head = counts.Take(2 * ListLimits.HeaderLinesMax).MaxBy(Known)!;
        var (width, known) = (head.Count, Known(head));
        var alike = counts.Count(cells => cells.Count == width);
        // Spaces part columns only below a head, in rows alike: anywhere else they are but space.
        if (separator == ' ' && (Exact(head) < 2 || !IsHeader(head)
            || counts.Count(cells => cells.Count == width || cells.Count == width + 1) < counts.Count)) return 0;
        return width < 2 ? 0 : (1000 * known) + (1000 * alike / counts.Count) + Math.Min(width, 100);
    }
}
