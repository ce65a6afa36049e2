using HeatUp.Runs;

namespace HeatUp.TdLib.Login;

/// <summary>What can be done about a login's fault.</summary>
public enum LoginNext
{
    /// <summary>Enter the same thing again, rightly: the state is as it was.</summary>
    Again,

    /// <summary>Begin anew with the phone number.</summary>
    Anew,

    /// <summary>Nothing now; the sentence says what later, or elsewhere.</summary>
    Stop,
}

/// <summary>Why a login did not go on, and what to do.</summary>
/// <param name="Next">What can be done at once.</param>
/// <param name="Sentence">What it means and what to do, for the owner.</param>
/// <param name="RetryAfter">How long Telegram wants no more of this; zero if it named no time.</param>
public sealed record LoginFault(LoginNext Next, string Sentence, TimeSpan RetryAfter = default)
{
    private const string NoNetwork =
        "Telegram did not answer. Is there a network? Run the same command again: the login goes on where it stands.";

    /// <summary>What an error of TDLib's or Telegram's means for a login.</summary>
    public static LoginFault Of(TelegramError error)
    {
        if (error.Kind == TelegramErrorKind.FloodWait)
            return new(LoginNext.Stop,
                $"This was asked for too often. Telegram allows it again in {Span(error.RetryAfter)}.",
                error.RetryAfter);
        if (error.Kind == TelegramErrorKind.Offline) return new(LoginNext.Stop, NoNetwork);
        return OfText(error.Message) ?? OfFolder(error.Message) ?? new(LoginNext.Stop, $"Telegram refused: {error}.");
    }

    /// <summary>A length of time as people say it, such as <c>1 h 5 min</c>; never shorter than it is.</summary>
    public static string Span(TimeSpan time)
    {
        var seconds = (long)Math.Ceiling(time.TotalSeconds);
        if (seconds < 60) return $"{seconds} s";
        var minutes = (seconds + 59) / 60;
        if (minutes < 60) return $"{minutes} min";
        var (hours, rest) = (minutes / 60, minutes % 60);
        return rest == 0 ? $"{hours} h" : $"{hours} h {rest} min";
    }

    private static LoginFault? OfText(string text) => text switch
    {
        "PHONE_CODE_INVALID" or "PHONE_CODE_EMPTY" or "CODE_INVALID" or "EMAIL_CODE_INVALID" =>
            new(LoginNext.Again, "That is not the code."),
        "PHONE_CODE_EXPIRED" or "EMAIL_VERIFY_EXPIRED" =>
            new(LoginNext.Anew, "That code has expired. Enter the phone number again for a new one."),
        "PASSWORD_HASH_INVALID" => new(LoginNext.Again, "That is not the password."),
        "PHONE_NUMBER_INVALID" or "Phone number must be non-empty" =>
            new(LoginNext.Again, "Telegram knows no such phone number. Enter it with its country code: +15550001122."),
        "EMAIL_INVALID" or "EMAIL_NOT_ALLOWED" => new(LoginNext.Again, "Telegram does not take that address."),
        "Authentication code can't be resend" => new(LoginNext.Again, "Telegram can't send the code in another way."),
        "PHONE_NUMBER_BANNED" => new(LoginNext.Stop,
            "Telegram has banned this number. Only Telegram can undo that; its own apps tell how."),
        "PHONE_NUMBER_FLOOD" => new(LoginNext.Stop,
            "Too many codes were asked for with this number. Telegram names no time; try again tomorrow."),
        "PHONE_PASSWORD_FLOOD" => new(LoginNext.Stop,
            "The password was wrong too often. Telegram names no time; try again tomorrow."),
        "UPDATE_APP_TO_LOGIN" => new(LoginNext.Stop, "Telegram wants a newer TDLib for logging in."),
        "API_ID_INVALID" => new(LoginNext.Stop,
            "Telegram knows no such pair of TELEGRAM_API_ID and TELEGRAM_API_HASH. Look them up at my.telegram.org."),
        "API_ID_PUBLISHED_FLOOD" => new(LoginNext.Stop,
            "This TELEGRAM_API_ID is a published one, which Telegram refuses. Get your own at my.telegram.org."),
        _ => null,
    };

    private static LoginFault? OfFolder(string text)
    {
        if (text == "Wrong database encryption key")
            return new(LoginNext.Stop, "The account's folder is encrypted with another key. Set TDLIB_DATABASE_KEY to "
                + "what it was, or put the key's file back from a backup. If the key is lost: end the session "
                + "\"Heat Up\" in Telegram's app (Settings, Devices), delete the folder, and log in again.");
        if (text.Contains("already in use", StringComparison.Ordinal))
            return new(LoginNext.Stop, "Another heat process works with this account. Stop it, or let it end.");
        if (text.Contains("No space left", StringComparison.OrdinalIgnoreCase)
            || text.Contains("disk is full", StringComparison.OrdinalIgnoreCase))
            return new(LoginNext.Stop, $"The disk is full: the account's folder can't be written ({text}).");
        return null;
    }
}

/// <summary>Where a login stands after an entry.</summary>
/// <param name="State">What to do next.</param>
/// <param name="Fault">Why the entry was of no use; null if it was.</param>
public readonly record struct LoginAnswer(LoginState State, LoginFault? Fault = null);
