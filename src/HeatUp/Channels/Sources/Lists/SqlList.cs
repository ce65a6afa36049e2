using System.Text;
using System.Text.RegularExpressions;

namespace HeatUp.Channels.Sources.Lists;

/// <summary>Reads dumps of databases: the rows of <c>INSERT</c>, and those of PostgreSQL's <c>COPY</c>.</summary>
/// <param name="newReader">Makes a reader for the entries of one table.</param>
/// <param name="remarks">Takes what is wrong.</param>
internal sealed partial class SqlList(Func<EntryReader> newReader, Remarks remarks)
{
    private readonly Dictionary<string, (TableList List, int Width)> tables = new(StringComparer.OrdinalIgnoreCase);
    private Dictionary<string, string[]> columns = [];
    private long line;

    /// <summary>Whether a text is a dump, as far as it goes.</summary>
    public static bool Is(string head) => Statement().IsMatch(head.ReplaceLineEndings("\n"));

    /// <summary>Reads a dump.</summary>
    /// <returns>How many of its tables hold channels.</returns>
    public int Read(string text)
    {
        columns = Creation().Matches(text).DistinctBy(found => Plain(found.Groups["table"].Value)).ToDictionary(
            found => Plain(found.Groups["table"].Value),
            found => Column().Matches(found.Groups["columns"].Value).Select(one => one.Groups["name"].Value).ToArray(),
            StringComparer.OrdinalIgnoreCase);
        for (Match found = Statement().Match(text), next; found.Success; found = next)
        {
            next = found.NextMatch();
            var names = found.Groups["columns"].Success
                ? found.Groups["columns"].Value.Split(',').Select(Plain).ToArray()
                : columns.GetValueOrDefault(Plain(found.Groups["table"].Value), []);
            // What is broken in a statement costs no other.
            var rows = text[(found.Index + found.Length)..(next.Success ? next.Index : text.Length)];
            foreach (var row in found.Groups["copy"].Success ? Copied(rows) : Inserted(rows))
                Add(Plain(found.Groups["table"].Value), names, row);
        }
        return tables.Values.Count(table => table.List.TryComplete());
    }

    private void Add(string table, string[] names, List<string> row)
    {
        if (!tables.TryGetValue(table, out var known) || known.Width != row.Count)
        {
            if (known.List is not null) _ = known.List.TryComplete();
            known = tables[table] = (new(newReader, remarks), row.Count);
            if (names.Length == row.Count) known.List.Add(new(++line, names));
        }
        known.List.Add(new(++line, row));
    }

    /// <summary>The rows of <c>COPY</c>: lines with tabs, up to one of a backslash and a point.</summary>
    private static IEnumerable<List<string>> Copied(string text) => text.Split('\n')
        .TakeWhile(row => row != "\\.").Where(row => row.Length > 0).Select(row => row.Split('\t').ToList());

    /// <summary>The rows of <c>VALUES</c>: values in brackets, with commas between.</summary>
    private static IEnumerable<List<string>> Inserted(string text)
    {
        for (var at = 0; ; at++)
        {
            while (at < text.Length && (char.IsWhiteSpace(text[at]) || text[at] == ',')) at++;
            if (at >= text.Length || text[at] != '(') yield break;
            var (row, cell, quote) = (new List<string>(), new StringBuilder(), '\0');
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
                else if (letter == '\\' && quote != '\0' && at + 1 < text.Length) cell.Append(text[++at]);
                else cell.Append(letter);
            }
            row.Add(cell.ToString().Trim());
            yield return row;
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
    [GeneratedRegex(@"(?:^|,)\s*[`""\[]?(?!(?:PRIMARY|UNIQUE|KEY|CONSTRAINT|FOREIGN|INDEX|CHECK|FULLTEXT)\b)"
        + @"(?<name>\w+)[`""\]]?\s+[A-Za-z]",
        RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Column();
}
