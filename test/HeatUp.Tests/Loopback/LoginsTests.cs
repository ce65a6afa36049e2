using System.Text.Json.Nodes;
using HeatUp.Testing.Peer;

namespace HeatUp.Tests.Loopback;

/// <summary>Logins of every kind, on a terminal.</summary>
public sealed class LoginsTests : LoopbackTest
{
    private const string Bob = "+15550002222";

    [Fact]
    public async Task APasswordIsProvedWithoutBeingSent()
    {
        await Telegram.AddAccountAsync(Bob, "Bob", password: "meow", hint: "what the cat says");
        await using var terminal = OnTerminal("account", "login", "bob");
        await terminal.AnswerAsync("Phone number", Bob);
        await terminal.AnswerAsync("Code (", "12345");
        await terminal.UntilAsync("what the cat says");
        await terminal.AnswerAsync("Password", "woof");
        await terminal.UntilAsync("That is not the password.");
        await terminal.AnswerAsync("Password", "meow");

        var (code, shown) = await terminal.EndedAsync();

        code.ShouldBe(0, shown);
        shown.ShouldContain("bob is logged in as Bob.");
        shown.ShouldNotContain("meow");
        var wire = string.Join('\n', await Telegram.SeenAsync());
        wire.ShouldNotContain("meow");
        wire.ShouldContain("auth.checkPassword -> ok");
    }

    [Fact]
    public async Task AQrCodeIsShownUntilItIsScanned()
    {
        await using var terminal = OnTerminal("account", "login", "alice", "--qr");
        await terminal.UntilAsync("Scan it with a Telegram app");

        await Telegram.ScanAsync(Phone);

        var (code, shown) = await terminal.EndedAsync();
        code.ShouldBe(0, shown);
        shown.ShouldContain("alice is logged in as Alice.");
    }

    [Fact]
    public async Task AQrCodeOfAnAccountWithAPasswordAsksForIt()
    {
        await Telegram.AddAccountAsync(Bob, "Bob", password: "meow");
        await using var terminal = OnTerminal("account", "login", "bob", "--qr");
        await terminal.UntilAsync("Scan it with a Telegram app");

        await Telegram.ScanAsync(Bob);
        await terminal.AnswerAsync("Password", "meow");

        var (code, shown) = await terminal.EndedAsync();
        code.ShouldBe(0, shown);
    }

    [Fact]
    public async Task AnAddressIsProvedAndThenTakesTheCode()
    {
        await Telegram.AddAccountAsync(new PeerOwner(Bob) { EmailCode = "654321", NamesEmailAddress = true }, "Bob");
        await using var terminal = OnTerminal("account", "login", "bob");
        await terminal.AnswerAsync("Phone number", Bob);
        await terminal.AnswerAsync("E-mail address", "owner@example.org");
        await terminal.AnswerAsync("o***r@example.org", "111111");
        await terminal.UntilAsync("That is not the code.");
        await terminal.AnswerAsync("Code:", "654321");
        await terminal.AnswerAsync("o***r@example.org", "654321");

        var (code, shown) = await terminal.EndedAsync();

        code.ShouldBe(0, shown);
        shown.ShouldContain("bob is logged in as Bob.");
        shown.ShouldNotContain("654321");
    }

    [Theory]
    [InlineData(false, false, "This number has no Telegram account")]
    [InlineData(true, true, "Telegram wants a purchase")]
    public async Task ANumberThatCannotLogInHereIsToldWhy(bool isRegistered, bool mustBuy, string sentence)
    {
        await Telegram.AddAccountAsync(new PeerOwner(Bob) { IsRegistered = isRegistered, MustBuy = mustBuy }, "Bob");
        await using var terminal = OnTerminal("account", "login", "bob");
        await terminal.AnswerAsync("Phone number", Bob);
        if (!mustBuy) await terminal.AnswerAsync("Code (", "12345");

        var (code, shown) = await terminal.EndedAsync();

        code.ShouldBe(1, shown);
        shown.ShouldContain(sentence);
        (await DoneAsync("account", "list")).ShouldNotContain("ready");
    }

    [Fact]
    public async Task ACodeThatHasExpiredIsAskedForAnew()
    {
        await SetCodeAsync("12345", isExpired: true);
        await using var terminal = OnTerminal("account", "login", "alice");
        await terminal.AnswerAsync("Phone number", Phone);
        await terminal.AnswerAsync("Code (", "12345");
        await terminal.UntilAsync("That code has expired.");
        await SetCodeAsync("54321", isExpired: false);
        await terminal.AnswerAsync("Phone number", Phone);
        await terminal.AnswerAsync("Code (", "54321");

        var (code, shown) = await terminal.EndedAsync();

        code.ShouldBe(0, shown);
        (await Telegram.CountAsync("auth.sendCode")).ShouldBe(2);
    }

    [Fact]
    public async Task AfterThreeWrongCodesNoFourthIsSent()
    {
        await using var terminal = OnTerminal("account", "login", "alice");
        await terminal.AnswerAsync("Phone number", Phone);
        for (var tries = 0; tries < 3; tries++) await terminal.AnswerAsync("Code (", "00000");

        var (code, shown) = await terminal.EndedAsync();

        code.ShouldBe(1);
        shown.ShouldContain("It was wrong 3 times.");
        (await Telegram.CountAsync("auth.signIn")).ShouldBe(3);
        (await DoneAsync("account", "list")).ShouldContain("heat account login alice");
    }

    [Theory]
    [InlineData("auth.sendCode", 400, "PHONE_NUMBER_BANNED", "Telegram has banned this number.")]
    [InlineData("auth.sendCode", 400, "PHONE_NUMBER_FLOOD", "Too many codes were asked for")]
    [InlineData("auth.sendCode", 406, "PHONE_NUMBER_INVALID", "Telegram knows no such phone number.")]
    [InlineData("auth.sendCode", 406, "UPDATE_APP_TO_LOGIN", "Telegram wants a newer TDLib")]
    [InlineData("auth.sendCode", 400, "API_ID_INVALID", "Look them up at my.telegram.org.")]
    [InlineData("auth.sendCode", 400, "API_ID_PUBLISHED_FLOOD", "a published one")]
    [InlineData("auth.sendCode", 420, "FLOOD_WAIT_3700", "Telegram allows it again in 1 h 2 min.")]
    [InlineData("auth.sendCode", 406, "PHONE_PASSWORD_FLOOD", "The password was wrong too often.")]
    [InlineData("auth.signIn", 400, "PHONE_CODE_EMPTY", "That is not the code.")]
    [InlineData("auth.signIn", 400, "PHONE_NUMBER_BANNED", "Telegram has banned this number.")]
    [InlineData("auth.signIn", 420, "FLOOD_WAIT_3700", "Telegram allows it again in 1 h 2 min.")]
    [InlineData("auth.checkPassword", 406, "PHONE_PASSWORD_FLOOD", "The password was wrong too often.")]
    [InlineData("auth.checkPassword", 420, "FLOOD_WAIT_3700", "Telegram allows it again in 1 h 2 min.")]
    public async Task WhatTelegramRefusesIsSaidWithWhatToDo(string method, int code, string text, string sentence)
    {
        await Telegram.AddAccountAsync(Bob, "Bob", password: "meow");
        await Telegram.FailAsync(method, code, text);
        await using var terminal = OnTerminal("account", "login", "bob");
        await terminal.AnswerAsync("Phone number", Bob);
        if (method != "auth.sendCode") await terminal.AnswerAsync("Code (", "12345");
        if (method == "auth.checkPassword") await terminal.AnswerAsync("Password", "meow");

        await terminal.UntilAsync(sentence);

        (await Telegram.CountAsync(method)).ShouldBe(1);
        (await DoneAsync("account", "list")).ShouldNotContain("ready");
    }

    [Fact]
    public async Task ALoginThatWasBrokenOffGoesOnWhereItStood()
    {
        await using (var first = OnTerminal("account", "login", "alice"))
        {
            await first.AnswerAsync("Phone number", Phone);
            await first.UntilAsync("Code (");
        }
        await using var second = OnTerminal("account", "login", "alice");
        await second.UntilAsync("it goes on where it stood");
        await second.AnswerAsync("Code (", "12345");

        var (code, shown) = await second.EndedAsync();

        code.ShouldBe(0, shown);
        (await Telegram.CountAsync("auth.sendCode")).ShouldBe(1);
    }

    [Fact]
    public async Task ALogoutEndsTheLoginAtTelegram()
    {
        await LogInAsync();
        await DoneAsync("account", "logout", "alice", "--yes");

        (await Telegram.CountAsync("auth.logOut")).ShouldBe(1);
        (await DoneAsync("account", "list")).ShouldContain("No account is logged in");
    }

    [Fact]
    public async Task ALogoutThatWasBrokenOffIsFinishedByTheNextLogin()
    {
        await LogInAsync();
        await Telegram.HoldAsync("auth.logOut", "before");
        await using (var killed = Start("account", "logout", "alice", "--yes"))
        {
            await Telegram.UntilAsync("auth.logOut");
            await killed.KillAsync();
        }
        await Telegram.DropAsync();

        await LogInAsync();

        (await DoneAsync("account", "list")).ShouldContain("ready");
        (await Telegram.CountAsync("auth.signIn")).ShouldBe(2);
    }

    [Fact]
    public async Task AnAccountThatWasThrownOutLogsInAgain()
    {
        await LogInAsync();
        await DoneAsync("account", "allow", "alice", "@durov");
        await PlanAsync(Idle(), Idle(), Idle());
        await Telegram.EndAsync(Phone, "SESSION_REVOKED");
        (await HeatAsync("warmup", "alice")).Code.ShouldBe(1);
        (await DoneAsync("account", "list")).ShouldContain("logged out");

        await LogInAsync();

        (await DoneAsync("account", "list")).ShouldContain("ready");
    }

    [Fact]
    public async Task ALoginThatTelegramHasEndedIsNotTakenForOne()
    {
        await LogInAsync();
        await Telegram.EndAsync(Phone, "SESSION_REVOKED");

        await using (var ended = OnTerminal("account", "login", "alice"))
        {
            var (code, shown) = await ended.EndedAsync();
            code.ShouldBe(1, shown);
            shown.ShouldContain("Telegram has ended this login");
            shown.ShouldNotContain("is logged in");
        }

        (await DoneAsync("account", "list")).ShouldContain("logged out");
        await LogInAsync();
        (await DoneAsync("account", "list")).ShouldContain("ready");
    }

    private Task<JsonNode> SetCodeAsync(string code, bool isExpired) => Telegram.DoAsync(new JsonObject
    {
        ["do"] = "code", ["phone"] = Phone, ["code"] = code, ["expired"] = isExpired,
    });
}
