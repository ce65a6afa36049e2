using System.Collections.Concurrent;
using HeatUp.Runs;
using HeatUp.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HeatUp.Browser.Tests;

/// <summary>What people do on the dashboard, done by a browser.</summary>
public sealed class FlowTests(Browser browser)
{
    /// <summary>Steps come, each after a moment.</summary>
    private static readonly Pace Quick = new(0.1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhoeverComesToTheRootStartsASittingAndSeesItsStepsComeWithoutAReload(bool hasScripts)
    {
        await using var heat = await HeatServer.StartAsync(settings => settings with { Pace = Quick });
        await using var window = await browser.OpenAsync(heat, hasScripts: hasScripts);
        var page = window.Page;
        await page.GotoAsync("/");
        page.Url.ShouldEndWith("/ui");
        await page.GetByLabel("Session").FillAsync("alice");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start a sitting" }).ClickAsync();
        await page.AtAsync("/ui/runs/");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Sitting 1 of alice");

        // Without scripts, somebody looks again.
        while (!hasScripts && await page.Locator("p > .state").TextContentAsync() == "running") await page.ReloadAsync();
        await Expect(page.Locator("tbody .state.done")).Not.ToHaveCountAsync(0);
        await Expect(page.Locator("p > .state")).ToHaveTextAsync("completed", new() { Timeout = 60_000 });

        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Start another sitting" })).ToBeVisibleAsync();
        window.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task ASittingThatSomebodyElseStartsAppearsAndIsCancelledFromTheBoard()
    {
        await using var heat = await HeatServer.StartAsync(settings => settings with { Pace = Pace.Real });
        await using var window = await browser.OpenAsync(heat);
        var page = window.Page;
        await page.GotoAsync("/ui");
        await Expect(page.GetByText("No sitting goes on")).ToBeVisibleAsync();

        (await heat.PostAsync("/warmup/bob")).EnsureSuccessStatusCode();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel the sitting of bob" }).ClickAsync();

        await page.AtAsync("/ui/runs/");
        await Expect(page.Locator("p > .state")).ToHaveTextAsync("cancelled");
        window.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task WindowsThatShowTheSameShareOneStreamAndTheNextTakesItOver()
    {
        await using var heat = await HeatServer.StartAsync(settings => settings with { Pace = Pace.Real });
        await using var window = await browser.OpenAsync(heat);
        var (first, streams) = (window.Page, new ConcurrentQueue<IPage>());
        var second = await first.Context.NewPageAsync();
        foreach (var page in new[] { first, second })
        {
            page.Request += (_, request) =>
            {
                if (request.Url.EndsWith("/ui/live", StringComparison.Ordinal)) streams.Enqueue(page);
            };
            await page.GotoAsync("/ui");
        }
        (await heat.PostAsync("/warmup/alice")).EnsureSuccessStatusCode();
        foreach (var page in new[] { first, second })
            await Expect(page.GetByRole(AriaRole.Link, new() { Name = "alice" })).ToBeVisibleAsync();
        streams.ShouldHaveSingleItem().ShouldBe(first);

        await first.CloseAsync();
        (await heat.PostAsync("/warmup/bob")).EnsureSuccessStatusCode();

        await Expect(second.GetByRole(AriaRole.Link, new() { Name = "bob" })).ToBeVisibleAsync();
        streams.ShouldBe([first, second]);
    }

    [Fact]
    public async Task ASimulationIsBegunWatchedOpenedAndComparedWithAnother()
    {
        using var folder = new TempFolder();
        await using var heat = await HeatServer.StartAsync(
            settings => settings with { SimulationsDirectory = folder.File("runs") });
        await using var window = await browser.OpenAsync(heat);
        var page = window.Page;
        await page.GotoAsync("/ui/simulations");
        await Expect(page.GetByText("Nothing is simulated yet")).ToBeVisibleAsync();
        foreach (var (name, flood) in new[] { ("calm", "0"), ("rough", "20") })
        {
            await page.GetByLabel("Name").FillAsync(name);
            await page.GetByLabel("Days").FillAsync("3");
            await page.GetByLabel("Flood waits").FillAsync(flood);
            await page.GetByRole(AriaRole.Button, new() { Name = "Simulate" }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync($"{name} is complete. Open its report");
        }

        await page.GetByRole(AriaRole.Link, new() { Name = "Open its report" }).ClickAsync();
        await page.AtAsync("/ui/simulations/rough");
        await Expect(page.Locator("h1")).ToHaveTextAsync("rough");
        await Expect(page.GetByText("Key figures")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "All simulations" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Compare" }).ClickAsync();
        await page.AtAsync("/ui/compare");

        await Expect(page.Locator("h1")).ToHaveTextAsync("calm and rough compared");
        await Expect(page.GetByText("faults.flood_wait")).ToBeVisibleAsync();
        window.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task ForgettingAsksFirstAndThenNothingIsLeft()
    {
        await using var heat = await HeatServer.StartAsync();
        await heat.SitAsync("carol");
        await using var window = await browser.OpenAsync(heat);
        var page = window.Page;
        await page.GotoAsync("/ui/sessions/carol");
        await page.GetByRole(AriaRole.Link, new() { Name = "Forget …" }).ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Forget carol?");
        await page.GetByRole(AriaRole.Link, new() { Name = "Keep it" }).ClickAsync();
        (await heat.GetAsync("/sessions")).Number("count").ShouldBe(1);

        await page.GetByRole(AriaRole.Link, new() { Name = "Forget …" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Forget it for good" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("was forgotten");
        (await heat.GetAsync("/sessions")).Number("count").ShouldBe(0);
    }

    [Fact]
    public async Task APreviewTellsAPlanAndBeginsNothing()
    {
        await using var heat = await HeatServer.StartAsync();
        await heat.SitAsync("dora");
        var before = (await heat.GetAsync("/sessions/dora/history")).GetRawText();
        await using var window = await browser.OpenAsync(heat);
        await window.Page.GotoAsync("/ui/sessions/dora");

        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Preview the next plan" }).ClickAsync();

        await Expect(window.Page.Locator("h1")).ToHaveTextAsync("The next plan of dora");
        (await window.Page.Locator("tbody tr").CountAsync()).ShouldBeInRange(3, 7);
        (await heat.GetAsync("/sessions/dora/history")).GetRawText().ShouldBe(before);
        (await heat.GetAsync("/health")).Number("running_sittings").ShouldBe(0);
    }

    [Fact]
    public async Task AnImportShowsItsChangesBeforeTheyAreTaken()
    {
        await using var heat = await HeatServer.StartAsync();
        var before = (await heat.GetAsync("/channels")).Number("count");
        await using var window = await browser.OpenAsync(heat);
        var page = window.Page;
        await page.GotoAsync("/ui/channels");
        await page.GetByRole(AriaRole.Link, new() { Name = "Import channels …" }).ClickAsync();
        await page.GetByLabel("A list").FillAsync("https://t.me/some_new_channel\n@other_new_channel");
        await page.GetByLabel("Category of channels").FillAsync("Science");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show what would change" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("This would be taken: 2 new channels");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Browser.Pictures, "import-preview.png"), FullPage = true });
        (await heat.GetAsync("/channels")).Number("count").ShouldBe(before);

        await page.GetByRole(AriaRole.Button, new() { Name = "Take these changes" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Taken: 2 new channels");
        (await File.ReadAllTextAsync(heat.Folder.File("channels_data.json"), Cancellation)).ShouldContain("@some_new_channel");
    }

    [Fact]
    public async Task WithATokenABrowserSignsInAndIsLedToWhatItWantedAndSignsOut()
    {
        await using var heat = await HeatServer.StartAsync(settings => settings with { ApiToken = TestSecret.Of("s3cret") });
        await using var window = await browser.OpenAsync(heat);
        var page = window.Page;
        await page.GotoAsync("/ui/sessions?q=x");
        page.Url.ShouldContain("/ui/sign-in");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Browser.Pictures, "sign-in-1280-light.png") });
        (await Browser.FaultsForPeopleAsync(page)).ShouldBeEmpty();
        await page.GetByLabel("API_TOKEN").FillAsync("wrong");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await page.GetByLabel("API_TOKEN").FillAsync("s3cret");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        await page.AtAsync(@"/ui/sessions\?q=x");
        await page.GotoAsync("/ui");
        await page.GetByLabel("Session").FillAsync("emil");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start a sitting" }).ClickAsync();
        await Expect(page.Locator("p > .state")).ToHaveTextAsync("completed");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.GotoAsync("/ui");
        page.Url.ShouldContain("/ui/sign-in");
    }

    [Fact]
    public async Task WhoeverOnlyLooksSeesThePagesWithoutTheirButtons()
    {
        await using var heat = await HeatServer.StartAsync(settings => settings with
        {
            ApiToken = TestSecret.Of("s3cret"), ApiTokenRead = TestSecret.Of("l00k"),
        });
        await using var window = await browser.OpenAsync(heat);
        var page = window.Page;
        await page.GotoAsync("/ui");
        await page.GetByLabel("API_TOKEN").FillAsync("l00k");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Now");
        foreach (var path in new[] { "/ui", "/ui/channels", "/ui/sessions/alice" })
        {
            await page.GotoAsync(path);
            (await page.Locator("form[method=post] button:visible").AllTextContentsAsync()).ShouldBe(["Sign out"], path);
        }
        await page.ScreenshotAsync(new() { Path = Path.Combine(Browser.Pictures, "session-looking.png") });
    }

    [Fact]
    public async Task WhatAListSaysOfAChannelIsTextAndNeverAPage()
    {
        await using var heat = await HeatServer.StartAsync();
        await File.WriteAllTextAsync(heat.Folder.File("channels_data.json"), """
            [{"username": "@some_channel", "description": "<img src=x onerror=alert(1)>", "category": "</td><script>alert(2)</script>"}]
            """, Cancellation);
        await using var window = await browser.OpenAsync(heat);
        var isAsked = false;
        window.Page.Dialog += (_, dialog) => { isAsked = true; _ = dialog.DismissAsync(); };
        do await window.Page.GotoAsync("/ui/channels"); while (await window.Page.GetByText("@some_channel").CountAsync() == 0);

        await Expect(window.Page.GetByText("<img src=x onerror=alert(1)>")).ToBeVisibleAsync();
        isAsked.ShouldBeFalse();
        window.Complaints.ShouldBeEmpty();
    }
}
