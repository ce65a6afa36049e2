using System.Text.Json.Serialization;

namespace HeatUp.TdLib.Api;

/// <summary>A class of TDLib's that has no fields.</summary>
/// <param name="Class">Its name.</param>
public sealed record TdClass([property: JsonPropertyName("@type")] string Class);

/// <summary>Finds a public chat by its name. Telegram allows about 200 of these a day; answers keep a day.</summary>
/// <param name="Username">With or without its @.</param>
public sealed record SearchPublicChat(string Username) : TdRequest<Chat>;

/// <summary>What is known of a chat, without the network.</summary>
/// <param name="ChatId">Which one.</param>
public sealed record GetChat(long ChatId) : TdRequest<Chat>;

/// <summary>What is known of a channel, membership included, without the network.</summary>
/// <param name="SupergroupId">Which one, by its own number and not its chat's.</param>
public sealed record GetSupergroup(long SupergroupId) : TdRequest<Supergroup>;

/// <summary>What is known of a person or a bot that a name led to, without the network.</summary>
/// <param name="UserId">Which one.</param>
public sealed record GetUser(long UserId) : TdRequest<User>;

/// <summary>A channel's description and the number of its subscribers; over the network the first time.</summary>
/// <param name="SupergroupId">Which one.</param>
public sealed record GetSupergroupFullInfo(long SupergroupId) : TdRequest<SupergroupFull>;

/// <summary>Channels that Telegram finds similar to a channel.</summary>
/// <param name="ChatId">That channel.</param>
public sealed record GetChatSimilarChats(long ChatId) : TdRequest<Chats>;

/// <summary>Loads more of the account's chats; they come as updates. Error 404 when all are there.</summary>
/// <param name="ChatList">One of <see cref="ChatLists"/>.</param>
/// <param name="Limit">How many at most.</param>
public sealed record LoadChats(TdClass ChatList, int Limit) : TdRequest<Ok>;

/// <summary>The account's chats, as far as they are loaded.</summary>
/// <param name="ChatList">One of <see cref="ChatLists"/>.</param>
/// <param name="Limit">How many at most.</param>
public sealed record GetChats(TdClass ChatList, int Limit) : TdRequest<Chats>;

/// <summary>The lists in which an account has its chats; each chat is in one of them.</summary>
public static class ChatLists
{
    /// <summary>What isn't archived.</summary>
    public static TdClass Main { get; } = new("chatListMain");

    /// <summary>What the owner has put away. It is followed as before.</summary>
    public static TdClass Archive { get; } = new("chatListArchive");

    /// <summary>Both.</summary>
    public static IReadOnlyList<TdClass> All { get; } = [Main, Archive];
}

/// <summary>Becomes a member of a channel. For a member it is done at once.</summary>
/// <param name="ChatId">Which one.</param>
public sealed record JoinChat(long ChatId) : TdRequest<ChatJoinResult>;

/// <summary>Says that the chat is being looked at, so that its news come.</summary>
/// <param name="ChatId">Which one.</param>
public sealed record OpenChat(long ChatId) : TdRequest<Ok>;

/// <summary>Says that it is looked at no more; marks that waited are sent now.</summary>
/// <param name="ChatId">Which one.</param>
public sealed record CloseChat(long ChatId) : TdRequest<Ok>;

/// <summary>Messages of a chat, the newest first; often fewer than asked for.</summary>
/// <param name="ChatId">Which chat.</param>
/// <param name="FromMessageId">Messages older than this one; 0 for the newest.</param>
/// <param name="Limit">How many at most: 1 to 100.</param>
public sealed record GetChatHistory(long ChatId, long FromMessageId, int Limit) : TdRequest<Messages>
{
    /// <summary>From there on, without it.</summary>
    public int Offset { get; }

    /// <summary>Over the network where needed.</summary>
    public bool OnlyLocal { get; }
}

/// <summary>
/// Marks messages as read, and all older ones with them, without raising the public counters of their views: that is
/// what this source together with the force does, and neither can be set.
/// </summary>
/// <param name="ChatId">Which chat.</param>
/// <param name="MessageIds">Which messages.</param>
public sealed record ViewMessages(long ChatId, IReadOnlyList<long> MessageIds) : TdRequest<Ok>
{
    /// <summary>Not the history, whose views are counted.</summary>
    public TdClass Source { get; } = new("messageSourceOther");

    /// <summary>Marks as read although the source wouldn't.</summary>
    public bool ForceRead { get; } = true;
}
