using System.Globalization;
using System.Text;
using HeatUp.Simulations;

namespace Heat.Reports;

/// <summary>
/// A simulation's numbers as tables for other programs: CSV as RFC 4180 has it, but with line feeds alone; numbers with
/// a point, days as <c>2026-01-05</c>, and nothing where nothing could be measured.
/// </summary>
internal static class CsvReport
{
    private const string Formula = "=+-\t\r";

    /// <summary>
    /// Writes <c>days.csv</c>, <c>channels.csv</c>, <c>actions.csv</c> and <c>metrics.csv</c>; those that are there are
    /// replaced.
    /// </summary>
    /// <exception cref="RunFolderException">The folder can't be written to.</exception>
    public static void Write(Summary summary, string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var (name, text) in Files(summary)) File.WriteAllText(Path.Combine(folder, name), text);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new RunFolderException(
                $"The tables can't be written to {folder}: {FileTrouble.Of(problem)}", problem);
        }
    }

    /// <summary>The files' names and texts.</summary>
    public static IEnumerable<(string Name, string Text)> Files(Summary summary) =>
    [
        ("days.csv", Text(
            [
                "day", "sittings", "actions", "done", "joins", "reads", "active_sessions", "new_sessions",
                "accounts_lost",
            ],
            summary.Days.Select(Cells))),
        ("channels.csv", Text(["channel", "category", "joins", "reads", "posts_read"], summary.Channels.Select(Cells))),
        ("actions.csv", Text(["action", "outcome", "count"], summary.Actions.Select(Cells))),
        ("metrics.csv", Text(["metric", "unit", "aggregation", "value"], summary.Metrics.SelectMany(Rows))),
    ];

    private static object?[] Cells(DayCount day) =>
    [
        Figures.Day(day.Day), day.Sittings, day.Actions, day.Done, day.Joins, day.Reads, day.ActiveSessions,
        day.NewSessions, day.AccountsLost,
    ];

    private static object?[] Cells(ChannelCount channel) =>
        [channel.Channel, channel.Category, channel.Joins, channel.Reads, channel.PostsRead];

    private static object?[] Cells(ActionCount action) => [action.Action, action.Outcome, action.Count];

    private static IEnumerable<object?[]> Rows(MetricResult metric) =>
        metric.Values.Select(value => new object?[] { metric.Metric, metric.Unit, value.Name, value.Value });

    /// <summary>A table of this form.</summary>
    public static string Text(string[] head, IEnumerable<object?[]> rows)
    {
        var text = new StringBuilder();
        foreach (var row in rows.Prepend(head)) text.AppendJoin(',', row.Select(Cell)).Append('\n');
        return text.ToString();
    }

    private static string Cell(object? value)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        // A foreign list names categories, and a table's program would take such a text for a formula.
        if (value is string && text.Length > 0 && Formula.Contains(text[0])) text = $"'{text}";
        return Quoted(text);
    }

    /// <summary>A cell's text, in quotation marks if it needs them (RFC 4180).</summary>
    public static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";
}
