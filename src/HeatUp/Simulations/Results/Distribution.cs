using System.Collections.Immutable;

namespace HeatUp.Simulations;

/// <summary>How often which values of a metric came, in pieces of one width from 0 on.</summary>
/// <param name="Metric">The metric's name.</param>
/// <param name="Unit">The unit of its values; empty for plain numbers.</param>
/// <param name="Width">How many whole numbers a piece holds: 1, 5, 10, 50, 100 …, so that a wider one is made of
/// whole narrower ones.</param>
/// <param name="Counts">How many values lie in each piece, the first from 0 to <paramref name="Width"/> - 1; the last
/// is not empty.</param>
public sealed record Distribution(string Metric, string Unit, int Width, ImmutableArray<long> Counts)
{
    /// <summary>The most pieces.</summary>
    public const int PiecesMax = 60;

    /// <summary>How many values there are.</summary>
    public long Total => Counts.Sum();

    /// <summary>The same in wider pieces.</summary>
    /// <param name="width">One of the widths, <see cref="Width"/> or more.</param>
    public Distribution InPiecesOf(int width) => this with
    {
        Width = width,
        Counts = [.. Counts.Chunk(width / Width).Select(counts => counts.Sum())],
    };

    /// <summary>The widths, the narrowest first.</summary>
    internal static IEnumerable<int> Widths
    {
        get
        {
            for (var width = 1;; width *= 10)
            {
                yield return width;
                yield return 5 * width;
            }
        }
    }

    internal static Distribution Of(Metric metric, Histogram histogram)
    {
        if (histogram.Count == 0) return new(metric.Name, metric.Unit, 1, []);
        var most = (int)histogram.Percentile(100);
        var each = new Distribution(
            metric.Name, metric.Unit, 1, [.. Enumerable.Range(0, most + 1).Select(value => histogram[value])]);
        return each.InPiecesOf(Widths.First(width => most / width < PiecesMax));
    }
}
