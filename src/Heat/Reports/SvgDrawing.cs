using System.Xml.Linq;
using ScottPlot;

namespace Heat.Reports;

/// <summary>
/// The shapes of a drawing. Colours that mean something become classes, so that the page's style colours them for
/// light, dark and paper; all else that the library draws or names (frames, backgrounds, clipping) is left out.
/// </summary>
internal static class SvgDrawing
{
    // Nobody sees these colours: they are marks by which the shapes are found again.
    private const int Marks = 0xFE0000;

    private static readonly Dictionary<string, string> ClassByMark = Enumerable.Range(0, Chart.SeriesMax + 1)
        .ToDictionary(mark => $"#{Marks + mark:X6}", mark => mark == 0 ? "grid" : $"s{mark}");

    public static Color GridColor { get; } = Mark(0);

    public static Color ColorOf(int series) => Mark(series + 1);

    public static Html Of(string svg) =>
        Html.Lines(XElement.Parse(svg).Descendants().Select(Shape).OfType<Html>());

    private static Html? Shape(XElement shape) => shape.Name.LocalName switch
    {
        "path" when ClassOf(shape, "stroke") is { } line && Of(shape, "d") is { Length: > 0 } path =>
            Html.Of($"""<path class="{line}" d="{path}"/>"""),
        "rect" when ClassOf(shape, "fill") is { } bar =>
            Html.Of($"""<rect class="b {bar}"{Copied(shape, "x")}{Copied(shape, "y")}{Size(shape)}/>"""),
        _ => null,
    };

    private static Html Size(XElement shape) => Html.Of($"{Copied(shape, "width")}{Copied(shape, "height")}");

    private static Html Copied(XElement shape, string name) =>
        Html.Of($" {name}=\"{Of(shape, name)}\"");

    private static string? ClassOf(XElement shape, string colored) =>
        ClassByMark.GetValueOrDefault(Of(shape, colored) ?? "");

    private static string? Of(XElement shape, string name) => shape.Attribute(name)?.Value;

    private static Color Mark(int number) => Color.FromHex($"#{Marks + number:X6}");
}
