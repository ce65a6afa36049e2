using System.Text.Json.Serialization;

namespace HeatUp.TdLib.Api;

/// <summary>A user: the account's owner, or somebody whose name was looked up.</summary>
/// <param name="Id">The number that stays the same for ever.</param>
/// <param name="FirstName">As the owner chose it.</param>
/// <param name="Type">Such as <c>userTypeBot</c>; null if it isn't told.</param>
public sealed record User(long Id, string FirstName, TdClass? Type = null) : TdObject;

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
/// <param name="UserId">The number as a person or a bot; 0 for others.</param>
public sealed record ChatType(
    [property: JsonPropertyName("@type")] string Class, long SupergroupId = 0, bool IsChannel = false, long UserId = 0);

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
/// <param name="RestrictionInfo">Why Telegram restricts it; null if it doesn't.</param>
/// <param name="VerificationStatus">What Telegram knows of its makers; null if nothing.</param>
public sealed record Supergroup(
    long Id, MemberStatus Status, int MemberCount, bool JoinByRequest, bool IsChannel, PublicNames? Usernames = null,
    Restriction? RestrictionInfo = null, Verification? VerificationStatus = null) : TdObject;

/// <summary>That Telegram restricts a chat.</summary>
/// <param name="RestrictionReason">Why it may not be shown; empty if it may.</param>
/// <param name="HasSensitiveContent">Whether it is for adults.</param>
public sealed record Restriction(string RestrictionReason, bool HasSensitiveContent);

/// <summary>What Telegram knows of those who make a chat.</summary>
/// <param name="IsScam">Whether many reported it as a fraud.</param>
/// <param name="IsFake">Whether many reported it as somebody else's.</param>
public sealed record Verification(bool IsScam, bool IsFake);

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
