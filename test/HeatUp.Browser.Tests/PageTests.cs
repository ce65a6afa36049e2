using Microsoft.Playwright;

namespace HeatUp.Browser.Tests;

/// <summary>Each page as people see it: wide and narrow, light and dark. Pictures are kept beside the tests.</summary>
public sealed class PageTests(Browser browser, SeededHeat seeded) : IClassFixture<SeededHeat>
{
    private const long FirstVisitMax = 60 * 1024;

    public static TheoryData<string, string> Pages => new()
    {
        { "now", "/ui" },
        { "sessions", "/ui/sessions" },
        { "sessions-filtered", "/ui/sessions?q=a&last=completed&order=name" },
        { "sessions-none", "/ui/sessions?q=nobody" },
        { "session", "/ui/sessions/alice" },
        { "session-odd", "/ui/sessions/tg%3A%2B79990001122" },
        { "session-new", "/ui/sessions/nobody" },
        { "forget", "/ui/sessions/alice/forget" },
        { "channels", "/ui/channels" },
        { "import", "/ui/channels/import" },
        { "insights", "/ui/insights" },
        { "insights-none", "/ui/insights?session=nobody" },
        { "simulations", "/ui/simulations" },
        { "simulation", "/ui/simulations/calm" },
        { "compare", "/ui/compare?a=calm&b=rough" },
        { "accounts", "/ui/accounts" },
        { "lost", "/ui/nowhere" },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task APageIsWholeAndReadableAtEachWidthLightAndDark(string name, string path)
    {
        foreach (var (width, scheme) in Looks)
        {
            await using var window = await browser.OpenAsync(seeded.Server, width, scheme);
            await LookAsync(window, name, path, width, scheme);
        }
    }

    /// <summary>The widths and colours in which pages are looked at.</summary>
    internal static (int Width, ColorScheme Scheme)[] Looks { get; } =
        [(1280, ColorScheme.Light), (1280, ColorScheme.Dark), (390, ColorScheme.Light), (390, ColorScheme.Dark)];

    /// <summary>Opens a page, keeps a picture of it, and finds nothing wrong.</summary>
    internal static async Task LookAsync(Window window, string name, string path, int width, ColorScheme scheme)
    {
        // The stream never ends, so that the network is never idle.
        await window.Page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Load });
        await window.Page.ScreenshotAsync(new()
        {
            Path = Path.Combine(Browser.Pictures, $"{name}-{width}-{scheme.ToString().ToLowerInvariant()}.png"),
            FullPage = true,
        });

        var which = $"{name} at {width} px, {scheme}";
        (await Browser.FaultsForPeopleAsync(window.Page)).ShouldBeEmpty(which);
        (await window.Page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width, which);
        window.Complaints.Where(one => name != "lost" || !one.Contains("404", StringComparison.Ordinal)).ShouldBeEmpty(which);
    }

    [Fact]
    public async Task ASittingsPageIsWholeAndReadable()
    {
        await using var window = await browser.OpenAsync(seeded.Server);
        await window.Page.GotoAsync("/ui/sessions/alice");
        var run = (await window.Page.Locator("article.sitting h3 a").First.GetAttributeAsync("href"))!;
        await window.Page.GotoAsync("/ui");
        var open = (await window.Page.Locator("[data-live] tbody a").First.GetAttributeAsync("href"))!;
        foreach (var (name, path) in new[] { ("sitting", run), ("sitting-open", open) })
            await APageIsWholeAndReadableAtEachWidthLightAndDark(name, path);
    }

    [Fact]
    public async Task AFirstVisitLoadsLittleAndEverythingFromTheServiceItself()
    {
        await using var window = await browser.OpenAsync(seeded.Server);
        var answers = new List<IResponse>();
        window.Page.Response += (_, answer) => answers.Add(answer);

        await window.Page.GotoAsync("/ui", new() { WaitUntil = WaitUntilState.Load });

        var sizes = await window.Page.EvaluateAsync<long[]>("""
            () => performance.getEntries().filter(one => 'transferSize' in one && !one.name.endsWith('/live'))
                .map(one => one.transferSize)
            """);
        sizes.Length.ShouldBeGreaterThan(2);
        TestContext.Current.TestOutputHelper!.WriteLine($"a first visit, bytes: {sizes.Sum()}");
        sizes.Sum().ShouldBeLessThan(FirstVisitMax);
        answers.ShouldAllBe(answer => answer.Url.StartsWith(seeded.Server.Client.BaseAddress!.ToString()));
    }

    [Theory]
    [InlineData("/ui")]
    [InlineData("/ui/sessions/alice")]
    [InlineData("/ui/insights")]
    [InlineData("/ui/compare?a=calm&b=rough")]
    public async Task OnlyTheStylesheetHoldsAPaintUp(string path)
    {
        await using var window = await browser.OpenAsync(seeded.Server);
        await window.Page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Load });

        var blocking = await window.Page.EvaluateAsync<string[]>("""
            () => performance.getEntriesByType('resource').filter(one => one.renderBlockingStatus === 'blocking')
                .map(one => new URL(one.name).pathname)
            """);
        blocking.ShouldHaveSingleItem().ShouldEndWith(".css");
    }

    [Fact]
    public async Task TimesAreSaidInTheViewersZoneAndInUtcUnderThePointer()
    {
        await using var window = await browser.OpenAsync(seeded.Server);
        await window.Page.GotoAsync("/ui/sessions/alice");

        var time = window.Page.Locator("main time").First;
        var at = DateTimeOffset.Parse((await time.GetAttributeAsync("datetime"))!, System.Globalization.CultureInfo.InvariantCulture);

        (await time.GetAttributeAsync("title"))!.ShouldEndWith("UTC");
        var there = TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
        (await time.TextContentAsync())!.ShouldContain($"{there:HH:mm}");
    }

    [Fact]
    public async Task InsightsAreInTheViewersZoneUnlessAnotherIsNamed()
    {
        await using var window = await browser.OpenAsync(seeded.Server);
        await window.Page.GotoAsync("/ui");
        await window.Page.GotoAsync("/ui/insights");
        (await window.Page.Locator("#zone").InputValueAsync()).ShouldBe("Europe/Berlin");
        await window.Page.GotoAsync("/ui/insights?zone=Asia/Tokyo");
        (await window.Page.Locator("#zone").InputValueAsync()).ShouldBe("Asia/Tokyo");
    }

    [Fact]
    public async Task FiltersAreInTheAddressAndSurviveAReload()
    {
        await using var window = await browser.OpenAsync(seeded.Server);
        var page = window.Page;
        await page.GotoAsync("/ui/sessions");
        await page.GetByLabel("Name contains").FillAsync("AL");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await page.AtAsync(@"/ui/sessions\?q=AL");
        await page.ReloadAsync();

        (await page.Locator("tbody tr").CountAsync()).ShouldBe(1);
        (await page.Locator("tbody a").First.TextContentAsync()).ShouldBe("alice");
        await page.GotoAsync("/ui/sessions");
        await page.GetByRole(AriaRole.Link, new() { Name = "Session", Exact = true }).ClickAsync();
        await page.AtAsync("order=name");
        var names = await page.Locator("tbody td:first-child a").AllTextContentsAsync();
        names.ShouldBe(names.Order(StringComparer.Ordinal));
        await page.GetByLabel("Last sitting").SelectOptionAsync("running");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await page.AtAsync("last=running");
        (await page.Locator("tbody td:first-child a").AllTextContentsAsync()).ShouldBe(["dora", "emil"]);
    }

    [Fact]
    public async Task ATableOfTheInsightsComesAsCsv()
    {
        await using var window = await browser.OpenAsync(seeded.Server);
        await window.Page.GotoAsync("/ui/insights?days=7&zone=Europe/Berlin");

        var download = await window.Page.RunAndWaitForDownloadAsync(() =>
            window.Page.GetByLabel("Plans by length as CSV").ClickAsync());

        download.SuggestedFilename.ShouldBe("heat-plan_lengths.csv");
        (await File.ReadAllTextAsync(await download.PathAsync(), Cancellation)).ShouldStartWith("name,done,tried,share,low,high\n");
    }
}
