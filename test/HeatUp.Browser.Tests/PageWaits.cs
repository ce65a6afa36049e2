using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace HeatUp.Browser.Tests;

/// <summary>Waiting for pages.</summary>
internal static class PageWaits
{
    /// <summary>
    /// Waits until a page whose address matches is there to its last line. Playwright's own wait for an address may miss
    /// the load of a page that was quick.
    /// </summary>
    public static async Task AtAsync(this IPage page, string address)
    {
        await Expect(page).ToHaveURLAsync(new Regex(address));
        await Expect(page.Locator("footer")).ToBeVisibleAsync();
    }
}
