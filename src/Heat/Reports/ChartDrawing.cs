using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Heat.Reports;

/// <summary>
/// Draws charts as SVG. The library draws what is seen of the numbers; texts are set here, because the library sets
/// them with the fonts of the machine, which would change the bytes, and there may be none.
/// </summary>
internal static class ChartDrawing
{
    private const float LineWidth = 2;

    /// <summary>Which part of a point's room its bars take together.</summary>
    private const double BarsRoom = 0.8;

    private const int YTicksMax = 5;
    private const int TextGap = 8;
    private const int TextHeight = 14;

    /// <summary>About, in the fonts that a browser may have.</summary>
    private const int LetterWidth = 7;

    private static readonly int[] Nice = [1, 2, 5, 10];

    /// <summary>Room for the numbers at the left and for the names below.</summary>
    private static readonly PixelPadding Margins = new(52, 10, 28, 12);

    public static Html Of(Chart chart, ChartSize size)
    {
        using var plot = new Plot();
        var (top, step) = YAxis(chart);
        plot.Layout.Fixed(Margins);
        plot.Axes.Frameless();
        plot.Axes.SetLimits(XMin(chart), XMax(chart), 0, top);
        Grid(plot, [.. Enumerable.Range(0, (int)Math.Round(top / step) + 1).Select(line => line * step)]);
        for (var index = 0; index < chart.Series.Count; index++) Add(plot, chart, index);
        var drawn = SvgDrawing.Of(plot.GetSvgXml(size.Width, size.Height));
        var texts = YTexts(plot, step, top).Concat(XTexts(plot, chart, size));
        return Html.Of($"""
            <svg class="{size.Class}" viewBox="0 0 {size.Width} {size.Height}" aria-hidden="true">
            {drawn}
            {Html.Lines(texts)}
            </svg>
            """);
    }

    private static void Grid(Plot plot, double[] lines)
    {
        plot.Axes.Left.TickGenerator = new NumericManual(lines, [.. lines.Select(_ => "")]);
        plot.Axes.Bottom.TickGenerator = new NumericManual();
        plot.Grid.MajorLineColor = SvgDrawing.GridColor;
        plot.Grid.MajorLineWidth = 1;
    }

    private static void Add(Plot plot, Chart chart, int index)
    {
        var values = chart.Series[index].Values;
        if (chart.IsBars)
        {
            AddBars(plot, chart, index);
            return;
        }
        var points = Enumerable.Range(0, values.Count).Select(point => (double)point).ToArray();
        var line = plot.Add.ScatterLine(points, values.ToArray());
        line.Color = SvgDrawing.ColorOf(index);
        line.LineWidth = LineWidth;
    }

    private static void AddBars(Plot plot, Chart chart, int index)
    {
        var width = BarsRoom / chart.Series.Count;
        var offset = (index - (chart.Series.Count - 1) / 2.0) * width;
        plot.Add.Bars(chart.Series[index].Values.Select((value, point) => new Bar
        {
            Position = point + offset,
            Value = value,
            Size = width,
            FillColor = SvgDrawing.ColorOf(index),
            LineWidth = 0,
        }).ToArray());
    }

    // Bars need half a point's room at both ends.
    private static double XMin(Chart chart) => chart.IsBars ? -0.5 : 0;

    private static double XMax(Chart chart) => chart.Points.Count - (chart.IsBars ? 0.5 : 1);

    /// <summary>Where the axis ends, and its step: 1, 2 or 5 with zeros, so that numbers are easy to read.</summary>
    private static (double Top, double Step) YAxis(Chart chart)
    {
        var max = Math.Max(1, chart.Series.SelectMany(series => series.Values).DefaultIfEmpty(0).Max());
        var scale = Math.Pow(10, Math.Floor(Math.Log10(max / YTicksMax)));
        var step = Math.Max(1, Nice.Select(nice => nice * scale).First(step => step * YTicksMax >= max));
        return (Math.Ceiling(max / step) * step, step);
    }

    private static IEnumerable<Html> YTexts(Plot plot, double step, double top)
    {
        for (var value = 0.0; value <= top + step / 2; value += step)
        {
            var pixel = plot.GetPixel(new Coordinates(0, value));
            yield return Text("end", Margins.Left - TextGap, pixel.Y + TextHeight / 3f, Figures.Short(value));
        }
    }

    private static IEnumerable<Html> XTexts(Plot plot, Chart chart, ChartSize size)
    {
        var step = (int)Math.Ceiling(chart.Points.Count / NamesMax(chart, size));
        for (var point = 0; point < chart.Points.Count; point += step)
        {
            var pixel = plot.GetPixel(new Coordinates(point, 0));
            yield return Text("middle", pixel.X, pixel.Y + TextGap + TextHeight * 0.75f, chart.Points[point]);
        }
    }

    /// <summary>How many names of points have room beside each other.</summary>
    private static double NamesMax(Chart chart, ChartSize size)
    {
        var room = size.Width - Margins.Left - Margins.Right;
        return Math.Floor(room / (chart.Points.Max(name => name.Length) * LetterWidth + 2 * TextGap));
    }

    private static Html Text(string anchor, float x, float y, string text) => Html.Of(
        $"""<text text-anchor="{anchor}" x="{At(x)}" y="{At(y)}">{text}</text>""");

    private static string At(float pixel) => pixel.ToString("0.#", CultureInfo.InvariantCulture);
}
