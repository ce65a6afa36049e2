using System.Text.RegularExpressions;
using HeatUp.Channels;
using HeatUp.Runs;
using HeatUp.Runs.Sandbox;
using HeatUp.Testing.Peer;
using HeatUp.Tests.Support;
using Heat.Configuration;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HeatUp.Browser.Tests;

/// <summary>The page of real accounts, over a Telegram that stands in for the real one.</summary>
public sealed class AccountPageTests(Browser browser) : IDisposable
{
    private static readonly SessionId Alice = SessionId.Parse("alice");
    private static readonly ChannelName Durov = ChannelName.Parse("@durov");

    private readonly TempFolder folder = new();
    private readonly PeerOwner owner = new("+15550001122");
    private readonly ScriptedPeer peer = new(TimeProvider.System, new SandboxTelegram(
        () => ChannelPool.VerifiedOnly, TimeProvider.System, Pace.None, new Seed(7), SandboxFaults.None));

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task ACalendarTellsWhatAnAccountDidAndWasRefusedInTheViewersZone()
    {
        await using var heat = await StartAsync();
        await using var window = await browser.OpenAsync(heat);
        var page = window.Page;
        await page.GotoAsync("/ui/accounts");
        await Expect(page.GetByText("It did nothing since")).ToBeVisibleAsync();
        await page.ScreenshotAsync(new() { Path = Picture("accounts-idle-1280-light"), FullPage = true });
        peer.Next("joinChat", new PeerTurn.Error(400, "CHANNELS_TOO_MUCH"));

        await heat.SitAsync("alice");
        await heat.SitAsync("alice");
        await page.ReloadAsync();

        var today = page.Locator(".calendar [aria-current=date]");
        await Expect(today.Locator("time")).ToHaveTextAsync(new Regex("^[0-9]{1,2}( [A-Z][a-z]+)?$"));
        await Expect(today.Locator(".good")).ToContainTextAsync("done");
        await Expect(today.Locator(".bad")).ToContainTextAsync("refused");
        await Expect(page.GetByText("by days of Europe/Berlin")).ToBeVisibleAsync();
        await page.GetByText("Why it was refused").ClickAsync();
        await Expect(page.GetByText("CHANNELS_TOO_MUCH")).ToBeVisibleAsync();
        window.Complaints.ShouldBeEmpty();
        await LookAsync(heat, "accounts-busy");
    }

    [Fact]
    public async Task AnAccountThatTelegramHasEndedSaysSoWithWhatToDo()
    {
        await using var heat = await StartAsync();
        peer.Revoke(owner);
        await heat.SitAsync("alice");
        await using var window = await browser.OpenAsync(heat);

        await window.Page.GotoAsync("/ui/accounts");

        var told = window.Page.Locator(".banner");
        await Expect(told).ToContainTextAsync("Logged out since");
        await Expect(told).ToContainTextAsync("Log it in again: heat account login alice");
        await window.Page.GotoAsync("/ui");
        await Expect(window.Page.GetByText("Log it in again: heat account login alice")).ToBeVisibleAsync();
        await LookAsync(heat, "accounts-ended");
    }

    [Fact]
    public async Task AStopAtOnceHoldsAndSaysHowTheAccountGoesOn()
    {
        await using var heat = await StartAsync();
        await using var window = await browser.OpenAsync(heat);
        await window.Page.GotoAsync("/ui/accounts");

        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Stop it at once" }).ClickAsync();

        await Expect(window.Page.Locator(".banner")).ToContainTextAsync("heat account resume alice");
        (await heat.SitAsync("alice")).Problem().ShouldBe("conduct");
    }

    private async Task LookAsync(HeatServer heat, string name)
    {
        foreach (var (width, scheme) in PageTests.Looks)
        {
            await using var window = await browser.OpenAsync(heat, width, scheme);
            await PageTests.LookAsync(window, name, "/ui/accounts", width, scheme);
        }
    }

    private async Task<HeatServer> StartAsync()
    {
        var data = folder.File("accounts");
        var telegram = new TelegramSettings(false, 17, TestSecret.Of("f00d"), null, null, data);
        var heat = await HeatServer.StartAsync(
            settings => settings with { Telegram = telegram }, folder: folder, library: (_, _, log) => peer.Library(log));
        var accounts = heat.Part<global::Heat.Accounts.TelegramInUse>().Accounts!;
        peer.LogIn(accounts.Folders.Make(Alice), accounts.Folders.Key(), 17, "f00d", owner);
        accounts.Book.Add(Alice, owner.Id).ShouldBeNull();
        accounts.Book.Allow(Alice, Durov).ShouldBeNull();
        return heat;
    }

    private static string Picture(string name) => Path.Combine(Browser.Pictures, $"{name}.png");
}
