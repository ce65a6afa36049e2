using HeatUp.TdLib.Api;

namespace HeatUp.Tests.TdLib;

/// <summary>One of each request, with a value in each field.</summary>
internal static class TdRequestSamples
{
    public static IReadOnlyList<TdRequest> In(string folder) =>
    [
        new SetTdlibParameters(true, folder, [1, 2, 3], 17, "fedcba"),
        new GetAuthorizationState(),
        new SetAuthenticationPhoneNumber("+15550001122"),
        new CheckAuthenticationCode("12345"),
        new ResendAuthenticationCode(),
        new SetAuthenticationEmailAddress("owner@example.org"),
        new CheckAuthenticationEmailCode(new EmailCode("54321")),
        new CheckAuthenticationPassword("hunter2"),
        new RequestQrCodeAuthentication(),
        new LogOut(),
        new Close(),
        new GetMe(),
        new SearchPublicChat("news"),
        new GetChat(-100123),
        new GetUser(123),
        new GetSupergroup(123),
        new GetSupergroupFullInfo(123),
        new GetChatSimilarChats(-100123),
        new LoadChats(ChatLists.Main, 20),
        new GetChats(ChatLists.Archive, 30),
        new JoinChat(-100123),
        new OpenChat(-100123),
        new CloseChat(-100123),
        new GetChatHistory(-100123, 1024, 50),
        new ViewMessages(-100123, [2048, 1024]),
    ];
}
