using HeatUp.TdLib.Api;

namespace HeatUp.TdLib.Login;

/// <summary>What an owner enters to go on with a login. Printing one shows its kind, never what was entered.</summary>
public abstract record LoginEntry
{
    private LoginEntry() { }

    internal abstract TdRequest<Ok> Request { get; }

    /// <summary>Whether it answers what this state asks for.</summary>
    internal abstract bool Fits(LoginState state);

    /// <inheritdoc/>
    public sealed override string ToString() => GetType().Name;

    /// <summary>The account's phone number. It also begins anew, while another login is under way.</summary>
    public sealed record Phone(string Number) : LoginEntry
    {
        internal override TdRequest<Ok> Request => new SetAuthenticationPhoneNumber(Number);
        internal override bool Fits(LoginState state) => IsUnderWay(state);
    }

    /// <summary>A QR code is wanted. It also begins anew, while another login is under way.</summary>
    public sealed record Qr : LoginEntry
    {
        internal override TdRequest<Ok> Request => new RequestQrCodeAuthentication();
        internal override bool Fits(LoginState state) => IsUnderWay(state);
    }

    /// <summary>The code that Telegram sent.</summary>
    public sealed record Code(string Digits) : LoginEntry
    {
        internal override TdRequest<Ok> Request => new CheckAuthenticationCode(Digits);
        internal override bool Fits(LoginState state) => state is LoginState.NeedsCode;
    }

    /// <summary>The code is wanted once more, in the next way.</summary>
    public sealed record Resend : LoginEntry
    {
        internal override TdRequest<Ok> Request => new ResendAuthenticationCode();
        internal override bool Fits(LoginState state) => state is LoginState.NeedsCode;
    }

    /// <summary>An address for Telegram's codes.</summary>
    public sealed record Email(string Address) : LoginEntry
    {
        internal override TdRequest<Ok> Request => new SetAuthenticationEmailAddress(Address);
        internal override bool Fits(LoginState state) => state is LoginState.NeedsEmail;
    }

    /// <summary>The code that came by e-mail.</summary>
    public sealed record EmailCode(string Digits) : LoginEntry
    {
        internal override TdRequest<Ok> Request => new CheckAuthenticationEmailCode(new Api.EmailCode(Digits));
        internal override bool Fits(LoginState state) => state is LoginState.NeedsEmailCode;
    }

    /// <summary>The password of the two-step verification.</summary>
    public sealed record Password(string Text) : LoginEntry
    {
        internal override TdRequest<Ok> Request => new CheckAuthenticationPassword(Text);
        internal override bool Fits(LoginState state) => state is LoginState.NeedsPassword;
    }

    private static bool IsUnderWay(LoginState state) => state is not (LoginState.LoggedIn or LoginState.Refused);
}
