using System.Globalization;
using HeatUp.TdLib.Api;

namespace HeatUp.TdLib.Login;

/// <summary>
/// Where a login stood when it was last seen. It lies in the account's folder, so that others can tell without asking
/// TDLib: that would take the folder from whoever is logging in.
/// </summary>
/// <param name="State">TDLib's name for it, such as <c>WaitPhoneNumber</c>.</param>
/// <param name="At">When it was seen.</param>
public sealed record LoginNote(string State, DateTimeOffset At)
{
    private const string FileName = "login";

    /// <summary>How long TDLib keeps a login that waits for a code or a scan.</summary>
    private static readonly TimeSpan CodesFor = TimeSpan.FromMinutes(5);

    /// <summary>And one that waits for a password.</summary>
    private static readonly TimeSpan PasswordsFor = TimeSpan.FromHours(24);

    /// <summary>What it waits for, in words.</summary>
    public string WaitsFor => State switch
    {
        nameof(AuthorizationState.WaitPhoneNumber) => "a phone number",
        nameof(AuthorizationState.WaitCode) => "the code that Telegram has sent",
        nameof(AuthorizationState.WaitEmailAddress) => "an e-mail address",
        nameof(AuthorizationState.WaitEmailCode) => "the code that Telegram has sent by e-mail",
        nameof(AuthorizationState.WaitPassword) => "the password",
        nameof(AuthorizationState.WaitOtherDevice) => "a QR code to be scanned",
        nameof(AuthorizationState.Ready) => "its first look at what the account follows",
        _ => "its owner",
    };

    /// <summary>What is noted in an account's folder, as it stands now; null if nothing is.</summary>
    /// <exception cref="IOException">It can't be read; it says why, and what to do.</exception>
    public static LoginNote? In(string folder, DateTimeOffset now)
    {
        var file = Path.Combine(folder, FileName);
        var text = TdAccounts.Use(file, () => Path.Exists(file) ? File.ReadAllText(file) : "");
        if (text.Split(' ') is not [var state, var time]) return null;
        return DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, out var at)
            ? new LoginNote(state, at).AsOf(now)
            : null;
    }

    /// <exception cref="IOException">It can't be written; it says why, and what to do.</exception>
    internal void Write(string folder)
    {
        var file = Path.Combine(folder, FileName);
        TdAccounts.Use(file, () =>
        {
            File.WriteAllText(file, $"{State} {At:O}");
            return true;
        });
    }

    /// <summary>TDLib begins anew with a login that has waited for too long.</summary>
    private LoginNote AsOf(DateTimeOffset now)
    {
        TimeSpan? bears = State switch
        {
            nameof(AuthorizationState.WaitCode) or nameof(AuthorizationState.WaitEmailAddress)
                or nameof(AuthorizationState.WaitEmailCode) or nameof(AuthorizationState.WaitOtherDevice) => CodesFor,
            nameof(AuthorizationState.WaitPassword) => PasswordsFor,
            _ => null,
        };
        return now - At > bears ? this with { State = nameof(AuthorizationState.WaitPhoneNumber) } : this;
    }
}
