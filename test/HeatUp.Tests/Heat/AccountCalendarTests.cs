using Heat.Accounts;
using HeatUp.Runs;
using HeatUp.Sessions;
using HeatUp.Testing.Peer;
using HeatUp.Tests.Sessions;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.Heat;

/// <summary>What the accounts' page counts, and in whose days.</summary>
public sealed class AccountCalendarTests
{
    /// <summary>A Wednesday; in Berlin it is Thursday already.</summary>
    private static readonly DateTimeOffset LateInTheEvening = new(2024, 1, 10, 23, 30, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, "UTC", "2024-01-10")]
    [InlineData("heat_zone=Europe/Berlin", "Europe/Berlin", "2024-01-11")]
    [InlineData("heat_zone=Europe%2FBerlin", "Europe/Berlin", "2024-01-11")]
    [InlineData("heat_zone=<b>Mars</b>", "UTC", "2024-01-10")]
    public async Task DaysAreThoseOfWhoeverLooks(string? cookie, string zone, string today)
    {
        using var folder = new TempFolder();
        await using var heat = await StartAsync(folder);
        var store = heat.Part<ISessionStore>();
        await store.SitAsync(Remembered.Alice, 1, LateInTheEvening.AddMinutes(-20), Remembered.Join("@durov"), Remembered.Idle());
        // Monday of the first of five weeks, and the Sunday before it.
        await store.SitAsync(Remembered.Alice, 2, new(2023, 12, 11, 12, 0, 0, TimeSpan.Zero), Remembered.Idle());
        await store.SitAsync(Remembered.Alice, 3, new(2023, 12, 10, 12, 0, 0, TimeSpan.Zero), Remembered.Idle());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ui/accounts");
        if (cookie is not null) request.Headers.Add("Cookie", cookie);

        using var answer = await heat.Client.SendAsync(request, Cancellation);

        var page = await answer.Content.ReadAsStringAsync(Cancellation);
        page.ShouldContain($"by days of {zone}.");
        page.ShouldMatch($"""aria-current="date">\s*<time datetime="{today}">""");
        page.ShouldContain($"""<td class="short">{today}</td>""");
        page.ShouldContain("""<td class="short">2023-12-11</td>""");
        page.ShouldNotContain("2023-12-10");
    }

    [Fact]
    public async Task AnAccountThatDidNothingYetHasNoCalendarButTellsHowItBegins()
    {
        using var folder = new TempFolder();
        await using var heat = await StartAsync(folder);

        var page = await heat.Client.GetStringAsync("/ui/accounts", Cancellation);

        page.ShouldContain("It did nothing since 11 December 2023.");
        page.ShouldContain("""<a href="/ui/sessions/alice">""");
        page.ShouldNotContain("class=\"calendar\"");
    }

    [Fact]
    public async Task WhatEndedAnAccountIsToldWithTheWayOn()
    {
        using var folder = new TempFolder();
        await using var heat = await StartAsync(folder);
        heat.Part<TelegramInUse>().Accounts!.Book.Heard(
            Remembered.Alice, new Outcome.AccountLost(new TelegramError(401, "USER_DEACTIVATED_BAN")));

        var page = await heat.Client.GetStringAsync("/ui/accounts", Cancellation);

        page.ShouldContain("Logged out since");
        page.ShouldContain("Telegram has banned it (401 USER_DEACTIVATED_BAN).");
        page.ShouldContain("Once that is undone: heat account login alice");
    }

    private static async Task<HeatServer> StartAsync(TempFolder folder)
    {
        var clock = new FakeTimeProvider(LateInTheEvening);
        var heat = await HeatServer.StartAsync(
            settings => settings with { Telegram = new(false, 17, TestSecret.Of("f00d"), null, null, folder.File("accounts")) },
            clock, folder, (_, _, log) => new ScriptedPeer(clock).Library(log));
        heat.Part<TelegramInUse>().Accounts!.Book.Add(Remembered.Alice, 1).ShouldBeNull();
        return heat;
    }
}
