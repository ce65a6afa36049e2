using System.Text;

namespace HeatUp.Channels.Sources.Lists;

/// <summary>A table of a page while it is read: each cell has a text, and perhaps a link to Telegram.</summary>
internal sealed class HtmlTable
{
    private readonly List<(long Line, List<Cell> Cells)> rows = [];

    /// <summary>Whether what comes next belongs to a cell.</summary>
    public bool IsInCell => rows is [.., (_, [.., _])];

    /// <summary>What all cells say, their links among it.</summary>
    public IEnumerable<string> Texts => rows.SelectMany(row => row.Cells).Select(cell => $"{cell.Link} {cell.Text}");

    public void BeginRow(long line) => rows.Add((line, []));

    public void BeginCell()
    {
        if (rows.Count == 0) BeginRow(1);
        if (rows[^1].Cells.Count < ListLimits.CellsMax / 2) rows[^1].Cells.Add(new());
    }

    public void Add(string text) => rows[^1].Cells[^1].Text.Append(text);

    public void AddLink(string link) => rows[^1].Cells[^1].Link ??= link;

    /// <summary>
    /// The rows, each text beside its link, if the first row names what is in the columns; null if it doesn't.
    /// </summary>
    public IEnumerable<TableList.Row>? Rows()
    {
        var filled = rows.Where(row => row.Cells.Count > 0).ToList();
        if (filled.Count < 2) return null;
        var header = filled[0].Cells.ConvertAll(cell => FieldNames.Of(cell.Text.ToString().Trim()));
        var isHeader = header.Exists(meaning => meaning is not FieldMeaning.None and not FieldMeaning.Other)
            && filled[0].Cells.TrueForAll(cell => cell.Link is null)
            && filled.Exists(row => row.Cells.Exists(cell =>
                cell.Link is not null || TelegramRefs.In(cell.Text.ToString()).Any()));
        if (!isHeader) return null;
        // A link beside what is about somebody else is somebody else's.
        var links = header.ConvertAll(meaning => meaning == FieldMeaning.Other ? "contact" : "link");
        return filled.Select((row, at) => new TableList.Row(row.Line, [.. row.Cells.SelectMany((cell, column) =>
            new[] { cell.Text.ToString().Trim(), at == 0 ? links[column] : cell.Link ?? "" })]));
    }

    private sealed class Cell
    {
        public StringBuilder Text { get; } = new();

        public string? Link { get; set; }
    }
}
