using System.Text;
using System.Text.RegularExpressions;

namespace HeatUp.Channels.Sources.Lists;

/// <summary>Reads dumps of databases: the rows of <c>INSERT</c>, and those of PostgreSQL's <c>COPY</c>.</summary>
/// <param name="newReader">Makes a reader for the entries of one table.</param>
/// <param name="remarks">Takes what is wrong.</param>
internal sealed partial class SqlList(Func<EntryReader> newReader, Remarks remarks)
{
    private readonly Dictionary<string, (TableList List, int Width)> tables = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string[]> columns = new(StringComparer.OrdinalIgnoreCase);
    private (int At, long Number) line = (0, 1);
    private int found;

    /// <summary>Whether a text is a dump, as far as it goes.</summary>
    public static bool Is(string head) => Statement().IsMatch(head.ReplaceLineEndings("\n"));

    /// <summary>Reads a dump.</summary>
    /// <returns>How many of its tables hold channels.</returns>
    public int Read(string text)
    {
        foreach (Match made in Creation().Matches(text))
            columns.TryAdd(Plain(made.Groups["table"].Value), [.. Column().Matches(made.Groups["columns"].Value)
                .Select(one => one.Groups["name"].Value)]);
        for (Match statement = Statement().Match(text), next; statement.Success; statement = next)
        {
            next = statement.NextMatch();
            var table = Plain(statement.Groups["table"].Value);
            var names = statement.Groups["columns"].Success
                ? statement.Groups["columns"].Value.Split(',').Select(Plain).ToArray()
                : columns.GetValueOrDefault(table, []);
            // What is broken in a statement costs no other.
            var rows = (From: statement.Index + statement.Length, To: next.Success ? next.Index : text.Length);
            foreach (var (at, row) in statement.Groups["copy"].Success
                ? Copied(text, rows.From, rows.To) : Inserted(text, rows.From, rows.To))
                Add(table, names, new(LineAt(text, at), row));
        }
        foreach (var (list, _) in tables.Values) End(list);
        return found;
    }

    /// <summary>Adds a row to its table. Where no statement names the columns, rows of another width are another table.
    /// </summary>
    private void Add(string table, string[] names, TableList.Row row)
    {
        if (!tables.TryGetValue(table, out var known) || known.Width != row.Cells.Count)
        {
            if (known.List is not null) End(known.List);
            known = tables[table] = (new(newReader, remarks), row.Cells.Count);
            if (names.Length == row.Cells.Count) known.List.Add(row with { Cells = names });
        }
        known.List.Add(row);
    }

    private void End(TableList table) => found += table.TryComplete() ? 1 : 0;

    /// <summary>The number of a line; places come in their order.</summary>
    private long LineAt(string text, int at)
    {
        line = (at, line.Number + text.AsSpan(line.At, at - line.At).Count('\n'));
        return line.Number;
    }

    /// <summary>The rows of <c>COPY</c>: lines with tabs, up to one of a backslash and a point.</summary>
    private static IEnumerable<(int At, List<string> Cells)> Copied(string text, int from, int to)
    {
        for (int at = from, end; at < to; at = end + 1)
        {
            end = text.IndexOf('\n', at, to - at) is >= 0 and var found ? found : to;
            var row = text[at..end];
            if (row == "\\.") yield break;
            if (row.Length > 0)
                yield return (at, [.. row.Split('\t').Select(cell => cell == "\\N" ? "" : Unescaped(cell))]);
        }
    }

    private static string Unescaped(string cell) =>
        cell.Replace("\\n", " ", StringComparison.Ordinal).Replace("\\t", " ", StringComparison.Ordinal)
            .Replace("\\\\", "\\", StringComparison.Ordinal);

    /// <summary>The rows of <c>VALUES</c>: values in brackets, with commas between.</summary>
    private IEnumerable<(int At, List<string> Cells)> Inserted(string all, int from, int to)
    {
        var text = all[from..to];
        for (var at = 0; ; at++)
        {
            while (at < text.Length && (char.IsWhiteSpace(text[at]) || text[at] == ',')) at++;
            if (at >= text.Length || text[at] != '(') yield break;
            var (begin, row, cell, quote) = (from + at, new List<string>(), new StringBuilder(), '\0');
            for (at++; at < text.Length && (quote != '\0' || text[at] != ')'); at++)
            {
                var letter = text[at];
                if (quote == '\0' && letter == ',')
                {
                    row.Add(cell.ToString().Trim());
                    cell.Clear();
                }
                else if (quote == '\0' && letter is '\'' or '"') (quote, cell) = (letter, cell.Clear());
                else if (letter == quote && at + 1 < text.Length && text[at + 1] == quote) cell.Append(text[at++]);
                else if (letter == quote) quote = '\0';
                else if (letter == '\\' && quote != '\0' && at + 1 < text.Length)
                    cell.Append(text[++at] is var escaped and not ('n' or 't' or 'r') ? escaped : ' ');
                else cell.Append(letter);
            }
            if (at >= text.Length)
            {
                // A name that was cut is another's.
                remarks.PassOver(
                    PassedOverReason.Unreadable, $"line {LineAt(all, begin)} is left out: its row has no end.");
                yield break;
            }
            row.Add(cell.ToString().Trim());
            yield return (begin, row);
        }
    }

    private static string Plain(string name) =>
        name.Trim().Trim('`', '"', '[', ']', '\'').Split('.')[^1].Trim('`', '"');

    [GeneratedRegex(@"^[ \t]*(?:INSERT\s+(?:IGNORE\s+|OR\s+\w+\s+)?INTO\s+(?<table>[\w.`""\[\]]+)\s*"
        + @"(?:\((?<columns>[^()]*)\)\s*)?VALUES\s*|(?<copy>COPY)\s+(?<table>[\w.`""]+)\s*"
        + @"(?:\((?<columns>[^()]*)\)\s*)?FROM\s+stdin[^\n]*\n)",
        RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Statement();

    [GeneratedRegex(@"^[ \t]*CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?<table>[\w.`""\[\]]+)\s*\((?<columns>[^;]*)",
        RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Creation();

    /// <summary>A column: its name, and its type after it. Keys and constraints are none.</summary>
    [GeneratedRegex(@"(?:^|,)[ \t]*[`""\[]?(?!(?:PRIMARY|UNIQUE|KEY|CONSTRAINT|FOREIGN|INDEX|CHECK|FULLTEXT)\b)"
        + @"(?<name>\w+)[`""\]]?\s+[A-Za-z]",
        RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Column();
}
