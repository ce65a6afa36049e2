using System.Text.Json.Serialization;

namespace HeatUp.TdLib.Api;

/// <summary>A user: here, the account's owner.</summary>
/// <param name="Id">The number that stays the same for ever.</param>
/// <param name="FirstName">As the owner chose it.</param>
public sealed record User(long Id, string FirstName) : TdObject;

/// <summary>A chat; a channel is one kind of it.</summary>
/// <param name="Id">Its number as a chat.</param>
/// <param name="Type">Which kind.</param>
/// <param name="Title">As its makers call it.</param>
/// <param name="UnreadCount">How many messages wait.</param>
/// <param name="LastReadInboxMessageId">Up to where it was read; 0 if nothing was.</param>
/// <param name="LastMessage">Its newest message, if it is known.</param>
public sealed record Chat(
    long Id, ChatType Type, string Title, int UnreadCount, long LastReadInboxMessageId,
    Message? LastMessage = null) : TdObject;

/// <summary>Which kind of chat it is.</summary>
/// <param name="Class"><c>chatTypeSupergroup</c> for groups and channels.</param>
/// <param name="SupergroupId">The number as a group or channel; 0 for others.</param>
/// <param name="IsChannel">Whether it is a channel.</param>
public sealed record ChatType(
    [property: JsonPropertyName("@type")] string Class, long SupergroupId = 0, bool IsChannel = false);

/// <summary>Some chats.</summary>
/// <param name="TotalCount">How many there are; more than are named here, perhaps.</param>
/// <param name="ChatIds">Their numbers.</param>
public sealed record Chats(int TotalCount, IReadOnlyList<long> ChatIds) : TdObject;

/// <summary>A channel, or a large group.</summary>
/// <param name="Id">Its number, other than that of its chat.</param>
/// <param name="Status">What the account is in it.</param>
/// <param name="MemberCount">Its subscribers; 0 if not known.</param>
/// <param name="JoinByRequest">Whether somebody decides about who joins.</param>
/// <param name="IsChannel">Whether it is a channel.</param>
/// <param name="Usernames">Its public names; null if it has none.</param>
public sealed record Supergroup(
    long Id, MemberStatus Status, int MemberCount, bool JoinByRequest, bool IsChannel, PublicNames? Usernames = null)
    : TdObject;

/// <summary>The public names of a channel.</summary>
/// <param name="ActiveUsernames">Those in use, the main one first.</param>
public sealed record PublicNames(IReadOnlyList<string> ActiveUsernames);

/// <summary>What the account is in a channel.</summary>
/// <param name="Class">Such as <c>chatMemberStatusLeft</c>.</param>
/// <param name="IsInside">For creators and the restricted: whether they are members too.</param>
public sealed record MemberStatus(
    [property: JsonPropertyName("@type")] string Class, [property: JsonPropertyName("is_member")] bool IsInside = false)
{
    /// <summary>Whether the account is a member, in whatever way.</summary>
    [JsonIgnore]
    public bool IsMember =>
        Class is "chatMemberStatusMember" or "chatMemberStatusAdministrator"
        || (IsInside && Class is ("chatMemberStatusCreator" or "chatMemberStatusRestricted"));

    /// <summary>Whether the account is banned from it.</summary>
    [JsonIgnore]
    public bool IsBanned => Class == "chatMemberStatusBanned";
}

/// <summary>What takes a call of its own to know about a channel.</summary>
/// <param name="Description">As its makers wrote it.</param>
/// <param name="MemberCount">Its subscribers; 0 if not known.</param>
public sealed record SupergroupFull(string Description, int MemberCount) : TdObject;

/// <summary>Some messages.</summary>
/// <param name="Found">The messages; one that is missing is null.</param>
public sealed record Messages([property: JsonPropertyName("messages")] IReadOnlyList<Message?> Found) : TdObject;

/// <summary>A message.</summary>
/// <param name="Id">Its number; the newer, the greater.</param>
/// <param name="Date">When it was sent, in seconds since 1970.</param>
public sealed record Message(long Id, int Date);

/// <summary>What came of a join.</summary>
public abstract record ChatJoinResult : TdObject
{
    /// <summary>The account is a member.</summary>
    public sealed record Success : ChatJoinResult;

    /// <summary>Somebody of the channel will decide.</summary>
    public sealed record RequestSent : ChatJoinResult;

    /// <summary>A bot of the channel wants to be asked first.</summary>
    public sealed record GuardBotApprovalRequired : ChatJoinResult;

    /// <summary>The channel said no.</summary>
    public sealed record Declined : ChatJoinResult;
}
