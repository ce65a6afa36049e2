using System.Runtime.InteropServices;

namespace HeatUp.Channels.Recommendations;

/// <summary>
/// Who has to do with what, as rows (sessions) of the numbers of their columns (channels): each column at most once in
/// a row, in ascending order. Immutable.
/// </summary>
internal sealed class InteractionMatrix
{
    private readonly int[] columns;
    private readonly int[] starts;

    private InteractionMatrix(int columnCount, int[] columns, int[] starts)
    {
        (ColumnCount, this.columns, this.starts) = (columnCount, columns, starts);
        Popularity = new int[columnCount];
        foreach (var column in columns) Popularity[column]++;
    }

    /// <summary>How many columns there are, those without any interaction included.</summary>
    public int ColumnCount { get; }

    /// <summary>How many rows there are.</summary>
    public int RowCount => starts.Length - 1;

    /// <summary>How many interactions there are.</summary>
    public int Count => columns.Length;

    /// <summary>How many rows have each column.</summary>
    public int[] Popularity { get; }

    /// <summary>The columns of a row.</summary>
    public ReadOnlySpan<int> Row(int row) => columns.AsSpan(starts[row]..starts[row + 1]);

    /// <summary>A matrix of these rows; what is there twice in a row counts once.</summary>
    public static InteractionMatrix Of(int columnCount, IReadOnlyList<int[]> rows)
    {
        var columns = new List<int>(rows.Sum(row => row.Length));
        var starts = new int[rows.Count + 1];
        for (var row = 0; row < rows.Count; row++)
        {
            var start = columns.Count;
            columns.AddRange(rows[row]);
            var end = SortDistinct(CollectionsMarshal.AsSpan(columns)[start..]);
            CollectionsMarshal.SetCount(columns, start + end);
            starts[row + 1] = columns.Count;
        }
        return new InteractionMatrix(columnCount, [.. columns], starts);
    }

    /// <summary>The same without the columns whose new number is negative; the others get theirs.</summary>
    public InteractionMatrix Renumbered(int columnCount, int[] newNumbers)
    {
        var rows = new List<int[]>(RowCount);
        for (var row = 0; row < RowCount; row++)
        {
            var kept = new List<int>();
            foreach (var column in Row(row))
                if (newNumbers[column] >= 0)
                    kept.Add(newNumbers[column]);
            rows.Add([.. kept]);
        }
        return Of(columnCount, rows);
    }

    /// <summary>Sorts, and brings each value once to the front. Answers how many there are.</summary>
    private static int SortDistinct(Span<int> values)
    {
        values.Sort();
        var count = 0;
        for (var i = 0; i < values.Length; i++)
            if (count == 0 || values[i] != values[count - 1])
                values[count++] = values[i];
        return count;
    }
}
