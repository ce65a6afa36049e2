using HeatUp.Testing;
using HeatUp.Tests.Support;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(HeatUp.Browser.Tests.Browser))]

namespace HeatUp.Browser.Tests;

/// <summary>
/// The system's Chromium, started by the first test that looks. Without it the tests are skipped, but fail where
/// <c>CI</c> or <c>HEATUP_REQUIRE_BROWSER</c> is set.
/// </summary>
public sealed class Browser : IAsyncDisposable
{
    private static readonly string Axe = Repository.File("artifacts/axe/node_modules/axe-core/axe.min.js");

    private readonly Lazy<Task<(IPlaywright Driver, IBrowser Browser)>> started = new(StartAsync);

    /// <summary>Where pictures of the pages are kept.</summary>
    public static string Pictures { get; } =
        Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "screenshots")).FullName;

    /// <summary>A window of its own cookies, closed with the test.</summary>
    internal async Task<Window> OpenAsync(
        HeatServer heat, int width = 1280, ColorScheme scheme = ColorScheme.Light, bool hasScripts = true)
    {
        Require(InstalledPrograms.Chromium, "Install chromium, or name it in HEATUP_CHROMIUM.");
        Require(Axe, "CONTRIBUTING.md says how axe-core is brought.");
        var (_, browser) = await started.Value;
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = heat.Client.BaseAddress!.ToString(),
            ViewportSize = new() { Width = width, Height = width > 600 ? 800 : 844 },
            ColorScheme = scheme,
            JavaScriptEnabled = hasScripts,
            Locale = "en-GB",
            TimezoneId = "Europe/Berlin",
            AcceptDownloads = true,
        });
        context.SetDefaultTimeout(20_000);
        return new Window(context, await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (!started.IsValueCreated) return;
        var (driver, browser) = await started.Value;
        await browser.CloseAsync();
        driver.Dispose();
    }

    /// <summary>What is wrong with a page for people who can't see it, or can't see it well.</summary>
    internal static async Task<string[]> FaultsForPeopleAsync(IPage page)
    {
        await page.EvaluateAsync(await File.ReadAllTextAsync(Axe, TestContext.Current.CancellationToken));
        return await page.EvaluateAsync<string[]>("""
            async () => (await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }))
                .violations.flatMap(one => one.nodes.map(node => `${one.id}: ${node.target} ${node.failureSummary}`))
            """);
    }

    private static void Require(string file, string remedy)
    {
        if (!File.Exists(file)) Requirement.Miss("HEATUP_REQUIRE_BROWSER", $"{file} is missing. {remedy}");
    }

    private static async Task<(IPlaywright, IBrowser)> StartAsync()
    {
        var driver = await Playwright.CreateAsync();
        return (driver, await driver.Chromium.LaunchAsync(new() { ExecutablePath = InstalledPrograms.Chromium, Args = ["--no-sandbox"] }));
    }
}

/// <summary>A window, with whatever went wrong in it.</summary>
internal sealed class Window : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly List<string> complaints = [];

    public Window(IBrowserContext context, IPage page)
    {
        (this.context, Page) = (context, page);
        page.Console += (_, said) =>
        {
            if (said.Type is "error" or "warning") complaints.Add($"{said.Text} at {said.Location}");
        };
        page.PageError += (_, error) => complaints.Add(error);
    }

    public IPage Page { get; }

    /// <summary>What the browser's console says, and what a script threw.</summary>
    public IReadOnlyList<string> Complaints => complaints;

    public async ValueTask DisposeAsync() => await context.CloseAsync();
}
