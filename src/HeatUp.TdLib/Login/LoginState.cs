using HeatUp.TdLib.Api;

namespace HeatUp.TdLib.Login;

/// <summary>Where a login stands: what its owner has to do next.</summary>
public abstract record LoginState
{
    private LoginState() { }

    /// <summary>Nothing has begun: <see cref="LoginEntry.Phone"/> or <see cref="LoginEntry.Qr"/>.</summary>
    public sealed record NeedsPhone : LoginState;

    /// <summary>A code was sent: <see cref="LoginEntry.Code"/> or <see cref="LoginEntry.Resend"/>.</summary>
    /// <param name="Way">How it was sent, in words.</param>
    /// <param name="Length">The number of its digits; 0 if it isn't told.</param>
    /// <param name="ResendIn">How long it may not be sent again; null if it can't be at all.</param>
    public sealed record NeedsCode(string Way, int Length, TimeSpan? ResendIn) : LoginState;

    /// <summary>An address is wanted: <see cref="LoginEntry.Email"/>.</summary>
    public sealed record NeedsEmail : LoginState;

    /// <summary>A code was sent by e-mail: <see cref="LoginEntry.EmailCode"/>.</summary>
    /// <param name="Address">Where to, most of it hidden.</param>
    /// <param name="Length">The number of its digits; 0 if it isn't told.</param>
    public sealed record NeedsEmailCode(string Address, int Length) : LoginState;

    /// <summary>The two-step verification: <see cref="LoginEntry.Password"/>.</summary>
    /// <param name="Hint">What the owner chose to be reminded by; may be empty.</param>
    public sealed record NeedsPassword(string Hint) : LoginState;

    /// <summary>The link, as a QR code, waits for an app that is logged in. A new one comes when it expires.</summary>
    /// <param name="Link">The link; a secret until it has expired.</param>
    public sealed record NeedsScan(string Link) : LoginState
    {
        /// <summary>Its kind only.</summary>
        public override string ToString() => nameof(NeedsScan);
    }

    /// <summary>Logged in, by what the account's folder remembers.</summary>
    public sealed record LoggedIn : LoginState;

    /// <summary>It can't go on here.</summary>
    /// <param name="Why">One sentence or two for its owner.</param>
    public sealed record Refused(string Why) : LoginState;

    /// <summary>What a state of TDLib's means here.</summary>
    public static LoginState Of(AuthorizationState state) => state switch
    {
        AuthorizationState.WaitPhoneNumber => new NeedsPhone(),
        AuthorizationState.WaitCode(var code) => new NeedsCode(
            CodeWords.Of(code.Type), code.Type.Length,
            code.NextType is null ? null : TimeSpan.FromSeconds(Math.Max(0, code.Timeout))),
        AuthorizationState.WaitEmailAddress => new NeedsEmail(),
        AuthorizationState.WaitEmailCode(var code) => new NeedsEmailCode(code.EmailAddressPattern, code.Length),
        AuthorizationState.WaitPassword(var hint) => new NeedsPassword(hint),
        AuthorizationState.WaitOtherDevice(var link) => new NeedsScan(link),
        AuthorizationState.Ready => new LoggedIn(),
        AuthorizationState.WaitRegistration => new Refused(
            "This number has no Telegram account, and Heat Up makes none. Register it in one of Telegram's own apps "
            + "first."),
        AuthorizationState.WaitPremiumPurchase(var support) => new Refused(
            "Telegram wants a purchase before it lets this number log in, which can't be made here. Log in with one of "
            + $"Telegram's own apps, or write to {support}."),
        AuthorizationState.LoggingOut or AuthorizationState.Closing or AuthorizationState.Closed => new Refused(
            "Telegram has ended this login. Run the same command again for a new one."),
        _ => new Refused("Telegram wants something that this version of Heat Up does not know. Log in with one of "
            + "Telegram's own apps first."),
    };
}

/// <summary>How a code comes, in words.</summary>
internal static class CodeWords
{
    public static string Of(CodeWay way) => way.Class switch
    {
        "authenticationCodeTypeTelegramMessage" => "as a message in a Telegram app where you are logged in",
        "authenticationCodeTypeSms" or "authenticationCodeTypeSmsWord" or "authenticationCodeTypeSmsPhrase" =>
            "by SMS",
        "authenticationCodeTypeCall" => "by a phone call that says it",
        "authenticationCodeTypeFlashCall" or "authenticationCodeTypeMissedCall" =>
            "by a phone call: it is in the number that calls",
        "authenticationCodeTypeFragment" => "at fragment.com, for anonymous numbers",
        _ => "in a way that Telegram's apps explain",
    };
}
