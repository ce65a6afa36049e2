using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Heat.Reports;
using HeatUp.Simulations;
using HeatUp.Tests.Support;

namespace HeatUp.Tests.Heat.Reports;

public sealed partial class HtmlReportTests
{
    private static readonly string[] Sections =
    [
        "Thresholds", "Key figures", "Sittings over time", "Hours of the day", "Actions and refusals", "How sittings ended",
        "Distributions", "Channels", "Plans", "Calibration", "Cost", "All metrics", "How this run was made",
    ];

    public static TheoryData<string> Runs => ["rich", "model", "empty", "one day", "ten years", "hostile"];

    [Fact]
    public void TheTitleSaysWhatWasRun() => Html("rich").ShouldContain(
        "<h1>1,000 sessions, 30 days from 5 January 2026, seed 42, built-in planner</h1>");

    [Theory]
    [MemberData(nameof(Runs))]
    public void TheSectionsComeInTheirOrder(string run) =>
        Heading().Matches(Html(run)).Select(match => match.Groups[1].Value).ShouldBe(Sections);

    [Fact]
    public void TheContentsLeadToEverySection()
    {
        var html = Html("rich");

        Link().Matches(html).Select(match => match.Groups["name"].Value).ShouldBe(Sections);
        Link().Matches(html).ShouldAllBe(link => html.Contains($"<section id=\"{link.Groups["id"].Value}\">"));
    }

    [Fact]
    public void EveryBarSaysItsValuesUnderThePointer()
    {
        var html = Html("rich");

        Regex.Count(html, "<g class=\"at\">").ShouldBe(2 * (24 + 3), "hours and a distribution; for two widths");
        html.ShouldContain(">8</tspan><tspan class=\"b s1\" x=\"");
    }

    [Fact]
    public void ChartsOverDaysHandEveryDaysValuesToTheScript()
    {
        var days = JsonElement.Parse(PlotData(Html("rich"))[0]);

        days.GetProperty("days").EnumerateArray().Select(day => DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays(day.GetInt32()))
            .ShouldBe(SampleRun.Summary.Days.Select(day => day.Day));
        var series = days.GetProperty("series").EnumerateArray().ToList();
        series.Select(one => one.GetProperty("name").GetString()).ShouldBe(["sittings", "active sessions", "new sessions"]);
        series[0].GetProperty("values").EnumerateArray().Select(value => value.GetDouble())
            .ShouldBe(SampleRun.Summary.Days.Select(day => (double)day.Sittings));
    }

    [Fact]
    public void CategoriesAreAddedUp()
    {
        var news = SampleRun.Summary.Channels.Where(channel => channel.Category == "News").ToList();

        WebUtility.HtmlDecode(Html("rich")).ShouldMatch(
            $"<td>News</td>\\s*<td class=\"number\">{news.Count}</td>\\s*<td class=\"number\">{news.Sum(one => one.Joins):N0}</td>");
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void TheSameResultsGiveTheSameBytes(string run)
    {
        var (manifest, summary) = Results(run);

        HtmlReport.Write(manifest, summary).ShouldBe(HtmlReport.Write(manifest, summary));
    }

    [Fact]
    public void ResultsThatWereReadFromAFolderGiveTheSameBytes()
    {
        var (manifest, summary) = Results("model");

        var read = HtmlReport.Write(
            RunFolderJson.ReadManifest(RunFolderJson.Write(manifest), "manifest.json"),
            RunFolderJson.ReadSummary(RunFolderJson.Write(summary), "summary.json"));

        read.ShouldBe(HtmlReport.Write(manifest, summary));
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void NothingIsLoadedFromAnywhere(string run)
    {
        var html = Html(run);

        WebUtility.HtmlDecode(html).ShouldContain(
            $"\"default-src 'none'; style-src 'unsafe-inline'; script-src {PlotFiles.ScriptHash}\"");
        Tag().Matches(WithoutScript(html)).ShouldAllBe(tag => !Loading().IsMatch(tag.Value));
        html.ShouldNotContain("url(");
        html.ShouldNotContain("@import");
        html.ShouldNotContain('\r');
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void EveryTagIsClosed(string run)
    {
        var open = new Stack<string>();
        foreach (Match tag in Tag().Matches(WithoutScript(Html(run))))
        {
            var name = tag.Groups["name"].Value;
            if (name is "meta" or "!DOCTYPE" || tag.Value.EndsWith("/>", StringComparison.Ordinal)) continue;
            if (tag.Value[1] != '/') open.Push(name);
            else open.Pop().ShouldBe(name);
        }
        open.ShouldBeEmpty();
    }

    [Fact]
    public void WhatStrangersWroteIsNeverMarkup()
    {
        var html = WithoutScript(Html("hostile"));

        html.ShouldNotContain("<script");
        html.ShouldNotContain("<img");
        html.ShouldNotContain("\u202e", Case.Sensitive, "it would turn the text around");
        html.ShouldContain("&lt;script&gt;");
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void EveryChartSaysInWordsWhatItShows(string run)
    {
        var html = Html(run);

        Figure().Count(html).ShouldBe(Regex.Count(html, "<figure"));
        Figure().Matches(html).ShouldAllBe(match => match.Groups[1].Length > 40);
    }

    [Fact]
    public void AChartIsDrawnForScreensAndForPhones()
    {
        var html = Html("rich");

        Regex.Count(html, "<svg class=\"wide\" viewBox=\"0 0 960 300\"").ShouldBe(4);
        Regex.Count(html, "<svg class=\"narrow\" viewBox=\"0 0 360 240\"").ShouldBe(4);
        Regex.Count(html, "<path class=\"s[1-8]\" d=\"M[^\"]{100,}\"").ShouldBe(2 * (3 + 8), "three lines over time, eight channels");
        Regex.Count(html, "<rect class=\"b s[12]\"").ShouldBe(2 * (2 * 24 + 3));
        html.ShouldContain(">2 Feb</text>");
    }

    [Fact]
    public void ALongRunIsDrawnInPiecesAndItsTableIsShort()
    {
        var html = Html("ten years");

        WebUtility.HtmlDecode(html).ShouldMatch("Lines by day: .* Each point stands for 31 days, by their mean.");
        JsonElement.Parse(PlotData(html)[0]).GetProperty("days").GetArrayLength().ShouldBe(913, "the script has four days each");
        html.ShouldContain("The first 120 of 3,650 days.");
        html.ShouldContain(">Nov 2026</text>");
        html.Length.ShouldBeLessThan(450_000);
    }

    [Fact]
    public void ThresholdsShowWhatWasReached()
    {
        var html = Html("rich");

        html.ShouldContain("✗<span class=\"word\"> failed</span>");
        html.ShouldContain("<code>rate&gt;0.95</code>");
        html.ShouldContain("0.931235");
        html.ShouldContain("not measured");
    }

    [Fact]
    public void ARunThatIsNotCompleteSaysWhyAndHowToGoOn()
    {
        var html = Html("empty");

        html.ShouldContain("This run is not complete.");
        html.ShouldContain("It was interrupted by Ctrl&#x2B;C.");
        html.ShouldContain("heat simulate --resume DIR");
        Html("rich").ShouldNotContain("--resume");
    }

    [Fact]
    public void ARunThatAThresholdEndedIsNotToBeResumed() =>
        Text(SampleRun.Manifest with { Status = RunFolderStatus.Aborted }, SampleRun.Summary).ShouldNotContain("--resume");

    [Theory]
    [InlineData("None were set")]
    [InlineData("No sitting began.")]
    [InlineData("No action was tried.")]
    [InlineData("None of the pool's 100 channels was visited.")]
    [InlineData("Nothing was planned.")]
    [InlineData("Nothing was compared.")]
    [InlineData("No language model planned, so it cost nothing.")]
    public void ARunWithoutAnySittingSaysSo(string sentence)
    {
        var html = Html("empty");

        WebUtility.HtmlDecode(html).ShouldContain(sentence);
        html.ShouldNotContain("NaN");
        html.ShouldNotContain("<figure");
    }

    [Fact]
    public void ARunWithoutRefusalsSaysSo() =>
        Text(SampleRun.Manifest, SampleRun.Summary with { Refusals = [] }).ShouldContain("<p>Nothing.</p>");

    [Fact]
    public void LostAccountsAreShownWithTheirDays()
    {
        var (manifest, summary) = Results("rich");
        Html("rich").ShouldNotContain("lost the account");
        var days = summary.Days.SetItem(2, summary.Days[2] with { AccountsLost = 3 });

        var html = Encoding.UTF8.GetString(HtmlReport.Write(manifest, summary with { Days = days }));
        html.ShouldContain("3 sessions lost the account on 2026-01-07. In a simulation they have no sittings after that.");
        html.ShouldContain(">Lost</th>");
        Encoding.UTF8.GetString(HtmlReport.Write(manifest, summary with { Days = days.SetItem(9, days[9] with { AccountsLost = 1 }) }))
            .ShouldContain("4 sessions lost the account between 2026-01-07 and 2026-01-14.");
    }

    [Fact]
    public void ASingleDayIsATableAndNoLine()
    {
        var html = Html("one day");

        html.ShouldContain("It was a single day (UTC).");
        Regex.Count(html, "<figure").ShouldBe(2, "the hours and a distribution");
    }

    [Fact]
    public void TokensAndCostAreShownIfAModelPlanned()
    {
        var html = Html("model");

        html.ShouldContain("planned by gpt-4o-mini");
        html.ShouldContain("77.6%");
        html.ShouldContain("9.7134");
        html.ShouldContain("It gives similar results, not the same bytes.");
    }

    private static string Html(string run)
    {
        var (manifest, summary) = Results(run);
        return Text(manifest, summary);
    }

    private static string Text(Manifest manifest, Summary summary) => Encoding.UTF8.GetString(HtmlReport.Write(manifest, summary));

    /// <summary>The page without the script, which is the very one that its policy allows.</summary>
    private static string WithoutScript(string html)
    {
        var script = $"<script>{PlotFiles.Script}</script>";
        html.ShouldContain(script);
        return html.Replace(script, "");
    }

    private static List<string> PlotData(string html) =>
        [.. Plotted().Matches(html).Select(match => WebUtility.HtmlDecode(match.Groups[1].Value))];

    private static (Manifest Manifest, Summary Summary) Results(string run) => run switch
    {
        "rich" => (SampleRun.Manifest, SampleRun.Summary),
        "model" => SampleRun.OfModel,
        "empty" => SampleRun.Empty,
        "one day" => (SampleRun.Manifest, SampleRun.Of(1)),
        "ten years" => (SampleRun.Manifest, SampleRun.Of(3_650)),
        _ => SampleRun.Hostile,
    };

    [GeneratedRegex("<h2>(.*?)</h2>")]
    private static partial Regex Heading();

    [GeneratedRegex("""<a href="#(?<id>[a-z-]+)">(?<name>.*?)</a>""")]
    private static partial Regex Link();

    [GeneratedRegex("""\s(src|href|xlink:href|style)\s*=(?!"#)|https?:""", RegexOptions.IgnoreCase)]
    private static partial Regex Loading();

    [GeneratedRegex("""<figure role="img" aria-label="([^"]*)"( data-plot="[^"]*")?>""")]
    private static partial Regex Figure();

    [GeneratedRegex("data-plot=\"([^\"]*)\"")]
    private static partial Regex Plotted();

    [GeneratedRegex("""</?(?<name>[A-Za-z!][A-Za-z0-9]*)[^>]*>""")]
    private static partial Regex Tag();
}
