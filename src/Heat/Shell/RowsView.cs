using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Heat.Shell;

/// <summary>A column of an answer.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="Wraps">Whether a long text in it goes on below; otherwise each cell is one line.</param>
/// <param name="IsNumber">Whether it is aligned to the right.</param>
internal sealed record RowColumn(string Name, bool Wraps = false, bool IsNumber = false);

/// <summary>A cell of an answer.</summary>
/// <param name="Markup">What a terminal shows.</param>
/// <param name="Plain">What programs get.</param>
internal readonly record struct Cell(string Markup, string Plain)
{
    /// <summary>A text, the same for both.</summary>
    public static implicit operator Cell(string? text) => new(Spectre.Console.Markup.Escape(text ?? ""), text ?? "");

    /// <summary>A number: with commas for people, without for programs.</summary>
    public static Cell Of(long number) =>
        new(number.ToString("N0", CultureInfo.InvariantCulture), number.ToString(CultureInfo.InvariantCulture));

    /// <summary>A time: with a remark for people, as ISO 8601 has it for programs.</summary>
    public static Cell Of(DateTimeOffset time, string remark = "") => new(
        $"{time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC{(remark.Length > 0 ? $" [grey]({remark})[/]" : "")}",
        $"{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}");
}

/// <summary>
/// Rows of an answer: a table where the terminal has room for it, a list of its fields where it hasn't, and lines with
/// tabs between the cells in files and pipes. No way loses a character.
/// </summary>
internal sealed class RowsView(params RowColumn[] columns)
{
    /// <summary>A column of running text is readable with this many characters.</summary>
    private const int WrappedMin = 24;

    private readonly List<Cell[]> rows = [];

    /// <summary>Adds a row, a cell for each column.</summary>
    public void Add(params Cell[] cells) => rows.Add(cells);

    /// <summary>Writes them.</summary>
    public void Write(Terminal terminal)
    {
        if (terminal.IsPiped) WriteLines(terminal);
        else if (Width(terminal.Out) <= terminal.Out.Profile.Width) terminal.Out.Write(ToTable(terminal));
        else WriteList(terminal);
    }

    private void WriteLines(Terminal terminal)
    {
        terminal.WriteLine(string.Join('\t', columns.Select(column => column.Name)));
        foreach (var row in rows) terminal.WriteLine(string.Join('\t', row.Select(cell => OneLine(cell.Plain))));
    }

    private Table ToTable(Terminal terminal)
    {
        var table = new Table { Border = terminal.IsAscii ? TableBorder.Ascii : TableBorder.Rounded };
        foreach (var column in columns)
        {
            var shown = new TableColumn(column.Name) { NoWrap = !column.Wraps };
            table.AddColumn(column.IsNumber ? shown.RightAligned() : shown);
        }
        foreach (var row in rows) table.AddRow([.. row.Select(cell => Shown(cell, terminal))]);
        return table;
    }

    private void WriteList(Terminal terminal)
    {
        foreach (var (index, row) in rows.Index())
        {
            if (index > 0) terminal.Out.WriteLine();
            var fields = new Grid()
                .AddColumn(new GridColumn().NoWrap().Padding(0, 0, 2, 0))
                .AddColumn(new GridColumn().Padding(0, 0, 0, 0));
            foreach (var (column, cell) in columns.Zip(row))
                if (cell.Markup.Length > 0)
                    fields.AddRow($"[grey]{Markup.Escape(column.Name)}[/]", Shown(cell, terminal));
            terminal.Out.Write(fields);
        }
    }

    /// <summary>How wide the table is at least.</summary>
    private int Width(IAnsiConsole console)
    {
        var options = RenderOptions.Create(console, console.Profile.Capabilities);
        // A bar and two spaces for each column, and a bar at the end.
        return 3 * columns.Length + 1 + columns.Index().Sum(column =>
        {
            var natural = rows.Select(row => WidthOf(row[column.Index].Markup))
                .Append(WidthOf(Markup.Escape(column.Item.Name))).Max();
            return column.Item.Wraps ? Math.Min(natural, WrappedMin) : natural;
        });

        int WidthOf(string markup) =>
            ((IRenderable)new Markup(markup)).Measure(options, int.MaxValue).Max;
    }

    private static string Shown(Cell cell, Terminal terminal) =>
        (terminal.IsAscii ? Ascii.Of(cell.Markup) : cell.Markup).Replace('\t', ' ');

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Replace('\t', ' ');
}
