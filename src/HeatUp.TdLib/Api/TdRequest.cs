using System.Text.Json;
using System.Text.Json.Serialization;

namespace HeatUp.TdLib.Api;

/// <summary>
/// Something that TDLib can be asked. The list below is all that there is, here and for all callers: logging in and
/// out, finding and joining channels, reading. Nothing that writes, reacts, votes, presses buttons, forwards, invites
/// or changes a profile, and nobody outside can add to it.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "@type")]
[JsonDerivedType(typeof(SetTdlibParameters), "setTdlibParameters")]
[JsonDerivedType(typeof(GetAuthorizationState), "getAuthorizationState")]
[JsonDerivedType(typeof(SetAuthenticationPhoneNumber), "setAuthenticationPhoneNumber")]
[JsonDerivedType(typeof(CheckAuthenticationCode), "checkAuthenticationCode")]
[JsonDerivedType(typeof(ResendAuthenticationCode), "resendAuthenticationCode")]
[JsonDerivedType(typeof(SetAuthenticationEmailAddress), "setAuthenticationEmailAddress")]
[JsonDerivedType(typeof(CheckAuthenticationEmailCode), "checkAuthenticationEmailCode")]
[JsonDerivedType(typeof(CheckAuthenticationPassword), "checkAuthenticationPassword")]
[JsonDerivedType(typeof(RequestQrCodeAuthentication), "requestQrCodeAuthentication")]
[JsonDerivedType(typeof(LogOut), "logOut")]
[JsonDerivedType(typeof(Close), "close")]
[JsonDerivedType(typeof(GetMe), "getMe")]
[JsonDerivedType(typeof(SearchPublicChat), "searchPublicChat")]
[JsonDerivedType(typeof(GetChat), "getChat")]
[JsonDerivedType(typeof(GetUser), "getUser")]
[JsonDerivedType(typeof(GetSupergroup), "getSupergroup")]
[JsonDerivedType(typeof(GetSupergroupFullInfo), "getSupergroupFullInfo")]
[JsonDerivedType(typeof(GetChatSimilarChats), "getChatSimilarChats")]
[JsonDerivedType(typeof(LoadChats), "loadChats")]
[JsonDerivedType(typeof(GetChats), "getChats")]
[JsonDerivedType(typeof(JoinChat), "joinChat")]
[JsonDerivedType(typeof(OpenChat), "openChat")]
[JsonDerivedType(typeof(CloseChat), "closeChat")]
[JsonDerivedType(typeof(GetChatHistory), "getChatHistory")]
[JsonDerivedType(typeof(ViewMessages), "viewMessages")]
public abstract record TdRequest
{
    private protected TdRequest() { }

    /// <summary>TDLib's name for it, such as <c>joinChat</c>.</summary>
    [JsonIgnore]
    public string Name => char.ToLowerInvariant(GetType().Name[0]) + GetType().Name[1..];

    /// <summary>What its answer is recognized by.</summary>
    [JsonPropertyName("@extra")]
    [JsonInclude]
    internal long Extra { get; init; }

    /// <summary>What of it may not show in any log.</summary>
    [JsonIgnore]
    internal virtual IEnumerable<string> Secrets => [];

    /// <summary>As TDLib takes it, under the number that its answer will have.</summary>
    internal byte[] ToJson(long number) =>
        JsonSerializer.SerializeToUtf8Bytes(this with { Extra = number }, TdJsonContext.Default.TdRequest);

    /// <summary>Its name only: values may be secrets.</summary>
    public sealed override string ToString() => Name;
}

/// <summary>A request, with what it is answered with.</summary>
/// <typeparam name="TReply">The class of the answer, if it isn't an error.</typeparam>
public abstract record TdRequest<TReply> : TdRequest where TReply : TdObject
{
    private protected TdRequest() { }
}
