using System.Text.Json.Serialization;

namespace HeatUp.TdLib.Api;

/// <summary>
/// Something that TDLib says: an answer, or an update that comes unasked. Itself, it is one of a class that isn't used
/// here. Fields that aren't used are left out.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "@type", IgnoreUnrecognizedTypeDiscriminators = true)]
[JsonDerivedType(typeof(Ok), "ok")]
[JsonDerivedType(typeof(TdError), "error")]
[JsonDerivedType(typeof(User), "user")]
[JsonDerivedType(typeof(Chat), "chat")]
[JsonDerivedType(typeof(Chats), "chats")]
[JsonDerivedType(typeof(Supergroup), "supergroup")]
[JsonDerivedType(typeof(SupergroupFull), "supergroupFullInfo")]
[JsonDerivedType(typeof(Messages), "messages")]
[JsonDerivedType(typeof(ChatJoinResult.Success), "chatJoinResultSuccess")]
[JsonDerivedType(typeof(ChatJoinResult.RequestSent), "chatJoinResultRequestSent")]
[JsonDerivedType(typeof(ChatJoinResult.GuardBotApprovalRequired), "chatJoinResultGuardBotApprovalRequired")]
[JsonDerivedType(typeof(ChatJoinResult.Declined), "chatJoinResultDeclined")]
[JsonDerivedType(typeof(AuthorizationState.WaitTdlibParameters), "authorizationStateWaitTdlibParameters")]
[JsonDerivedType(typeof(AuthorizationState.WaitPhoneNumber), "authorizationStateWaitPhoneNumber")]
[JsonDerivedType(typeof(AuthorizationState.WaitCode), "authorizationStateWaitCode")]
[JsonDerivedType(typeof(AuthorizationState.WaitEmailAddress), "authorizationStateWaitEmailAddress")]
[JsonDerivedType(typeof(AuthorizationState.WaitEmailCode), "authorizationStateWaitEmailCode")]
[JsonDerivedType(typeof(AuthorizationState.WaitOtherDevice), "authorizationStateWaitOtherDeviceConfirmation")]
[JsonDerivedType(typeof(AuthorizationState.WaitPassword), "authorizationStateWaitPassword")]
[JsonDerivedType(typeof(AuthorizationState.WaitRegistration), "authorizationStateWaitRegistration")]
[JsonDerivedType(typeof(AuthorizationState.WaitPremiumPurchase), "authorizationStateWaitPremiumPurchase")]
[JsonDerivedType(typeof(AuthorizationState.Ready), "authorizationStateReady")]
[JsonDerivedType(typeof(AuthorizationState.LoggingOut), "authorizationStateLoggingOut")]
[JsonDerivedType(typeof(AuthorizationState.Closing), "authorizationStateClosing")]
[JsonDerivedType(typeof(AuthorizationState.Closed), "authorizationStateClosed")]
[JsonDerivedType(typeof(TdUpdate.OfAuthorization), "updateAuthorizationState")]
[JsonDerivedType(typeof(TdUpdate.OfConnection), "updateConnectionState")]
[JsonDerivedType(typeof(TdUpdate.OfFreeze), "updateFreezeState")]
[JsonDerivedType(typeof(TdUpdate.OfReadMark), "updateChatReadInbox")]
[JsonDerivedType(typeof(TdUpdate.OfSupergroup), "updateSupergroup")]
public record TdObject
{
    /// <summary>Its class only: values may be secrets.</summary>
    public sealed override string ToString() => GetType().Name;
}

/// <summary>Done.</summary>
public sealed record Ok : TdObject;

/// <summary>Not done.</summary>
/// <param name="Code">The error's number.</param>
/// <param name="Message">The error's text.</param>
public sealed record TdError(int Code, string Message) : TdObject;

/// <summary>What comes unasked, in order with the answers.</summary>
public abstract record TdUpdate : TdObject
{
    /// <summary>The login has gone on, or back.</summary>
    public sealed record OfAuthorization(AuthorizationState AuthorizationState) : TdUpdate;

    /// <summary>The network has come or gone.</summary>
    public sealed record OfConnection(TdClass State) : TdUpdate;

    /// <summary>The account has been frozen, or thawed.</summary>
    public sealed record OfFreeze(bool IsFrozen) : TdUpdate;

    /// <summary>Posts of a chat have been read, here or elsewhere.</summary>
    public sealed record OfReadMark(long ChatId, long LastReadInboxMessageId, int UnreadCount) : TdUpdate;

    /// <summary>A channel's membership or number of subscribers has changed.</summary>
    public sealed record OfSupergroup(Supergroup Supergroup) : TdUpdate;
}
