namespace Heat.Reports;

/// <summary>A column of a table.</summary>
/// <param name="Name">What its head says.</param>
/// <param name="Class">How the page's style shows its cells; empty for plain text.</param>
internal sealed record Column(string Name, string Class = "")
{
    /// <summary>A column of numbers, which stand at the right.</summary>
    public static Column Number(string name) => new(name, "number");

    /// <summary>A column of words or days that are never broken.</summary>
    public static Column Short(string name) => new(name, "short");
}

/// <summary>Tables that scroll sideways in themselves where the page is too narrow for them.</summary>
internal static class HtmlTable
{
    /// <param name="name">What it shows, for those who can't see it.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="rows">The cells of each row, as many as columns.</param>
    public static Html Of(string name, IReadOnlyList<Column> columns, IEnumerable<IReadOnlyList<Html>> rows)
    {
        var head = Html.Lines(columns.Select(
            column => Html.Of($"<th scope=\"col\"{Class(column)}>{column.Name}</th>")));
        var body = Html.Lines(rows.Select(row => Row(columns, row)));
        return Html.Of($"""
            <div class="scroll" role="region" aria-label="{name}" tabindex="0">
            <table>
            <thead><tr>
            {head}
            </tr></thead>
            <tbody>
            {body}
            </tbody>
            </table>
            </div>
            """);
    }

    /// <summary>The same of texts, which are escaped.</summary>
    public static Html Of(string name, IReadOnlyList<Column> columns, IEnumerable<IReadOnlyList<string>> rows) =>
        Of(name, columns, rows.Select(row => (IReadOnlyList<Html>)[.. row.Select(cell => Html.Of($"{cell}"))]));

    private static Html Row(IReadOnlyList<Column> columns, IReadOnlyList<Html> cells) => Html.Of(
        $"<tr>{Html.Lines(cells.Select((cell, index) => Html.Of($"<td{Class(columns[index])}>{cell}</td>")))}</tr>");

    private static Html Class(Column column) =>
        column.Class.Length == 0 ? Html.Empty : Html.Of($" class=\"{column.Class}\"");
}
