using System.Text.Json.Serialization;

namespace HeatUp.TdLib.Api;

/// <summary>Where a login stands. Itself, it is a state that only another version of TDLib knows.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "@type", IgnoreUnrecognizedTypeDiscriminators = true)]
[JsonDerivedType(typeof(WaitTdlibParameters), "authorizationStateWaitTdlibParameters")]
[JsonDerivedType(typeof(WaitPhoneNumber), "authorizationStateWaitPhoneNumber")]
[JsonDerivedType(typeof(WaitCode), "authorizationStateWaitCode")]
[JsonDerivedType(typeof(WaitEmailAddress), "authorizationStateWaitEmailAddress")]
[JsonDerivedType(typeof(WaitEmailCode), "authorizationStateWaitEmailCode")]
[JsonDerivedType(typeof(WaitOtherDevice), "authorizationStateWaitOtherDeviceConfirmation")]
[JsonDerivedType(typeof(WaitPassword), "authorizationStateWaitPassword")]
[JsonDerivedType(typeof(WaitRegistration), "authorizationStateWaitRegistration")]
[JsonDerivedType(typeof(WaitPremiumPurchase), "authorizationStateWaitPremiumPurchase")]
[JsonDerivedType(typeof(Ready), "authorizationStateReady")]
[JsonDerivedType(typeof(LoggingOut), "authorizationStateLoggingOut")]
[JsonDerivedType(typeof(Closing), "authorizationStateClosing")]
[JsonDerivedType(typeof(Closed), "authorizationStateClosed")]
public record AuthorizationState : TdObject
{
    /// <summary>Nothing was set up: <see cref="SetTdlibParameters"/>.</summary>
    public sealed record WaitTdlibParameters : AuthorizationState;

    /// <summary>Nobody is logged in: <see cref="SetAuthenticationPhoneNumber"/> or a QR code.</summary>
    public sealed record WaitPhoneNumber : AuthorizationState;

    /// <summary>Telegram has sent a code: <see cref="CheckAuthenticationCode"/>.</summary>
    public sealed record WaitCode(SentCode CodeInfo) : AuthorizationState;

    /// <summary>Telegram wants an address: <see cref="SetAuthenticationEmailAddress"/>.</summary>
    public sealed record WaitEmailAddress : AuthorizationState;

    /// <summary>Telegram has sent a code by e-mail: <see cref="CheckAuthenticationEmailCode"/>.</summary>
    public sealed record WaitEmailCode(SentEmailCode CodeInfo) : AuthorizationState;

    /// <summary>
    /// The link, as a QR code, waits for an app that is logged in. The state comes anew with each new link.
    /// </summary>
    public sealed record WaitOtherDevice(string Link) : AuthorizationState;

    /// <summary>The two-step verification: <see cref="CheckAuthenticationPassword"/>.</summary>
    public sealed record WaitPassword(string PasswordHint) : AuthorizationState;

    /// <summary>The number has no account, and none is made here.</summary>
    public sealed record WaitRegistration : AuthorizationState;

    /// <summary>Telegram wants a purchase first, which can't be made here.</summary>
    public sealed record WaitPremiumPurchase(string SupportEmailAddress) : AuthorizationState;

    /// <summary>
    /// Logged in, by what the account's folder remembers: Telegram may have ended the login meanwhile.
    /// </summary>
    public sealed record Ready : AuthorizationState;

    /// <summary>The login is over, and its data are being deleted.</summary>
    public sealed record LoggingOut : AuthorizationState;

    /// <summary>The client is ending. The login stays.</summary>
    public sealed record Closing : AuthorizationState;

    /// <summary>The client is gone; only a new one can go on.</summary>
    public sealed record Closed : AuthorizationState;
}

/// <summary>A code that Telegram has sent.</summary>
/// <param name="Type">How.</param>
/// <param name="Timeout">The seconds until it may be sent again.</param>
/// <param name="NextType">How it would be sent next; null if not at all.</param>
public sealed record SentCode(CodeWay Type, int Timeout, CodeWay? NextType = null);

/// <summary>How a code is sent.</summary>
/// <param name="Class">Such as <c>authenticationCodeTypeTelegramMessage</c>.</param>
/// <param name="Length">The number of its digits; 0 if it isn't told.</param>
public sealed record CodeWay([property: JsonPropertyName("@type")] string Class, int Length = 0);

/// <summary>A code that Telegram has sent by e-mail.</summary>
/// <param name="EmailAddressPattern">The address, most of it hidden.</param>
/// <param name="Length">The number of its digits; 0 if it isn't told.</param>
public sealed record SentEmailCode(string EmailAddressPattern, int Length);
