using System.Text.Json;
using HeatUp.Runs.Conduct;
using HeatUp.TdLib;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.Heat;

/// <summary><c>heat account</c> as its user meets it: in a real terminal, over a scripted Telegram.</summary>
public sealed class AccountCommandTests : IDisposable
{
    private const string AskPhone = "such as +15550001122:";
    private const string AskCode = "for another phone number):";
    private const string AskPassword = "Password (it does not show):";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task APhoneNumberAndACodeLogInAndOutAgain()
    {
        await LogInAsync("alice", "+15550001111");

        var list = await RunAsync("account list --json");
        var account = JsonDocument.Parse(list.Out).RootElement.List("accounts").ShouldHaveSingleItem();
        account.Text("name").ShouldBe("alice");
        account.List("allowed").ShouldBeEmpty();

        (await RunAsync("account allow alice @durov https://t.me/telegram")).Out.ShouldContain("@durov @telegram");
        (await RunAsync("account allow alice --remove @durov")).Out.Trim().ShouldEndWith("may join: @telegram");
        (await RunAsync("account logout alice --yes")).Out.ShouldContain("is logged out");
        (await RunAsync("account list")).Out.ShouldContain("No account is logged in.");
        Directory.Exists(NoRealData.AccountsIn(folder, "live/alice")).ShouldBeFalse();
    }

    [Fact]
    public async Task APasswordIsAskedForWithItsHintAndNeverShown()
    {
        await using var terminal = TerminalProcess.Start(folder, "account login alice");
        await terminal.AnswerAsync(AskPhone, "+1 (555) 000-2222");
        await terminal.AnswerAsync(AskCode, "12345");
        await terminal.SeeAsync("Its hint: what the cat says");
        await terminal.AnswerAsync(AskPassword, "woof");
        await terminal.SeeAsync("That is not the password.");
        await terminal.AnswerAsync(AskPassword, "meow");

        (await terminal.EndAsync()).ShouldBe(0, terminal.Shown);

        terminal.Shown.ShouldContain("alice is logged in as Owner.");
        foreach (var secret in new[] { "12345", "woof", "meow" }) terminal.Shown.ShouldNotContain(secret);
    }

    [Fact]
    public async Task AQrCodeIsDrawnAndScanned()
    {
        await using var terminal = TerminalProcess.Start(folder, "account login alice --qr");

        (await terminal.EndAsync()).ShouldBe(0, terminal.Shown);

        terminal.Shown.Count(c => c is '\u2588' or '\u2580' or '\u2584').ShouldBeGreaterThan(200);
        terminal.Shown.ShouldContain("Settings, Devices");
        terminal.Shown.ShouldContain("alice is logged in");
        terminal.Shown.ShouldNotContain("tg://");
    }

    [Fact]
    public async Task ThreeWrongCodesEndTheLoginPolitely()
    {
        await using var terminal = TerminalProcess.Start(folder, "account login alice");
        await terminal.AnswerAsync(AskPhone, "+15550001111");
        for (var i = 0; i < 3; i++) await terminal.AnswerAsync(AskCode, "00000");

        (await terminal.EndAsync()).ShouldBe(1, terminal.Shown);

        terminal.Shown.ShouldContain("It was wrong 3 times.");
        (await RunAsync("account list")).Out.ShouldContain("waits for the code that Telegram has sent (WaitCode)");
    }

    [Theory]
    [InlineData("+15550003333", "Telegram has banned this number.")]
    [InlineData("+15550005555", "again in 1 h 2 min")]
    [InlineData("+15550009999", "Too many codes were asked for with this number.")]
    public async Task WhatCannotGoOnSaysWhyAndEnds(string phone, string why)
    {
        await using var terminal = TerminalProcess.Start(folder, "account login alice");
        await terminal.AnswerAsync(AskPhone, "12 monkeys");
        await terminal.SeeAsync("A phone number is + and 7 to 15 digits.");
        await terminal.AnswerAsync(AskPhone, phone);
        await terminal.SeeAsync(why);

        (await terminal.EndAsync()).ShouldBe(1, terminal.Shown);
    }

    [Fact]
    public async Task ANumberWithoutAnAccountIsNotRegistered()
    {
        await using var terminal = TerminalProcess.Start(folder, "account login alice");
        await terminal.AnswerAsync(AskPhone, "+15550004444");
        await terminal.AnswerAsync(AskCode, "12345");
        await terminal.SeeAsync("has no Telegram account, and Heat Up makes none");

        (await terminal.EndAsync()).ShouldBe(1, terminal.Shown);
    }

    [Fact]
    public async Task ATerminalThatWasClosedInMidLoginIsNoLoss()
    {
        await using (var first = TerminalProcess.Start(folder, "account login alice"))
        {
            await first.AnswerAsync(AskPhone, "+15550001111");
            await first.SeeAsync(AskCode);
            await first.CloseAsync();
        }
        await using var second = TerminalProcess.Start(folder, "account login alice");
        await second.SeeAsync("it goes on where it stood");
        await second.AnswerAsync(AskCode, "12345");

        (await second.EndAsync()).ShouldBe(0, second.Shown);
        second.Shown.ShouldNotContain(AskPhone);
    }

    [Fact]
    public async Task ACodeByEMailLogsIn()
    {
        await using var terminal = TerminalProcess.Start(folder, "account login alice");
        await terminal.AnswerAsync(AskPhone, "+15550006666");
        await terminal.AnswerAsync("E-mail address:", "owner@example.org");
        await terminal.SeeAsync("a code of 6 digits by e-mail to o***r@example.org");
        await terminal.AnswerAsync("Code:", "111111");
        await terminal.SeeAsync("That is not the code.");
        await terminal.AnswerAsync("Code:", "654 321");
        // The address is proved; now the login's own code comes there.
        await terminal.AnswerAsync("Code:", "654 321");

        (await terminal.EndAsync()).ShouldBe(0, terminal.Shown);

        terminal.Shown.ShouldContain("alice is logged in as Owner.");
        foreach (var secret in new[] { "111111", "654 321", "654321" }) terminal.Shown.ShouldNotContain(secret);
    }

    [Fact]
    public async Task AnExpiredCodeBeginsAnewWithTheNumber()
    {
        await using var terminal = TerminalProcess.Start(folder, "account login alice");
        await terminal.AnswerAsync(AskPhone, "+15550008888");
        await terminal.AnswerAsync(AskCode, "12345");
        await terminal.SeeAsync("That code has expired.");
        await terminal.AnswerAsync(AskPhone, "+15550001111");
        await terminal.AnswerAsync(AskCode, "12345");

        (await terminal.EndAsync()).ShouldBe(0, terminal.Shown);
    }

    [Fact]
    public async Task ACodeThatIsAskedForTooSoonIsNotAskedFor()
    {
        await using var terminal = TerminalProcess.Start(folder, "account login alice");
        await terminal.AnswerAsync(AskPhone, "+15550001111");
        await terminal.AnswerAsync(AskCode, "resend");
        await terminal.SeeAsync("The code may be sent again in 2 min.");
        await terminal.AnswerAsync(AskCode, "12345");

        (await terminal.EndAsync()).ShouldBe(0, terminal.Shown);
    }

    [Fact]
    public async Task OneTelegramAccountHasOneNameHere()
    {
        await LogInAsync("alice", "+15550001111");
        await using var terminal = TerminalProcess.Start(folder, "account login bob");
        await terminal.AnswerAsync(AskPhone, "+15550001111");
        await terminal.AnswerAsync(AskCode, "12345");

        (await terminal.EndAsync()).ShouldBe(1, terminal.Shown);

        terminal.Shown.ShouldContain("'alice'");
        Directory.Exists(NoRealData.AccountsIn(folder, "live/bob")).ShouldBeFalse();
    }

    [Fact]
    public async Task TheListSaysSinceAndUntilWhenAnAccountDoesNothingAndWhatToDo()
    {
        var place = NoRealData.AccountsIn(folder, "live");
        var clock = new FakeTimeProvider(new DateTimeOffset(2025, 6, 2, 12, 0, 0, TimeSpan.Zero));
        var book = new AccountBook(place, new TdAccounts(place).Key, clock);
        var (alice, bob, carol) = (SessionId.Parse("alice"), SessionId.Parse("bob"), SessionId.Parse("carol"));
        foreach (var name in (SessionId[])[alice, bob, carol]) book.Add(name).ShouldBeNull();
        book.Stop(alice, "Telegram said 400 PEER_FLOOD.");
        book.Wait(bob, new DateTimeOffset(2199, 6, 2, 12, 30, 0, TimeSpan.Zero));
        book.Wait(carol, clock.GetUtcNow().AddDays(-1));

        var said = string.Concat((await RunAsync("account list")).Out.Where(c => !char.IsWhiteSpace(c) && c != '│'));

        said.ShouldContain($"stoppedsince{clock.GetUtcNow():yyyy-MM-ddHH:mm}UTC:Telegramsaid400PEER_FLOOD.");
        said.ShouldContain("LookatitinTelegram'sownapp,then:heataccountresumealice");
        said.ShouldContain("waitsuntil2199-06-0212:30UTC,asTelegramasked:itgoesonbyitself.");
        said.ShouldContain("ready");
        var accounts = JsonDocument.Parse((await RunAsync("account list --json")).Out).RootElement.List("accounts");
        accounts[0].GetProperty("stopped_at").GetDateTimeOffset().ShouldBe(clock.GetUtcNow());
        accounts[1].Text("wait_until").ShouldStartWith("2199-06-02T12:30:00");
    }

    [Fact]
    public async Task AnAccountThatIsFrozenIsStoppedAtItsLogin()
    {
        await using var terminal = TerminalProcess.Start(folder, "account login alice");
        await terminal.AnswerAsync(AskPhone, "+15550007777");
        await terminal.AnswerAsync(AskCode, "12345");
        await terminal.SeeAsync("Telegram has frozen this account");

        (await terminal.EndAsync()).ShouldBe(0, terminal.Shown);

        (await RunAsync("account list")).Out.ShouldContain("The account is frozen");
    }

    [Fact]
    public async Task WithoutATerminalNobodyLogsIn()
    {
        var ended = await RunAsync("account login alice");

        ended.Code.ShouldBe(2);
        ended.Error.ShouldContain("needs a terminal");
        Directory.Exists(NoRealData.Of(folder)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("account login al/ice", "'/'")]
    [InlineData("account login a:b", "a:b")]
    [InlineData("account allow alice nonsense!", "nonsense!")]
    [InlineData("account allow alice", "")]
    public async Task AWrongNameIsNamed(string arguments, string named)
    {
        var ended = await RunAsync(arguments);

        ended.Code.ShouldBe(2);
        ended.Error.ShouldContain(named);
    }

    [Theory]
    [InlineData("account allow alice @durov")]
    [InlineData("account logout alice --yes")]
    [InlineData("account resume alice")]
    [InlineData("warmup alice")]
    public async Task AnUnknownAccountIsSaidWithHowToLogIn(string arguments)
    {
        var ended = await RunAsync(arguments);

        ended.Code.ShouldBe(1);
        ended.Error.ShouldContain("heat account login");
    }

    [Fact]
    public async Task InTheSandboxThereAreNoAccounts()
    {
        var ended = await TerminalProcess.RunAsync(folder, "account list", ("TELEGRAM_MODE", "sandbox"));

        ended.Code.ShouldBe(2);
        ended.Error.ShouldContain("TELEGRAM_MODE=sandbox");
    }

    private async Task LogInAsync(string name, string phone)
    {
        await using var terminal = TerminalProcess.Start(folder, $"account login {name}");
        await terminal.AnswerAsync(AskPhone, phone);
        await terminal.AnswerAsync(AskCode, "12345");
        (await terminal.EndAsync()).ShouldBe(0, terminal.Shown);
    }

    private Task<(int Code, string Out, string Error)> RunAsync(string arguments) =>
        TerminalProcess.RunAsync(folder, arguments);
}
