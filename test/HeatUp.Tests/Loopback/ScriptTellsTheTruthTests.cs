using HeatUp.TdLib.Api;

namespace HeatUp.Tests.Loopback;

/// <summary>The scripted peer of the other tests answers as TDLib does: on whatever a sitting asks.</summary>
public sealed class ScriptTellsTheTruthTests : ScriptComparison
{
    private static readonly (int Code, string Text)[] Joins =
    [
        (400, "CHANNELS_TOO_MUCH"), (400, "INVITE_REQUEST_SENT"), (400, "PEER_FLOOD"), (420, "FLOOD_WAIT_61"),
        (420, "FROZEN_METHOD_INVALID"),
    ];

    [Fact]
    public Task EveryExchangeIsAsTheLibraryHasIt() => CompareAsync(async talk =>
    {
        await talk.AskAsync(new SetTdlibParameters(false, talk.Folder, new byte[32], 1234567, "hash"));
        await talk.AskAsync(new SetAuthenticationPhoneNumber(Phone));
        await talk.AskAsync(new CheckAuthenticationCode("54321"));
        await talk.AskAsync(new CheckAuthenticationCode("12345"));
        await talk.AskAsync(new GetMe());
        await talk.AskAsync(new LoadChats(ChatLists.Main, 100));
        await talk.AskAsync(new GetChats(ChatLists.Main, 100));
        await talk.AskAsync(new SearchPublicChat("nobody_here_at_all"));
        var (id, channel) = await FindAsync(talk);
        await talk.AskAsync(new GetSupergroup(channel));
        await talk.AskAsync(new JoinChat(id));
        await talk.AskAsync(new JoinChat(id));
        await talk.AskAsync(new GetSupergroup(channel));
        await talk.AskAsync(new OpenChat(id));
        var posts = await talk.AskAsync(new GetChatHistory(id, 0, 20));
        var newest = posts.GetProperty("messages")[0].GetProperty("id").GetInt64();
        await talk.AskAsync(new GetChatHistory(id, newest, 19));
        await talk.AskAsync(new GetChatHistory(id, 1 << 20, 19));
        await talk.AskAsync(new ViewMessages(id, [newest]));
        await talk.AskAsync(new GetChat(id));
        await talk.AskAsync(new CloseChat(id));
        await talk.AskAsync(new GetSupergroupFullInfo(channel));
        await talk.AskAsync(new GetChatSimilarChats(id));
        await talk.AskAsync(new LoadChats(ChatLists.Main, 100));
        await talk.AskAsync(new GetChats(ChatLists.Main, 100));
        await talk.AskAsync(new GetChat(77));
        await talk.FollowAsync(false);
        await talk.AskAsync(new GetSupergroupFullInfo(channel));
        await talk.AskAsync(new GetSupergroup(channel));
        await talk.AskAsync(new Close());
    });

    [Fact]
    public Task EveryRefusalIsAsTheLibraryHasIt() => CompareAsync(async talk =>
    {
        await LogInAsync(talk);
        await talk.RefuseAsync("searchPublicChat", "contacts.resolveUsername", 420, "FLOOD_WAIT_61");
        await talk.AskAsync(new SearchPublicChat("durov"));
        await talk.RefuseAsync("searchPublicChat", "contacts.resolveUsername", 400, "USERNAME_INVALID");
        await talk.AskAsync(new SearchPublicChat("durov"));
        await talk.AskAsync(new SearchPublicChat(""));
        var (id, channel) = await FindAsync(talk);
        foreach (var (code, text) in Joins)
        {
            await talk.RefuseAsync("joinChat", "channels.joinChannel", code, text);
            await talk.AskAsync(new JoinChat(id));
            await talk.AskAsync(new GetSupergroup(channel));
        }
        await talk.RefuseAsync("getChatSimilarChats", "channels.getChannelRecommendations", 420, "FLOOD_WAIT_3600");
        await talk.AskAsync(new GetChatSimilarChats(id));
        await talk.RefuseAsync("getChatHistory", "messages.getHistory", 420, "FLOOD_WAIT_61");
        await talk.AskAsync(new GetChatHistory(id, 1 << 20, 19));
        await talk.RefuseAsync("joinChat", "channels.joinChannel", 406, "CHANNEL_PRIVATE");
        await talk.AskAsync(new JoinChat(id));
        await talk.AskAsync(new Close());
    });

    [Fact]
    public Task AChannelOfTwoNamesIsAsTheLibraryHasIt() => CompareAsync(async talk =>
    {
        await LogInAsync(talk);
        await talk.NameAsync("durov_too");
        var (id, channel) = await FindAsync(talk, "durov_too");
        await talk.AskAsync(new GetSupergroup(channel));
        (await FindAsync(talk)).ShouldBe((id, channel));
        await talk.AskAsync(new Close());
    });

    [Fact]
    public Task ARestrictedChannelIsAsTheLibraryHasIt() => CompareAsync(async talk =>
    {
        await LogInAsync(talk);
        var (_, channel) = await FindAsync(talk);
        await talk.AskAsync(new GetSupergroup(channel));
        await talk.AskAsync(new Close());
    }, isRestricted: true);

    [Theory]
    [InlineData(401, "AUTH_KEY_UNREGISTERED")]
    [InlineData(401, "SESSION_REVOKED")]
    [InlineData(401, "USER_DEACTIVATED_BAN")]
    public Task TheEndOfALoginIsAsTheLibraryHasIt(int code, string text) => CompareAsync(async talk =>
    {
        await LogInAsync(talk);
        var (id, _) = await FindAsync(talk);
        await talk.RefuseAsync("joinChat", "channels.joinChannel", code, text);
        await talk.AskAsync(new JoinChat(id));
        await talk.EndAsync();
    });

    [Fact]
    public Task AFrozenAccountIsAsTheLibraryHasIt() => CompareAsync(async talk =>
    {
        await LogInAsync(talk);
        var (id, _) = await FindAsync(talk);
        await talk.FreezeAsync(true);
        await talk.AskAsync(new JoinChat(id));
        await talk.FreezeAsync(false);
        await talk.AskAsync(new JoinChat(id));
        await talk.AskAsync(new Close());
    });

    private static async Task LogInAsync(Talk talk)
    {
        await talk.AskAsync(new SetTdlibParameters(false, talk.Folder, new byte[32], 1234567, "hash"));
        await talk.AskAsync(new SetAuthenticationPhoneNumber(Phone));
        await talk.AskAsync(new CheckAuthenticationCode("12345"));
    }

    private static async Task<(long Chat, long Channel)> FindAsync(Talk talk, string name = "durov")
    {
        var chat = await talk.AskAsync(new SearchPublicChat(name));
        return (chat.GetProperty("id").GetInt64(), chat.GetProperty("type").GetProperty("supergroup_id").GetInt64());
    }
}
