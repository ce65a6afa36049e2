using HeatUp.TdLib.Api;
using HeatUp.Testing.Peer;

namespace HeatUp.Tests.Loopback;

/// <summary>The scripted peer of the other tests answers as TDLib does: on each way to log in.</summary>
public sealed class LoginScriptTests : ScriptComparison
{
    private const string Carol = "+15550003333";

    [Fact]
    public Task EveryStepOfALoginIsAsTheLibraryHasIt() => CompareAsync(async talk =>
    {
        await talk.AskAsync(new SetTdlibParameters(false, talk.Folder, new byte[32], 0, ""));
        await talk.AskAsync(new SetTdlibParameters(false, talk.Folder, new byte[32], 1234567, "hash"));
        await talk.AskAsync(new CheckAuthenticationCode("12345"));
        await talk.AskAsync(new CheckAuthenticationPassword("meow"));
        await talk.AskAsync(new SetAuthenticationPhoneNumber(""));
        await talk.AskAsync(new SetAuthenticationPhoneNumber("+15550009999"));
        await talk.AskAsync(new SetAuthenticationPhoneNumber(Bob));
        await talk.AskAsync(new ResendAuthenticationCode());
        await talk.AskAsync(new ResendAuthenticationCode());
        await talk.AskAsync(new CheckAuthenticationCode(""));
        await talk.AskAsync(new CheckAuthenticationCode("54321"));
        await talk.AskAsync(new CheckAuthenticationCode("12345"));
        await talk.AskAsync(new CheckAuthenticationPassword("woof"));
        await talk.AskAsync(new CheckAuthenticationPassword("meow"));
        await talk.AskAsync(new GetMe());
        await talk.AskAsync(new LogOut());
        await talk.EndAsync();
    });

    [Fact]
    public Task ALoginByQrCodeIsAsTheLibraryHasIt() => CompareAsync(async talk =>
    {
        await talk.AskAsync(new SetTdlibParameters(false, talk.Folder, new byte[32], 1234567, "hash"));
        await talk.AskAsync(new RequestQrCodeAuthentication());
        await talk.ScanAsync();
        await talk.AskAsync(new CheckAuthenticationPassword("meow"));
        await talk.AskAsync(new Close());
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task ACodeByEmailIsAsTheLibraryHasIt(bool namesEmail) => CompareAsync(async talk =>
    {
        await talk.AskAsync(new SetTdlibParameters(false, talk.Folder, new byte[32], 1234567, "hash"));
        await talk.AddAsync(new PeerOwner(Carol) { Id = 777_125, EmailCode = "654321", NamesEmailAddress = namesEmail });
        await talk.AskAsync(new SetAuthenticationPhoneNumber(Carol));
        await talk.AskAsync(new CheckAuthenticationCode("12345"));
        if (namesEmail)
        {
            await talk.AskAsync(new SetAuthenticationEmailAddress(""));
            await talk.AskAsync(new SetAuthenticationEmailAddress("owner@example.org"));
            await talk.AskAsync(new CheckAuthenticationEmailCode(new EmailCode("123456")));
            await talk.AskAsync(new CheckAuthenticationEmailCode(new EmailCode("654321")));
        }
        await talk.AskAsync(new CheckAuthenticationEmailCode(new EmailCode("")));
        await talk.AskAsync(new CheckAuthenticationEmailCode(new EmailCode("123456")));
        await talk.AskAsync(new CheckAuthenticationEmailCode(new EmailCode("654321")));
        await talk.AskAsync(new GetMe());
        await talk.AskAsync(new Close());
    });

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public Task ANumberThatCannotLogInIsAsTheLibraryHasIt(bool isRegistered, bool mustBuy) => CompareAsync(async talk =>
    {
        await talk.AskAsync(new SetTdlibParameters(false, talk.Folder, new byte[32], 1234567, "hash"));
        await talk.AddAsync(new PeerOwner(Carol) { Id = 777_125, IsRegistered = isRegistered, MustBuy = mustBuy });
        await talk.AskAsync(new SetAuthenticationPhoneNumber(Carol));
        await talk.AskAsync(new CheckAuthenticationCode("54321"));
        await talk.AskAsync(new CheckAuthenticationCode("12345"));
        await talk.AskAsync(new SetAuthenticationPhoneNumber(Phone));
        await talk.AskAsync(new Close());
    });
}
