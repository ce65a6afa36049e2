using System.Globalization;
using System.Text.Json;
using HeatUp.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HeatUp.Browser.Tests;

/// <summary>Charts over days, on pages and in a report's file.</summary>
public sealed class PlotTests(Browser browser, SeededHeat seeded) : IClassFixture<SeededHeat>
{
    [Fact]
    public async Task ValuesShowUnderThePointerOnAPage()
    {
        await using var window = await browser.OpenAsync(seeded.Server);
        await window.Page.GotoAsync("/ui/simulations/calm");

        await ReadUnderThePointerAsync(window);
    }

    [Fact]
    public async Task ValuesShowUnderThePointerInAReportsFileWithoutANetwork()
    {
        await using var window = await browser.OpenAsync(seeded.Server);
        await window.Page.Context.SetOfflineAsync(true);
        var requests = new List<string>();
        window.Page.Request += (_, request) => requests.Add(request.Url);

        await window.Page.GotoAsync(Report);

        await ReadUnderThePointerAsync(window);
        requests.ShouldHaveSingleItem().ShouldStartWith("file:");
    }

    [Fact]
    public async Task AReportsFileIsReadableAtEachWidthLightAndDark()
    {
        foreach (var (width, scheme) in PageTests.Looks)
        {
            await using var window = await browser.OpenAsync(seeded.Server, width, scheme);
            await PageTests.LookAsync(window, "report-file", Report, width, scheme);
        }
    }

    [Fact]
    public async Task WithoutScriptsAndOnPaperThePictureIsSeen()
    {
        await using var silent = await browser.OpenAsync(seeded.Server, hasScripts: false);
        await silent.Page.GotoAsync(Report);
        await Expect(silent.Page.Locator("figure[data-plot] svg.wide").First).ToBeVisibleAsync();

        await using var printing = await browser.OpenAsync(seeded.Server);
        await printing.Page.GotoAsync(Report);
        await Expect(printing.Page.Locator("figure[data-plot] svg.wide").First).ToBeHiddenAsync();
        await printing.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await Expect(printing.Page.Locator("figure[data-plot] svg.wide").First).ToBeVisibleAsync();
        await Expect(printing.Page.Locator(".uplot").First).ToBeHiddenAsync();
    }

    private string Report => new Uri(seeded.Server.Folder.File("runs/calm/report.html")).AbsoluteUri;

    private async Task ReadUnderThePointerAsync(Window window)
    {
        var chart = window.Page.Locator("figure.plotted").First;
        await chart.ScrollIntoViewIfNeededAsync();
        var summary = JsonElement.Parse(await File.ReadAllBytesAsync(
            seeded.Server.Folder.File("runs/calm/summary.json"), TestContext.Current.CancellationToken));

        await chart.Locator(".u-over").HoverAsync(new() { Position = new() { X = 2, Y = 40 } });

        var day = summary.GetProperty("days")[0];
        var date = DateOnly.Parse(day.Text("day"), CultureInfo.InvariantCulture);
        await Expect(chart.Locator(".u-legend")).ToContainTextAsync(date.ToString("d MMM yyyy", CultureInfo.InvariantCulture));
        await Expect(chart.Locator(".u-series").Nth(1)).ToContainTextAsync($"sittings{day.Number("sittings")}");
        await window.Page.ScreenshotAsync(new() { Path = Path.Combine(Browser.Pictures, "values-under-the-pointer.png") });
        window.Complaints.ShouldBeEmpty();
    }
}
