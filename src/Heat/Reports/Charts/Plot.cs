using System.Globalization;

namespace Heat.Reports;

/// <summary>Where a chart's shapes and texts stand in a drawing of one size, about in pixels.</summary>
internal sealed class Plot
{
    private const int Left = 52;
    private const int Right = 28;
    private const int Top = 28;
    private const int Bottom = 44;
    private const int YTicksMax = 5;
    private const int TextGap = 8;
    private const int LineHeight = 16;

    /// <summary>About, in the fonts that a browser may have.</summary>
    private const int LetterWidth = 7;

    /// <summary>With some room: a name of wide letters must not leave its box.</summary>
    private const int TipLetterWidth = 8;

    /// <summary>Which part of a point's room its bars take together.</summary>
    private const double BarsRoom = 0.8;

    // The last is for a power of ten that was rounded down.
    private static readonly int[] Nice = [1, 2, 5, 10, 20];

    private readonly Chart chart;
    private readonly double yStep;
    private readonly double yTop;

    public Plot(Chart chart, string name, int width, int height)
    {
        (this.chart, Class, Width, Height) = (chart, name, width, height);
        var max = Math.Max(1, chart.Series.SelectMany(series => series.Values).DefaultIfEmpty(0).Max());
        var power = Math.Pow(10, Math.Floor(Math.Log10(max / YTicksMax)));
        yStep = Math.Max(1, Nice.Select(nice => nice * power).First(step => step * YTicksMax >= max));
        yTop = Math.Ceiling(max / yStep) * yStep;
    }

    /// <summary>The class by which the page shows or hides it.</summary>
    public string Class { get; }

    public int Width { get; }

    public int Height { get; }

    public int XEnd => Width - Right;

    /// <summary>Lines across at 1, 2 or 5 with zeros, so that numbers are easy to read.</summary>
    public IEnumerable<(string Line, string X, string Y, string Text)> YTicks =>
        Enumerable.Range(0, (int)Math.Round(yTop / yStep) + 1).Select(tick => tick * yStep).Select(value => (
            $"M{Left} {At(Y(value))}H{XEnd}", At(Left - TextGap), At(Y(value) + TextGap / 2.0), Figures.Short(value)));

    /// <summary>The names of as many points as have room beside each other.</summary>
    public IEnumerable<(string X, string Y, string Anchor, string Text)> XTicks
    {
        get
        {
            var letters = chart.Points.Select(name => name.Length).DefaultIfEmpty(0).Max();
            var room = Math.Max(1, (XEnd - Left) / (letters * LetterWidth + 2 * TextGap));
            var step = Math.Max(1, (chart.Points.Count + room - 1) / room);
            for (var point = 0; point < chart.Points.Count; point += step)
                yield return Tick(point);
        }
    }

    /// <summary>The name of a point below it; at an end of the axis beside it, so that no letter is cut off.</summary>
    private (string X, string Y, string Anchor, string Text) Tick(int point)
    {
        var (x, half) = (X(point), chart.Points[point].Length * LetterWidth / 2.0);
        var anchor = x + half > Width ? "end" : x - half < 0 ? "start" : "middle";
        var end = anchor == "end" ? Width - TextGap / 2.0 : anchor == "start" ? TextGap / 2.0 : x;
        return (At(end), At(Height - Bottom + 2 * TextGap), anchor, chart.Points[point]);
    }

    /// <summary>
    /// What is shown while the pointer is over a bar: where it reacts, and a box with the values. What is over days has
    /// them from its script.
    /// </summary>
    public IEnumerable<(Box Reacts, Box Box, string X, string Y, int Point)> Tips
    {
        get
        {
            if (!chart.IsBars) yield break;
            var letters = chart.Series.SelectMany(series => series.Values.Index().Select(
                one => series.Name.Length + Figures.Number(one.Item).Length + 1))
                .Concat(chart.Points.Select(name => name.Length)).DefaultIfEmpty(0).Max();
            var width = Math.Min(Width - 2 * TextGap, letters * TipLetterWidth + 2 * TextGap);
            var height = (chart.Series.Count + 1) * LineHeight + TextGap;
            var room = (XEnd - Left) / (double)Math.Max(1, chart.Points.Count);
            for (var point = 0; point < chart.Points.Count; point++)
            {
                var x = X(point);
                // On the side that has more room, so that the point itself stays seen.
                var left = Math.Clamp(
                    x > Width / 2.0 ? x - width - TextGap : x + TextGap, TextGap / 2.0, Width - width - TextGap / 2.0);
                var from = Math.Max(0, x - room / 2);
                yield return (
                    new(At(from), At(Top), At(Math.Min(Width, x + room / 2) - from), At(Height - Bottom - Top)),
                    new(At(left), At(Top), At(width), At(height)), At(left + TextGap), At(Top + TextGap / 2.0), point);
            }
        }
    }

    /// <summary>A series as a line; a single point is a short one.</summary>
    public string Line(Series series) => series.Values switch
    {
        [] => "",
        [var only] => $"M{At(X(0) - TextGap / 2.0)} {At(Y(only))}h{TextGap}",
        var values => "M" + string.Join('L', values.Select((value, point) => $"{At(X(point))} {At(Y(value))}")),
    };

    /// <summary>A series as bars beside those of the others.</summary>
    public IEnumerable<(string X, string Y, string Width, string Height)> Bars(int series)
    {
        var width = (XEnd - Left) * BarsRoom / chart.Points.Count / chart.Series.Count;
        return chart.Series[series].Values.Select((value, point) => (
            At(X(point) + (series - chart.Series.Count / 2.0) * width), At(Y(value)), At(width), At(Y(0) - Y(value))));
    }

    // Bars need half a point's room at both ends; a single point of a line stands in the middle.
    private double X(int point) => Left + (XEnd - Left) * (chart.IsBars || chart.Points.Count == 1
        ? (point + 0.5) / chart.Points.Count
        : point / (chart.Points.Count - 1.0));

    private double Y(double value) => Height - Bottom - (Height - Bottom - Top) * (value / yTop);

    /// <summary>A rectangle in a drawing.</summary>
    public readonly record struct Box(string X, string Y, string Width, string Height);

    private static string At(double pixel) => Math.Round(pixel, 2).ToString("0.##", CultureInfo.InvariantCulture);
}
