using System.Text.Json;
using HeatUp.Runs;
using HeatUp.TdLib;
using HeatUp.TdLib.Login;
using HeatUp.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace HeatUp.Tests.TdLib;

/// <summary>A login step by step: what TDLib says, and what its owner is to do.</summary>
public sealed class AccountLoginTests : IDisposable
{
    private const string WaitCode =
        """authorizationStateWaitCode","code_info":{"@type":"authenticationCodeInfo","phone_number":"15550001122","type":{"@type":"authenticationCodeTypeTelegramMessage","length":5},"next_type":{"@type":"authenticationCodeTypeSms","length":5},"timeout":60}""";

    private const string WaitPassword =
        """authorizationStateWaitPassword","password_hint":"the cat","has_recovery_email_address":false,"has_passport_data":false """;

    private static readonly LoginEntry Phone = new LoginEntry.Phone("+15550001122");
    private static readonly LoginEntry Code = new LoginEntry.Code("12345");

    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider clock = new();
    private readonly LoginScript script = new();
    private readonly AccountLogin login;

    public AccountLoginTests() => login = new AccountLogin(
        new TdLibrary(script, clock, NullLogger.Instance),
        new TdAccounts(folder.File("accounts")),
        new TdApplication(17, "hash", IsTest: false),
        SessionId.Parse("alice"),
        clock);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task APhoneNumberACodeAndAPasswordLogIn()
    {
        script.On("setAuthenticationPhoneNumber", WaitCode);
        script.On("checkAuthenticationCode", WaitPassword);
        script.On("checkAuthenticationPassword", Plain("Ready"));

        (await StartAsync()).ShouldBe(new(new LoginState.NeedsPhone()));
        var code = (await EnterAsync(Phone)).State.ShouldBeOfType<LoginState.NeedsCode>();
        code.Way.ShouldBe("as a message in a Telegram app where you are logged in");
        (code.Length, code.ResendIn).ShouldBe((5, TimeSpan.FromSeconds(60)));
        (await EnterAsync(Code)).State.ShouldBe(new LoginState.NeedsPassword("the cat"));
        (await EnterAsync(new LoginEntry.Password("meow"))).ShouldBe(new(new LoginState.LoggedIn()));

        script.Sent[1].GetProperty("phone_number").GetString().ShouldBe("+15550001122");
        script.Sent[2].GetProperty("code").GetString().ShouldBe("12345");
        script.Sent[3].GetProperty("password").GetString().ShouldBe("meow");
    }

    [Fact]
    public async Task AnEMailAddressIsNamedAndItsCodeChecked()
    {
        script.On("setAuthenticationPhoneNumber",
            """authorizationStateWaitEmailAddress","allow_apple_id":false,"allow_google_id":false""");
        script.On("setAuthenticationEmailAddress",
            """authorizationStateWaitEmailCode","allow_apple_id":false,"allow_google_id":false,"code_info":{"@type":"emailAddressAuthenticationCodeInfo","email_address_pattern":"o***@example.org","length":6}""");
        script.On("checkAuthenticationEmailCode", Plain("Ready"));
        await StartAsync();

        (await EnterAsync(Phone)).State.ShouldBe(new LoginState.NeedsEmail());
        (await EnterAsync(new LoginEntry.Email("owner@example.org"))).State
            .ShouldBe(new LoginState.NeedsEmailCode("o***@example.org", 6));
        (await EnterAsync(new LoginEntry.EmailCode("654321"))).State.ShouldBe(new LoginState.LoggedIn());
    }

    [Theory]
    [InlineData("Code", "PHONE_CODE_INVALID", "That is not the code.")]
    [InlineData("Password", "PASSWORD_HASH_INVALID", "That is not the password.")]
    public async Task WhatIsWrongThreeTimesEndsTheLoginPolitely(string kind, string said, string sentence)
    {
        script.First = kind == "Code" ? WaitCode : WaitPassword;
        script.Fail(kind == "Code" ? "checkAuthenticationCode" : "checkAuthenticationPassword", 400, said);
        await StartAsync();
        LoginEntry entry = kind == "Code" ? Code : new LoginEntry.Password("woof");

        (await EnterAsync(entry)).Fault.ShouldBe(new LoginFault(LoginNext.Again, sentence));
        (await EnterAsync(entry)).Fault.ShouldBe(new LoginFault(LoginNext.Again, sentence));
        var third = (await EnterAsync(entry)).Fault.ShouldNotBeNull();

        third.Next.ShouldBe(LoginNext.Stop);
        third.Sentence.ShouldStartWith($"{sentence} It was wrong 3 times.");
    }

    [Theory]
    [InlineData(400, "PHONE_NUMBER_BANNED", LoginNext.Stop, "banned this number")]
    [InlineData(406, "PHONE_NUMBER_INVALID", LoginNext.Again, "country code")]
    [InlineData(400, "PHONE_NUMBER_FLOOD", LoginNext.Stop, "tomorrow")]
    [InlineData(406, "PHONE_PASSWORD_FLOOD", LoginNext.Stop, "tomorrow")]
    [InlineData(400, "PHONE_CODE_EXPIRED", LoginNext.Anew, "expired")]
    [InlineData(406, "UPDATE_APP_TO_LOGIN", LoginNext.Stop, "newer TDLib")]
    [InlineData(400, "API_ID_INVALID", LoginNext.Stop, "my.telegram.org")]
    [InlineData(400, "API_ID_PUBLISHED_FLOOD", LoginNext.Stop, "my.telegram.org")]
    [InlineData(400, "EMAIL_NOT_ALLOWED", LoginNext.Again, "address")]
    [InlineData(429, "Too Many Requests: retry after 3700", LoginNext.Stop, "again in 1 h 2 min")]
    [InlineData(400, "Can't lock file \"/a/td.binlog\", because it is already in use; check for another program instance running",
        LoginNext.Stop, "Another heat process")]
    [InlineData(401, "Wrong database encryption key", LoginNext.Stop, "TDLIB_DATABASE_KEY")]
    [InlineData(400, "database or disk is full", LoginNext.Stop, "disk is full")]
    [InlineData(400, "SOMETHING_NEW", LoginNext.Stop, "Telegram refused: 400 SOMETHING_NEW.")]
    public void EveryKnownErrorSaysWhatToDo(int code, string message, LoginNext next, string said)
    {
        var fault = LoginFault.Of(new TelegramError(code, message));

        fault.Next.ShouldBe(next);
        fault.Sentence.ShouldContain(said);
    }

    [Fact]
    public void AFloodWaitTellsItsTime() =>
        LoginFault.Of(new TelegramError(429, "Too Many Requests: retry after 3700")).RetryAfter
            .ShouldBe(TimeSpan.FromSeconds(3700));

    [Theory]
    [InlineData(0.2, "1 s")]
    [InlineData(59, "59 s")]
    [InlineData(61, "2 min")]
    [InlineData(3600, "1 h")]
    [InlineData(86400, "24 h")]
    [InlineData(3541, "1 h")]
    public void ATimeIsNeverToldShorterThanItIs(double seconds, string said) =>
        LoginFault.Span(TimeSpan.FromSeconds(seconds)).ShouldBe(said);

    [Fact]
    public async Task ACodeIsSentAgainOnlyWhenTelegramAllowsIt()
    {
        script.First = WaitCode;
        script.On("resendAuthenticationCode", WaitCode);
        await StartAsync();
        clock.Advance(TimeSpan.FromSeconds(18));

        var early = await EnterAsync(new LoginEntry.Resend());
        early.Fault.ShouldBe(new LoginFault(LoginNext.Again, "The code may be sent again in 42 s."));
        script.Sent.Count.ShouldBe(1);
        clock.Advance(TimeSpan.FromSeconds(42));

        (await EnterAsync(new LoginEntry.Resend())).Fault.ShouldBeNull();
        script.Sent.Count.ShouldBe(2);
        ((LoginState.NeedsCode)login.State).ResendIn.ShouldBe(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task ALoginThatWasBrokenOffGoesOnWhereItStood()
    {
        script.First = WaitCode;
        script.On("checkAuthenticationCode", Plain("Ready"));

        (await StartAsync()).State.ShouldBeOfType<LoginState.NeedsCode>();
        (await EnterAsync(Code)).State.ShouldBe(new LoginState.LoggedIn());
    }

    [Fact]
    public async Task AQrCodeIsRenewedUntilItIsScanned()
    {
        script.On("requestQrCodeAuthentication", Scan("one"));
        await StartAsync();

        (await EnterAsync(new LoginEntry.Qr())).State.ShouldBe(new LoginState.NeedsScan("tg://login?token=one"));
        var renewed = login.ScannedAsync(TimeSpan.FromMinutes(5), Cancellation);
        script.Enter(Scan("two"));
        (await renewed).ShouldBe(new LoginState.NeedsScan("tg://login?token=two"));
        var scanned = login.ScannedAsync(TimeSpan.FromMinutes(5), Cancellation);
        script.Enter(WaitPassword);
        (await scanned).ShouldBe(new LoginState.NeedsPassword("the cat"));
        $"{new LoginState.NeedsScan("tg://login?token=one")}".ShouldNotContain("token");
    }

    [Fact]
    public async Task FromAQrCodeAPhoneNumberBeginsAnewWithAClientOfItsOwn()
    {
        script.First = Scan("one");
        script.On("setAuthenticationPhoneNumber", WaitCode);
        await StartAsync();
        script.First = Plain("WaitPhoneNumber");

        (await EnterAsync(Phone)).State.ShouldBeOfType<LoginState.NeedsCode>();

        script.Names.ShouldBe(["setTdlibParameters", "logOut", "setTdlibParameters", "setAuthenticationPhoneNumber"]);
    }

    [Theory]
    [InlineData("authorizationStateWaitRegistration\"", "no Telegram account")]
    [InlineData("authorizationStateWaitPremiumPurchase\",\"support_email_address\":\"help@example.org\"", "help@example.org")]
    [InlineData("authorizationStateOfTheFuture\"", "does not know")]
    public async Task WhatCannotBeMetHereIsRefused(string state, string said)
    {
        script.On("setAuthenticationPhoneNumber", state);
        await StartAsync();

        var refused = (await EnterAsync(Phone)).State.ShouldBeOfType<LoginState.Refused>();

        refused.Why.ShouldContain(said);
        (await EnterAsync(Phone)).Fault!.Next.ShouldBe(LoginNext.Stop);
    }

    [Fact]
    public async Task WithoutANetworkTheOwnerIsToldAndTheLoginStays()
    {
        script.Silent.Add("setAuthenticationPhoneNumber");
        await StartAsync();

        var asking = EnterAsync(Phone);
        clock.Advance(AccountLogin.AnswerWithin);
        var answer = await asking;

        answer.State.ShouldBe(new LoginState.NeedsPhone());
        answer.Fault!.Next.ShouldBe(LoginNext.Stop);
        answer.Fault.Sentence.ShouldContain("Is there a network?");
    }

    [Fact]
    public async Task ALogoutWaitsUntilItIsDone()
    {
        script.First = Plain("Ready");
        await StartAsync();

        (await login.LogOutAsync(Cancellation)).ShouldBeNull();

        script.Names.ShouldBe(["setTdlibParameters", "logOut"]);
    }

    [Fact]
    public async Task ALogoutThatTelegramDoesNotAnswerIsNotTakenForDone()
    {
        script.First = Plain("Ready");
        script.Silent.Add("logOut");
        await StartAsync();

        var leaving = login.LogOutAsync(Cancellation);
        clock.Advance(AccountLogin.AnswerWithin);

        (await leaving).ShouldNotBeNull().Sentence.ShouldContain("did not answer");
    }

    [Fact]
    public void AnEntryShowsItsKindAndNoSecret()
    {
        foreach (var entry in new[]
        {
            Phone, Code, new LoginEntry.Email("12345@x.y"), new LoginEntry.EmailCode("12345"), new LoginEntry.Password("12345"),
        })
            $"{entry}".ShouldBe(entry.GetType().Name);
    }

    private Task<LoginAnswer> StartAsync() => login.StartAsync(Cancellation).AsTask();

    private Task<LoginAnswer> EnterAsync(LoginEntry entry) => login.EnterAsync(entry, Cancellation).AsTask();

    private static string Plain(string state) => $"authorizationState{state}\"";

    private static string Scan(string token) =>
        $"authorizationStateWaitOtherDeviceConfirmation\",\"link\":\"tg://login?token={token}\"";
}

/// <summary>Says to each kind of request what a test wants: a new state and ok, an error, or nothing.</summary>
internal sealed class LoginScript : ITdJson
{
    private readonly Dictionary<int, Action<ReadOnlyMemory<byte>>> clients = [];
    private readonly Dictionary<string, string> states = [];
    private readonly Dictionary<string, string> errors = [];
    private int newest;

    public TdRedaction Redaction { get; } = new();

    /// <summary>The first state after the start, from its name on.</summary>
    public string First { get; set; } = "authorizationStateWaitPhoneNumber\"";

    public HashSet<string> Silent { get; } = [];

    public List<JsonElement> Sent { get; } = [];

    public IEnumerable<string> Names => Sent.Select(RawClient.ClassOf);

    public void On(string request, string state) => states[request] = state;

    public void Fail(string request, int code, string message) =>
        errors[request] = $$"""{"@type":"error","code":{{code}},"message":"{{message}}" """;

    public int CreateClient(Action<ReadOnlyMemory<byte>> receive)
    {
        clients.Add(++newest, receive);
        return newest;
    }

    public void Forget(int client) => clients.Remove(client);

    public void Send(int client, ReadOnlyMemory<byte> request)
    {
        var asked = JsonElement.Parse(request.Span);
        var name = RawClient.ClassOf(asked);
        Sent.Add(asked);
        if (Silent.Contains(name)) return;
        if (errors.TryGetValue(name, out var error))
        {
            Say(client, $"{error},\"@extra\":{asked.GetProperty("@extra")}");
            return;
        }
        if (name == "setTdlibParameters") Enter(First);
        if (states.TryGetValue(name, out var state)) Enter(state);
        if (name is "logOut") Enter("authorizationStateLoggingOut\"");
        Say(client, $$"""{"@type":"ok","@extra":{{asked.GetProperty("@extra")}}""");
        if (name is "logOut" or "close") Enter("authorizationStateClosed\"");
    }

    public void Enter(string state) => Say(newest,
        $$$"""{"@type":"updateAuthorizationState","authorization_state":{"@type":"{{{state}}}}""");

    private void Say(int client, string json)
    {
        if (clients.TryGetValue(client, out var receive))
            receive(System.Text.Encoding.UTF8.GetBytes($"{json},\"@client_id\":{client}}}"));
    }
}
