using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace HeatUp.TdLib.Api;

/// <summary>
/// The first request of a client: which account's folder it works in, and who is asking. What it says of the device
/// and the program is the truth and can't be set.
/// </summary>
/// <param name="UseTestDc">Whether it talks to Telegram's test servers, which have accounts of their own.</param>
/// <param name="DatabaseDirectory">The account's own folder, absolute; made if it is missing.</param>
/// <param name="DatabaseEncryptionKey">What the folder is encrypted with: 32 random bytes.</param>
/// <param name="ApiId">The operator's own, from my.telegram.org.</param>
/// <param name="ApiHash">The same.</param>
public sealed record SetTdlibParameters(
    bool UseTestDc, string DatabaseDirectory, byte[] DatabaseEncryptionKey, int ApiId, string ApiHash) : TdRequest<Ok>
{
    /// <summary>What the account's owner sees in the list of active sessions.</summary>
    public const string DeviceName = "Heat Up";

    /// <summary>Files lie beside the database.</summary>
    public string FilesDirectory { get; } = "";

    /// <summary>Chats, messages and read marks survive a restart only with the databases.</summary>
    public bool UseFileDatabase { get; } = true;

    /// <inheritdoc cref="UseFileDatabase"/>
    public bool UseChatInfoDatabase { get; } = true;

    /// <inheritdoc cref="UseFileDatabase"/>
    public bool UseMessageDatabase { get; } = true;

    /// <summary>Nobody writes with this account here, secretly or not.</summary>
    public bool UseSecretChats { get; }

    /// <summary>English: the language of this program's own texts.</summary>
    public string SystemLanguageCode { get; } = "en";

    /// <summary>The program, by its name.</summary>
    public string DeviceModel { get; } = DeviceName;

    /// <summary>The system that it runs on.</summary>
    public string SystemVersion { get; } = RuntimeInformation.OSDescription;

    /// <summary>The program's version.</summary>
    public string ApplicationVersion { get; } = $"{typeof(SetTdlibParameters).Assembly.GetName().Version?.ToString(3)}";

    internal override IEnumerable<string> Secrets => [ApiHash, Convert.ToBase64String(DatabaseEncryptionKey)];
}

/// <summary>Where the login stands. Answered even before it has begun.</summary>
public sealed record GetAuthorizationState : TdRequest<AuthorizationState>;

/// <summary>Begins a login by phone.</summary>
/// <param name="PhoneNumber">In international form.</param>
public sealed record SetAuthenticationPhoneNumber(string PhoneNumber) : TdRequest<Ok>
{
    internal override IEnumerable<string> Secrets => [PhoneNumber];
}

/// <summary>Goes on with the code that Telegram sent.</summary>
/// <param name="Code">As the owner read it.</param>
public sealed record CheckAuthenticationCode(string Code) : TdRequest<Ok>
{
    internal override IEnumerable<string> Secrets => [Code];
}

/// <summary>Asks for the code once more, in the next way; only after the time that the code's state names.</summary>
public sealed record ResendAuthenticationCode : TdRequest<Ok>
{
    /// <summary>Because its owner wants it.</summary>
    public TdClass Reason { get; } = new("resendCodeReasonUserRequest");
}

/// <summary>Names an address where Telegram wants one for its codes.</summary>
/// <param name="EmailAddress">The owner's.</param>
public sealed record SetAuthenticationEmailAddress(string EmailAddress) : TdRequest<Ok>
{
    internal override IEnumerable<string> Secrets => [EmailAddress];
}

/// <summary>Goes on with the code that came by e-mail.</summary>
/// <param name="Code">The code, as TDLib wraps it.</param>
public sealed record CheckAuthenticationEmailCode(EmailCode Code) : TdRequest<Ok>
{
    internal override IEnumerable<string> Secrets => [Code.Code];
}

/// <summary>A code that came by e-mail.</summary>
/// <param name="Code">As the owner read it.</param>
public sealed record EmailCode(string Code)
{
    /// <summary>TDLib's name of it.</summary>
    [JsonPropertyName("@type")]
    [JsonPropertyOrder(-1)]
    public string Class { get; } = "emailAddressAuthenticationCode";

    /// <summary>Its kind only.</summary>
    public override string ToString() => Class;
}

/// <summary>Goes on with the password of the two-step verification.</summary>
/// <param name="Password">The owner's.</param>
public sealed record CheckAuthenticationPassword(string Password) : TdRequest<Ok>
{
    internal override IEnumerable<string> Secrets => [Password];
}

/// <summary>Begins a login by a QR code, which the owner scans with an app that is logged in.</summary>
public sealed record RequestQrCodeAuthentication : TdRequest<Ok>
{
    /// <summary>Nobody else may scan it.</summary>
    public IReadOnlyList<long> OtherUserIds { get; } = [];
}

/// <summary>Ends the login on Telegram's side too, and empties the account's folder.</summary>
public sealed record LogOut : TdRequest<Ok>;

/// <summary>Ends the client. The login stays.</summary>
public sealed record Close : TdRequest<Ok>;

/// <summary>Whose account it is. From the account's folder once it is logged in.</summary>
public sealed record GetMe : TdRequest<User>;
