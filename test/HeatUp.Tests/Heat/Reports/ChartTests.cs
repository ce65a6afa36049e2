using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Heat.Reports;

namespace HeatUp.Tests.Heat.Reports;

public sealed class ChartTests
{
    private const string Evil = "\"'<script>&";

    [Theory]
    [InlineData(false, new double[0])]
    [InlineData(true, new double[0])]
    [InlineData(false, new double[] { 3 })]
    [InlineData(true, new double[] { 3 })]
    [InlineData(false, new double[] { 0, 0, 0 })]
    [InlineData(true, new double[] { 0, 0, 0 })]
    [InlineData(false, new[] { 0.001, 1e300, 9e18 })]
    [InlineData(true, new[] { 1, 1e22, 4.9e23 })]
    public void WhateverTheValuesAreTheDrawingIsWellFormedAndStaysInItsFrame(bool isBars, double[] values)
    {
        var html = Html(Chart(isBars, values));

        html.ShouldNotContain("NaN");
        html.ShouldNotContain("Infinity");
        foreach (var svg in Drawings(html))
        {
            var frame = svg.Attribute("viewBox")!.Value.Split(' ').Select(Number).ToList();
            foreach (var shape in svg.Descendants("text").Concat(svg.Descendants("rect")))
            {
                Number(shape.Attribute("x")!.Value).ShouldBeInRange(0, frame[2]);
                Number(shape.Attribute("y")!.Value).ShouldBeInRange(0, frame[3]);
            }
            svg.Descendants("rect").ShouldAllBe(bar => Number(bar.Attribute("height")!.Value) >= 0);
        }
    }

    [Theory]
    [InlineData(0, "0 1")]
    [InlineData(3, "0 1 2 3")]
    [InlineData(237, "0 50 100 150 200 250")]
    [InlineData(4_200, "0 1k 2k 3k 4k 5k")]
    [InlineData(9.2e18, "0 2E+18 4E+18 6E+18 8E+18 1E+19")]
    public void TheAxisHasNumbersThatAreEasyToRead(double max, string ticks)
    {
        var wide = Drawings(Html(Chart(false, 0, max)))[0];

        string.Join(' ', wide.Descendants("g").Where(group => group.Element("path") is not null)
            .Select(group => group.Element("text")!.Value)).ShouldBe(ticks);
    }

    [Fact]
    public void ASinglePointIsSeen() => Html(Chart(false, 3)).ShouldContain("d=\"M488 28h8\"");

    [Fact]
    public void TheLastNameBelowTheAxisIsNotCutOff()
    {
        const int letter = 7;
        string[] days = [.. Enumerable.Range(0, 11).Select(day => $"{day} September 2026")];

        foreach (var svg in Drawings(Html(new Chart("c", "a", "x", "y", days, [new("s", [.. days.Select(_ => 1.0)])]))))
            foreach (var text in svg.Descendants("text").Where(text => text.Value.EndsWith("2026", StringComparison.Ordinal)
                && text.Attribute("text-anchor") is not null))
            {
                var (x, width) = (Number(text.Attribute("x")!.Value), text.Value.Length * letter);
                var left = text.Attribute("text-anchor")!.Value switch { "end" => x - width, "start" => x, _ => x - width / 2.0 };
                left.ShouldBeGreaterThanOrEqualTo(0);
                (left + width).ShouldBeLessThanOrEqualTo(Number(svg.Attribute("viewBox")!.Value.Split(' ')[2]));
            }
    }

    [Fact]
    public void NamesAreNeverMarkup()
    {
        var html = Html(new Chart(Evil, Evil, Evil, Evil, [Evil], [new(Evil, [1]), new(Evil, [2])]));

        html.ShouldNotContain("<script");
        Drawings(html)[0].Element("title")!.Value.ShouldBe(Evil);
        Drawings(html)[0].Element("desc")!.Value.ShouldBe(Evil);
    }

    [Fact]
    public void OnlySeveralSeriesNeedALegend()
    {
        Html(Chart(false, 1, 2)).ShouldNotContain("legend");
        Html(new Chart("c", "a", "x", "y", ["p"], [new("one", [1]), new("two", [2])])).ShouldContain("legend");
    }

    private static Chart Chart(bool isBars, params double[] values) => new(
        "name", "alternative", "x", "y", [.. values.Select((_, point) => $"{point} Jan")], [new("series", values)], isBars);

    private static string Html(Chart chart) =>
        HtmlReport.Render<ChartFigure>(new() { [nameof(ChartFigure.Chart)] = chart });

    private static List<XElement> Drawings(string html) =>
        [.. Regex.Matches(html, "<svg class=\"(?:wide|narrow)\".*?</svg>", RegexOptions.Singleline)
            .Select(match => XElement.Parse(match.Value))];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
