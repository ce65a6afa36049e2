using System.Text;
using System.Text.RegularExpressions;

namespace HeatUp.Channels.Sources.Lists;

/// <summary>How far a row has been split.</summary>
internal enum RowState
{
    /// <summary>It is whole.</summary>
    Whole,

    /// <summary>A quotation mark is open at the end of the line: the row may go on in the next.</summary>
    Open,

    /// <summary>Its quotation marks don't fit: they are letters like others.</summary>
    Broken,
}

/// <summary>
/// Splits rows of tables into cells. A cell in quotation marks may hold separators, line breaks and marks written
/// twice; where marks don't fit, they cost their own cell only.
/// </summary>
/// <param name="separator">What stands between the cells; a space for two spaces or more.</param>
internal sealed partial class RowSplitter(char separator)
{
    private readonly bool isOfSpaces = separator == ' ';
    private readonly char separator = separator == ' ' ? '\t' : separator;
    private readonly StringBuilder open = new();

    /// <summary>The cells so far.</summary>
    public List<string> Cells { get; } = [];

    /// <summary>Begins a row.</summary>
    public RowState Begin(string line)
    {
        Cells.Clear();
        open.Clear();
        return Split(isOfSpaces ? Spaces().Replace(line.Trim(), "\t") : line, 0, isOpen: false);
    }

    /// <summary>Goes on with a row that is open.</summary>
    public RowState Continue(string line)
    {
        open.Append('\n');
        return Split(line, 0, isOpen: true);
    }

    /// <summary>Splits one line, whatever its quotation marks.</summary>
    public static List<string> SplitLoosely(string line, char separator)
    {
        if (separator == ' ') return SplitLoosely(Spaces().Replace(line.Trim(), "\t"), '\t');
        var (cells, mayClose) = (new List<string>(), true);
        for (var at = 0; cells.Count < ListLimits.CellsMax;)
        {
            var start = SkipSpaces(line, at);
            var isQuoted = mayClose && start < line.Length && line[start] == '"';
            var end = isQuoted ? ClosingIn(line, start + 1, separator, isStrict: false) : NotClosed;
            // Where none closes, none closes later: to look again for each cell would take for ever.
            mayClose &= !isQuoted || end >= 0;
            var next = line.IndexOf(separator, Math.Max(end, start));
            if (next < 0) next = line.Length;
            cells.Add(end < 0 ? Bare(line[at..next]) : Unescaped(line[(start + 1)..end]));
            if (next == line.Length) break;
            at = next + 1;
        }
        return cells;
    }

    private RowState Split(string line, int at, bool isOpen)
    {
        while (Cells.Count < ListLimits.CellsMax)
        {
            var start = isOpen ? at : SkipSpaces(line, at);
            int next;
            if (isOpen || start < line.Length && line[start] == '"')
            {
                var from = isOpen ? start : start + 1;
                var end = ClosingIn(line, from, separator, isStrict: true);
                open.Append(line, from, (end < 0 ? line.Length : end) - from);
                if (end == NotClosed) return RowState.Open;
                if (end < 0) return RowState.Broken;
                Cells.Add(Unescaped(open.ToString()));
                open.Clear();
                (isOpen, next) = (false, line.IndexOf(separator, end));
            }
            else
            {
                next = line.IndexOf(separator, at);
                Cells.Add(line[at..(next < 0 ? line.Length : next)].Trim());
            }
            if (next < 0) return RowState.Whole;
            at = next + 1;
        }
        return RowState.Whole;
    }

    [GeneratedRegex(" {2,}")]
    private static partial Regex Spaces();

    private const int NotClosed = -1;
    private const int Misfit = -2;

    /// <summary>Where the closing mark stands: before a separator or at the end of the line.</summary>
    private static int ClosingIn(string line, int from, char separator, bool isStrict)
    {
        for (var i = from; i < line.Length; i++)
        {
            if (line[i] != '"') continue;
            if (i + 1 < line.Length && line[i + 1] == '"')
            {
                i++;
                continue;
            }
            var after = SkipSpaces(line, i + 1);
            var isEscaped = IsAfterBackslash(line, i);
            if (!isEscaped && (after == line.Length || line[after] == separator)) return i;
            if (isStrict && !isEscaped) return Misfit;
        }
        return NotClosed;
    }

    private static bool IsAfterBackslash(string line, int at)
    {
        var count = 0;
        while (at - count > 0 && line[at - count - 1] == '\\') count++;
        return count % 2 == 1;
    }

    private static int SkipSpaces(string line, int at)
    {
        while (at < line.Length && line[at] == ' ') at++;
        return at;
    }

    private static string Bare(string cell)
    {
        var bare = cell.Trim();
        return bare.StartsWith('"') ? bare[1..] : bare;
    }

    private static string Unescaped(string cell) => cell.Replace("\"\"", "\"").Replace("\\\"", "\"").Trim();
}
