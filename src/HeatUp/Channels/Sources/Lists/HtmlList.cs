using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Html;
using AngleSharp.Html.Parser;
using AngleSharp.Html.Parser.Tokens;
using AngleSharp.Text;

namespace HeatUp.Channels.Sources.Lists;

/// <summary>
/// Reads pages: what their texts say, where their links lead, and their tables. Styles, scripts, and the texts of
/// links to other sites name no channel. Tokens are enough for that, and cost no more than the page's length.
/// </summary>
/// <param name="text">Reads what isn't in a table.</param>
/// <param name="newReader">Makes a reader for the entries of one table.</param>
/// <param name="remarks">Takes what is wrong.</param>
internal sealed partial class HtmlList(TextList text, Func<EntryReader> newReader, Remarks remarks)
{
    /// <summary>What is inside a line: every other element begins a new one.</summary>
    private static readonly HashSet<string> Inline =
        ["a", "abbr", "b", "bdi", "bdo", "code", "em", "font", "i", "mark", "s", "small", "span", "strong", "u", "wbr"];

    /// <summary>What is read as letters up to its own end, and shown to nobody.</summary>
    private static readonly Dictionary<string, HtmlParseMode> Unseen = new()
    {
        ["script"] = HtmlParseMode.Script, ["style"] = HtmlParseMode.Rawtext, ["xmp"] = HtmlParseMode.Rawtext,
        ["iframe"] = HtmlParseMode.Rawtext, ["noembed"] = HtmlParseMode.Rawtext, ["noframes"] = HtmlParseMode.Rawtext,
        ["template"] = HtmlParseMode.PCData,
    };

    private static readonly string[] Starts =
        ["<!doctype html", "<html", "<head", "<body", "<table", "<?xml", "<div", "<ul", "<ol", "<section", "<main"];

    private readonly StringBuilder line = new();
    private HtmlTable? table;
    private int tableDepth;
    private string? unseen;
    private bool isOfOther;
    private long number = 1;

    /// <summary>Whether a text is a page.</summary>
    public static bool Is(string head)
    {
        var start = head.TrimStart();
        return Array.Exists(Starts, tag => start.StartsWith(tag, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Reads a page.</summary>
    public void Read(string page)
    {
        using var source = new TextSource(page);
        var tokenizer = new HtmlTokenizer(source, HtmlEntityProvider.Resolver);
        while (tokenizer.Get() is { Type: not HtmlTokenType.EndOfFile } token)
        {
            if (token.Type == HtmlTokenType.Character) Add(token.Data);
            else if (token is HtmlTagToken tag) Take(tag, tokenizer);
            number = token.Position.Line;
        }
        EndLine();
        EndTable();
    }

    private void Take(HtmlTagToken tag, HtmlTokenizer tokenizer)
    {
        var isStart = tag.Type == HtmlTokenType.StartTag;
        if (unseen is not null)
        {
            if (!isStart && tag.Name == unseen) unseen = null;
            return;
        }
        if (isStart && Unseen.TryGetValue(tag.Name, out var mode))
        {
            (unseen, tokenizer.State) = (tag.Name, mode);
            return;
        }
        if (isStart && tag.Name is "textarea" or "title") tokenizer.State = HtmlParseMode.RCData;
        if (tag.Name == "a") TakeLink(isStart ? tag.GetAttribute("href") : "");
        else if (tag.Name is "table" or "tr" or "td" or "th")
            TakeTable(tag.Name, isStart, isStart && int.TryParse(tag.GetAttribute("rowspan"), out var span) ? span : 1);
        else if (!Inline.Contains(tag.Name)) EndLine();
    }

    private void TakeLink(string href)
    {
        href = href.Trim();
        if (href.StartsWith("//", StringComparison.Ordinal)) href = $"https:{href}";
        // A link within a site leads to a channel if the site is TGStat.
        if (href is ['/' or '?' or '.', ..]) href = TgstatPath().IsMatch(href) ? $"https://tgstat.ru{href}" : "";
        var isTelegrams = href.Length <= ListLimits.NameCellMax && TelegramRefs.In(href).Any();
        isOfOther = !isTelegrams && (href.Contains("://", StringComparison.Ordinal)
            || href.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase));
        if (!isTelegrams) return;
        if (table is { IsInCell: true }) table.AddLink(href);
        else line.Append(' ').Append(href).Append(' ');
    }

    private void TakeTable(string tag, bool isStart, int span)
    {
        EndLine();
        tableDepth += tag == "table" ? isStart ? 1 : -1 : 0;
        if (tag == "table" && isStart && tableDepth == 1) table = new();
        else if (tableDepth <= 0) EndTable();
        else if (tableDepth == 1 && tag == "tr" && isStart) table?.BeginRow(number);
        else if (tableDepth == 1 && tag is "td" or "th" && isStart) table?.BeginCell(span);
    }

    private void Add(string? data)
    {
        if (unseen is not null || data is null) return;
        // What a link to another site shows is a name there.
        if (isOfOther) data = data.Replace('@', ' ');
        if (table is { IsInCell: true }) table.Add(data);
        else line.Append(data);
    }

    private void EndLine()
    {
        if (table is { IsInCell: true }) table.Add(" ");
        if (line.Length > 0) ReadText(line.ToString());
        line.Clear();
    }

    private void ReadText(string lines)
    {
        foreach (var one in lines.Split('\n')) text.Read(one, number);
    }

    [GeneratedRegex("^/(?:[a-z]{2}/)?(?:channel|chat)/@", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TgstatPath();

    private void EndTable()
    {
        (tableDepth, var ended) = (0, table);
        table = null;
        if (ended?.Rows() is { } rows)
        {
            var list = new TableList(newReader, remarks);
            foreach (var row in rows) list.Add(row);
            list.TryComplete();
        }
        else if (ended is not null)
            foreach (var one in ended.Texts) ReadText(one);
    }
}

/// <summary>A table of a page while it is read: each cell has a text, and perhaps a link to Telegram.</summary>
internal sealed class HtmlTable
{
    private readonly List<(long Line, List<Cell> Cells)> rows = [];
    private int spanned;

    /// <summary>Whether what comes next belongs to a cell.</summary>
    public bool IsInCell => rows is [.., (_, [.., _])];

    /// <summary>What all cells say, their links among it.</summary>
    public IEnumerable<string> Texts => rows.SelectMany(row => row.Cells).Select(cell => $"{cell.Link} {cell.Text}");

    public void BeginRow(long line)
    {
        AddFromAbove();
        rows.Add((line, []));
        AddFromAbove();
    }

    /// <summary>Begins a cell.</summary>
    /// <param name="span">In how many rows it stands.</param>
    public void BeginCell(int span)
    {
        if (rows.Count == 0) BeginRow(1);
        AddFromAbove();
        if (rows[^1].Cells.Count < ListLimits.CellsMax / 2)
            rows[^1].Cells.Add(new() { RowsBelow = Math.Min(span, ListLimits.RowSpanMax) - 1 });
    }

    /// <summary>Adds the cells of the row above that stand in this one too, where they come next.</summary>
    private void AddFromAbove()
    {
        if (rows is not [.., var (_, above), var (_, cells)]) return;
        while (cells.Count < above.Count && above[cells.Count] is { RowsBelow: > 0 } cell
            && cell.Text.Length <= ListLimits.NameCellMax && spanned++ < ListLimits.SpannedCellsMax)
            cells.Add(new(cell.Text) { Link = cell.Link, RowsBelow = cell.RowsBelow - 1 });
    }

    public void Add(string text) => rows[^1].Cells[^1].Text.Append(text);

    public void AddLink(string link) => rows[^1].Cells[^1].Link ??= link;

    /// <summary>
    /// The rows, each text beside its link, if one of the first names what is in the columns; null if none does.
    /// </summary>
    public IEnumerable<TableList.Row>? Rows()
    {
        AddFromAbove();
        var filled = rows.Where(row => row.Cells.Count > 0).ToList();
        if (filled.Count < 2) return null;
        var head = filled.FindIndex(row => row.Cells.TrueForAll(cell => cell.Link is null)
            && row.Cells.Exists(cell => FieldNames.Of(cell.Words) is not (FieldMeaning.None or FieldMeaning.Other)));
        if (head is < 0 or >= ListLimits.HeaderLinesMax) return null;
        var header = filled[head].Cells.ConvertAll(cell => FieldNames.Of(cell.Words));
        if (!header.Contains(FieldMeaning.Username) && !filled.Exists(row => row.Cells.Exists(cell =>
                cell.Link is not null || TelegramRefs.In(cell.Words).Any()))) return null;
        // A link beside what is about somebody else is somebody else's.
        var links = header.ConvertAll(meaning => meaning == FieldMeaning.Other ? "contact" : "link");
        return filled.Skip(head).Select((row, at) => new TableList.Row(row.Line, [.. row.Cells.SelectMany(
            (cell, column) => new[] { cell.Words, at == 0 ? links[column] : cell.Link ?? "" })]));
    }

    private sealed class Cell(StringBuilder? text = null)
    {
        public StringBuilder Text { get; } = text ?? new();

        public string Words => Text.ToString().Trim();

        public int RowsBelow { get; init; }

        public string? Link { get; set; }
    }
}
